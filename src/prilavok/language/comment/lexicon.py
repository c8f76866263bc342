"""The words that order comments are made of: CONCEPT: dictionary forms (RU, UK), slang and English as written.

A line may be repeated for another language. A word may belong to several concepts.
"""

from prilavok.language.comment.wordlist import in_order

WORDS = """
NOT: не ни ні нет нету немає нема нельзя нелзя no not dont don't never doesn't cannot can't cant won't without' didn't
NOT: didnt isn't isnt aren't shouldn't shouldnt wouldn't mustn't needn't ain't couldn't wasn't wont doesnt arent
NOT: hasn't haven't neither nor dnt donot dnot dint dunt do'nt nt ненужно ненадо нт нізя низя unable никак ніяк неа нє
NOT: нi ніт запрещено заборонено отставить ненада нинада нинадо нинужно нетреба нитреба нітреба непотрібно
ABSENT: нет нету немає нема
WITHOUT: без без'ез without w/o
NONE: никакой ніякий жодний жоден ноль nobody noone none zero
EVER: навеки никогда ніколи всегда завжди навсегда назавжди впредь надалі постоянно постійно never always forever ever
ONLY: лишень ексклюзивно эксклюзивно онли онлі тольк толко тильки только тока токо лишь исключительно тільки тіки лише
ONLY: виключно строго лиш only solely exclusively strictly
IF: если ежели коли якщо якшо если'б if unless случай випадок
ANY: любой какой-нибудь будь-який любий any

CALLV: брякнуть гукати гукнути звонить позвонить перезвонить перезванивать созвониться созваниваться дозвониться
CALLV: дозваниваться обзвонить звякать названивать звякнуть отзвониться звонять трезвонить вызванивать набирать
CALLV: набрать прозвонить дзвонити подзвонити передзвонити передзвонювати телефонувати зателефонувати перетелефонувати
CALLV: додзвонитися додзвонюватися набирати набрати звонити позвонити перезвонити телефонировать дзвякнути telephoning
CALLV: telephoned dialing dialling phoned rang ringing call calls calling phone phoning ring called telephone dial cal
CALLV: cll rign callin
CALLN: звонкі звонкы передзвін передзвон входящий входящие вхідний вхідні звонок зв phonecal phonecalls дзвінки
CALLN: звоночек обзвон трезвон дзвонилка звонилка звонилки дозвони прозвони обдзвін обзвона прозвона прозвонов
CALLN: обзвонов дозвонов созвоны созвонов обзвоны fone дзв callz ringy колл дозвон прозвон перезвон созвон дзвінок
CALLN: дзвіночок дзвін call calls phonecall callback
REACH: дозвониться дозваниваться додзвонитися додзвонюватися
DIAL: набирать набрать набирати
VOICE: устный усний oral orally callers caller разговоры голос голосом голосовой голосовий voice verbal устно усно
VOICE: вслух
TALK: переговоры перемовини говорить разговаривать поговорить общаться розмовляти говорити спілкуватися поговорити
TALK: балакати talk speak разговор розмова переговорить болтать
BOTHER: беспокоить побеспокоить тревожить потревожить отвлекать дергать турбувати потурбувати відволікати disturb
BOTHER: bother діставати доставать дернуть смикнути чіпати чипати тягати смикати
PHONE: телефонічно телефонно телефонічний тел landline fone сотовый сотик стільниковий cell mobile мобила моб трубка
PHONE: phone phoned telephone телефон мобильный мобильник мобільний мобілка телефонный телефонний
TUBE: динамік микрофон мікрофон динамик mic mic's microphone speaker handset receiver тел моб сотик phone phone's
TUBE: landline
TUBE: mobile cell мобільний мобильный fone сімку симку сим симка сим-карта сімка сім-карта симкарта sim simcard тлф
TUBE: телефончик телефонка сот тлфн тф мобила мобилка мобілка сотовый трубка слухавка телефон трубочка
TAKE: брать взять поднимать поднять снимать снять брати взяти піднімати підняти подымать answer pickup pick
ANSWER: отвечать ответить відповідати відповісти answer respond
CONTACT: связаться связываться связь контакт контактировать зв'язатися зв'язок зв'язуватися contact reach
WARN: предупредить предупреждать попередити попереджати сообщить повідомити warn notify known оповестить
CONFIRM: подтвердить подтверждать подтверждение підтвердити підтверджувати підтвердження confirm confirmation уточнить
CONFIRM: уточнение уточнити уточнення согласовать согласование узгодити узгодження погодити обсудить договориться

WRITE: чиркнуть чиркнути строчить стукнуться стукнутися достукаться слать слати писать написать отписаться отписать
WRITE: черкнуть отписывать
WRITE: отправить прислать присылать скинуть кинуть писати написати відписати відписатися надіслати надсилати прислати
WRITE: скинути присилати переписка переписываться переписуватися листуватися связь связываться связаться сообщить
WRITE: сообщать уведомить уведомлять зв'язок зв'язатися стукнуть стукнути маякнуть маякнути отвечать ответить
WRITE: відповісти відповідати оповестить повідомити повідомляти write message contact reach send msg dm ping notify
PEN: чиркнуть чиркнути строчить пиш писать написать писати написати отписаться відписати письменно письмово write
PEN: переписка
PEN: переписываться листування переписуватися листуватися message text сообщение повідомлення черкнуть messages texts
PEN: texting
MESSAGE: msgs dm dms pm' сообщение сообщения повідомлення переписка листування письменно письмово message messages msg
MESSAGE: письмовий мессенджер месенджер месседж чат чатик личка messenger chat письменный личный messengers texts
MESSAGE: texting
CHAT: бот bot мессенджер месенджер чат messenger chat лс личка messengers мессенджеры

telegram: телеграм телеграмм телеграмма телега телеграмка тг тгшка тележка телеграмчик телеграма telegram tg telega
telegram: телегам telegramm тэгэ
whatsapp: ватсап вотсап ватсапп вацап вацапп воцап whatsapp watsapp whatsap wa вотс ватс вотсапп уотсап вастап вотцап
whatsapp: ватцап вотсапчик вацапчик whats' whatsup wapp васап вассап вотссап
viber: вайбік вайбика вайбик вайбичек вайбрик вайберi вайбер вайбр вибер viber vb вабер вайберчик viberi вайбир
viber: вайберок
sms: смс смска sms эсэмэс эсэмэска смсить смс-ка есемес есемеска смсочка эсемеска смски смсочку смсмка
email: мило емейл имейл мейл мыло email mail e-mail емайл имэйл эл'почта мэйл емаіл пошта'ел електронка имейлик gmail
email: імейл электронка электронку электронке
vk: вк вконтакте vk вконтактик vkontakte вконтакт
POST: почта пошта почтовый поштовий
text: text txt texting texts
INSTAGRAM: инстаграм инстаграмм инста instagram insta директ direct facebook фейсбук фб fb messenger сигнал signal
INSTAGRAM: дискорд discord скайп skype max макс

URGENT: срочно срочный экстренно экстренный крайний крайняк форс мажор авария аварийный терміново терміновий екстрений
URGENT: крайній нагальний невідкладний urgent emergency urgently важный важливий пожар необходимость необхідність
URGENT: потреба исключительный винятковий exceptional форсмажор форс-мажор экстрен зря попусту даремно чп нс
URGENT: пустяк пустяки ерунда дрібниця дурниця trifles критический критичный serious essential necessary absolutely
URGENT: необходимо крайняя потребность nagal срочность
URGENT: надобность позарез нужда повод причина экстренность серьезный серйозний
PROBLEM: проблема проблемка накладка сложность затруднение косяк непонятка труднощі problem problems issue issues
PROBLEM: wrong складність халепа
QUESTION: вопрос питання question questions вопросик
CANT: мочь смочь получаться получиться могти змогти able can't cant cannot unable выйти
COURIER: курьер водитель доставщик кур'єр водій доставник driver courier delivery разносчик курьерский экспедитор
COURIER: курик курьерчик доставщица кур'єрка курєр курьерка couriers drivers deliveryman rider
OPERATOR: оператор менеджер магазин консультант менеджерка manager operator оператори диспетчер продавец продавець
OPERATOR: менеджеры shop store office офис офіс колцентр колл-центр кол-центр контакт-центр кц админ адмін
COMING: заїхати заїжджати доїжджати в'їхати въехать свернуть звернути повернути підніматися добратися bring brings
COMING: bringing приехать приезжать подъехать подъезжать прибыть прибывать привезти привозить доставка
COMING: приезд прибытие завозить завезти завозити везти возить доставлять подход подьехать подьезд'ать выехать выезд
COMING: выезжать добраться доехать заехать приход прийти приходить визит доставить пути дорога ехать рядом подойти
COMING: подходить внизу приїхати приїжджати під'їхати під'їжджати прибути привозити приїзд прибуття виїхати виїзд
COMING: доїхати підхід доставити приходити їхати поруч підійти доставляти візит arrive arriving arrival arrives
COMING: delivering deliver delivered coming come outside downstairs here way arrived delivery near nearby close
MEET: выйти спуститься встретить открыть сбежать выбежать выскочить вийти спуститися зустріти відкрити відчинити
MEET: вибіжу спускаться выходить встречать открывать сориентировать подойти out down
SHIP: отправка отправить отправлять отправление выслать высылать отгрузка отгрузить відправка відправити відправляти
SHIP: отсылать відправлення ship shipping dispatch dispatching оформить оформление оформити
BEFORE: перед до за заранее предварительно накануне заздалегідь попередньо before beforehand ahead prior
WHEN: колы як когда как коли when once по після

BELL: брама дверь двери звонок домофон калитка ворота дзвоник двері хвіртка дверной дверний door doorbell bell gate
BELL: звонок'в
DOOR: ґанок ганок дверцята дверь двери двері порог коврик поріг килимок крыльцо door doorstep porch дверка
INTERCOM: дф дмф домік доміка buzz домофончик домоф домофону домофона домофоне домофон домик intercom buzzer домофонный
INTERCOM: дмфн
CODE: пин пін замок код пароль ключ шифр code pin кодовый кодовий
FLOOR: этаж эт поверх пов floor fl этажик етаж
ENTRANCE: подъезд под парадная парадный подъездик під'їзд парадне парадка entrance подьезд підїзд пд парадняк
APARTMENT: квартира кв квартирка apartment apt flat офис оф офіс кабинет каб кабінет комната suite кімната unit хата
BROKEN: работать пахать сломать сломаться отключить отключен неисправный сломанный сдохнуть працювати зламаний
BROKEN: зламатися зламати нерабочий глючить broken work working отсутствовать барахлить чинить отключенный неробочий
BROKEN: поломать поломатися вимкнений dead умереть
GATE: брама шлагбаум ворота калитка хвіртка барʼєр barrier

SURFACE: хвіртка ґанок дверь двери двері порог поріг коврик килимок крыльцо ганок тамбур ящик скринька веранда навес
SURFACE: гараж сарай кладовка подоконник полка шкаф лавка скамейка лавочка porch door doorstep mailbox letterbox mat
SURFACE: step shed garage bin bench gate backdoor box carport doormat поличка тумбочка щитовая ручка забор паркан
SURFACE: калитка тераса терраса стол стул стілець ліжко порозі hallway lobby коляска беседка
LEAVE: перекинуть перекинути лишати лишать pop place tuck stick stash chuck dump оставить оставлять поставить положить
LEAVE: повесить кинуть бросить залишити залишати поставити покласти повісити кинути кидати лишити кидать ставить
LEAVE: класть закинуть прислонить спрятать просунуть leave left drop put залишіть сунуть просовывать засунуть оставте
GIVE: передать отдать вручить передавать отдавать передати віддати вручити передавати віддавати give hand занести
GIVE: deliver отнести завезти
RECEIVE: получить получать забрать забирать принять принимать встретить встречать открыть расписаться отримати
RECEIVE: отримувати забрати забирати прийняти зустріти відкрити receive collect accept встретит забере отримає sign
RECEIVE: receiving collecting відчинити выйти вийти приймати
PERSON: тётя тетя дядя тітка дядько сменщик напарник санитарка carer lad жінка муж жена мама мать папа отец сын дочь
PERSON: дочка сестра брат бабушка дедушка бабуля дед родитель ребенок ребята сосед соседка консьерж консьержка охрана
PERSON: охранник вахтер вахтерша вахта ресепшн ресепшен секретарь подруга друг коллега администратор дворецкий няня
PERSON: свекровь теща свекор тесть родственник супруг супруга знакомый администрация проходная кпп стойка помощник
PERSON: помощница племянник племянница внук внучка парень девушка невеста жених домработница чоловік дружина мамо тато
PERSON: батько син донька бабуся дідусь сусід сусідка консьєрж консьєржка охорона охоронець рецепція секретар колега
PERSON: адміністратор батьки родич кум кума desk nextdoor lobby husband wife mom mum mother dad father son daughter
PERSON: sister brother neighbour neighbor concierge reception roommate receptionist doorman guard secretary friend
PERSON: colleague partner flatmate nanny grandmother grandma girlfriend boyfriend security porter janitor housekeeper
PERSON: landlord parents neighbours neighbors кассир сторож бухгалтер дитина брата чувак брательник хозяин хозяйка
PERSON: хозяева господар чоловіка assistant пост воротарка швейцар sis bro завхоз сторожиха
KIN: дівчина хлопець кохана коханий наречена любимая любимый бухгалтер бухгалтерка секретарь секретарша секретар
KIN: секретарка директор завхоз завгосп accountant secretary
KIN: муж жена мама мать папа отец сын дочь дочка сестра брат бабушка дедушка бабуля дед родитель подруга друг супруг
KIN: супруга девушка парень невеста жених коллега чоловік дружина тато батько син донька бабуся дідусь колега husband
KIN: wife mom mum mother dad father son daughter sister brother friend girlfriend boyfriend partner она вона
KIN: именинница именинник получатель получательница иминниница отримувач отримувачка іменинник іменинниця recipient
KIN: her начальник начальница шеф босс boss адресат юбиляр ювіляр she he him він он батьки parents свекровь теща
BABY: ребенок малыш малышка малой малая дети детка грудничок новорожденный младенец дочь дочка сын внук внучка
BABY: дитина діти маля малюк немовля дитя донька донечка син малий baby babies toddler toddlers kid kids child children
BABY: newborn infant son daughter bub
SLEEP: відсипатися відсипаюсь отсыпаться отсыпаюсь
SLEEP: спать уснуть заснуть засыпать укладывать укладываться сон спати заснути засинати вкладатися sleep sleeps
SLEEP: sleeping asleep спить спит nap naps napping naptime snooze
CONSULT: консультация консультироваться проконсультироваться проконсультировать консультація консультуватися
CONSULT: проконсультувати проконсультуватися consultation consult advice
POINTLESS: бесполезный бесполезно бессмысленно марно безглуздо useless pointless смысл сенс
NEED: надо нужно нужный нужен требоваться стоить следовать необходимо треба потрібно потрібний варто слід need нада
NEED: нужна требовать обязательно обовязково обов'язково должен требуется прийдется want required necessary трэба тре
NEED: необязательно
WANT: хотеть хотеться желать любить хотіти любити want like wish хотелось бажати терпеть предпочитать
ASK: просить просьба прохання просити прошу please request
ACCEPT: принимать приймати брать брати взять взяти accept take answer отвечать відповідати ответить відповісти
ACCEPT: игнорировать сбрасывать отклонять ігнорувати скидати
REFUSE: игнорю игнор ігнорю ігнор скипать блочу блочить сбросить скину скидывать игнорировать сбрасывать отклонять
REFUSE: ігнорувати скидати отказаться відмовитися против проти ненавидеть ненавидіти отказываться запрещать ignore
REFUSE: reject decline боюсь бояться отключить выключить hate avoid запретить фобия
DEAF: неслышащих неслышащим нечуючих глухих слабослышащих глухой слабослышащий глухонемой неслышащий тугоухий
DEAF: слабослыший глухий слабочуючий нечуючий глухонімий deaf mute тугоухость неслышащая неслышащие нечуючі німий
DEAF: глуха глухої глухою нечую нечуєм неслышу нечуюча німа німою nonspeaking nonverbal глухая немой слабочуюча
DEAF: слабослышащая глухоніма hearing-impaired
HEAR: слышать чути слух слышно услышать чую hear hearing
SILENT: беззвучный беззвучном безвучный выключить отключить выключен відключений вимкнений беззвучний silent mute off
SILENT: тихий тихому сломать сломаться сломан зламатися зламаний ремонт украсть утонуть недоступный разрядиться
SILENT: разбить broken lost
UNWELCOME: необязательный необов'язковий паника паніка панический стесняться соромитися стыдно соромно запрещать panic
UNWELCOME: terrify shy forbid forbidden against object prohibited banned nervous нежелательный небажаний нежелательно
UNWELCOME: небажано исключить исключен исключать исключенный виключений толку отключить отключен отключенный
UNWELCOME: невозможно неможливо лесом бан anxiety anxious stress stressful freak struggle unnecessary unwanted scary
UNWELCOME: scare терапия запрет недопустимо лишний зайвий dislike upset
GONE: сгореть згоріти убить вбити burnt сдохнуть сесть разрядиться разряжен разряженный забыть оставить потерять
GONE: украсть утонуть утопить разбить сломать сломаться зламатися зламати розрядитися загубити вкрасти розбити забути
GONE: потеряться погаснуть накрыться раздевалка шкафчик роздягальня проходная locker drawer repair repaired fake
GONE: ремонт самолетный airplane aeroplane flight удалить видалити отсутствовать gone broke vanished выкл откл вимк
GONE: офф оффнуты оффнуть оффлайн off пропасть пропав зник зникнути закрытый закрити закритий закрыть заблокований
GONE: заблокировать заблокированный заблокувати загубив загубила fell drowned smashed lost stolen dead died broken
GONE: здохнути подохнуть померти умереть накритися накрываться disconnected разбиться розбитися утопиться втопитися
GONE: испортиться зіпсуватися smashed cracked
REFUSED: blocked block blocks ignored ignore ignores declined decline rejected reject barred disabled silenced
REFUSED: screened unwanted unwelcome
LINK: signal reception coverage сигнал связь зв'язок сотовая сеть мережа покрытие
FORGET: забыть забывать забути забувати забудьте забывайте forget
REFRAIN: избегать избежать воздержаться воздерживаться уникати уникнути утриматися утримуватися обойтись обойтися
REFRAIN: обійтися исключить исключать виключити отказаться прекратить перестать припинити избавить избавьте avoid
REFRAIN: refrain stop abstain skip spare cease воздержитесь утримайтесь позбавте позбавити уклоняться
WHY: нашо нащо нафига нафіга почему зачем чому навіщо why отчего
INSTEAD: вместо замість instead заместо
BETTER: лучше лутше краще better предпочтительно prefer preferably желательно бажано предпочитаю удобно зручно
SOME: аби пусть пускай хай нехай чтобы чтоб щоб let

HATE: аллергия алергія allergy allergic crime sin ненавидеть бесить раздражать напрягать пугать нервировать мешать
HATE: утомлять утомить надоесть надоедать
HATE: достать задолбать замучить отвлекать тревожить стрессовать бесят смущать доставать задрать нервничать терпеть'
HATE: ненавидіти дратувати лякати заважати набридати набриднути задовбати стомлювати нервувати напружувати бісити
HATE: тривожитися тривожитись тревожиться тревога тривога стресс стрес дискомфорт ужас кошмар помешать завадити
HATE: дістати діставати вызывать просыпаться прокидатися anxiety anxious panic паника будить разбудить розбудити
HATE: дорого дорогой дорогий expensive убивать вбивати torture torment nightmare hell agony пытка мука каторга тортури
HATE: hate dislike annoy annoying scare terrify stress stressful dread upset freak disturb wake loathe detest
AGAINST: против проти возражать заперечувати against mind
SHY: стесняться постесняться соромитися посоромитися бояться боятися сомневаться вагатися hesitate shy afraid
STOP: хватит хватить прекратить прекращать перестать переставать завязать завязывать годі досить stop quit cease
STOP: enough хорош refrain avoid избегать избежать воздержаться воздерживаться уникати уникнути утриматися
STOP: утримуватися обойтись обойтися обійтися исключить исключать виключити виключати отключить отключать вимкнути
STOP: вимикати запретить запрещать заборонити забороняти убрать минус долой геть skip spare ban forbid block
STOP: блокировать заблокировать блокувати заблокувати блок бан избавить позбавити отказаться отказываться відмовитися
STOP: відмовлятися отказ відмова припинити припиняти сбрасывать скидывать игнорировать ігнорувати отклонять відхиляти
STOP: запрет заборона табу нафиг save блокироваться блокуватися сбрасываться отклоняться игнорироваться відхилятися
STOP: скидатися refuse refused withdraw revoke screen screened screening отклонить сбросить ignore reject decline
STOP: abstain opt стоп
USELESS: лишний зайвий излишний излишне бесполезный бесполезно напрасный напрасно бессмысленный бессмысленно незачем
USELESS: марно марний безглуздо неудобно неудобный незручно незручний нежелательный нежелательно небажаний небажано
USELESS: необязательный необязательно необов'язковий необов'язково ненужный ненужно невозможно невозможный неможливо
USELESS: неможливий недоступный недоступний неприемлемый недопустимый табу мимо исключено отпадать unnecessary useless
USELESS: waste futile hopeless даремно дарма нізащо ни-ни pointless unwanted unwelcome nope impossible awkward
USELESS: безтолку бестолку бестолково безглуздо толку inconvenient ignored unanswered blocked voicemail бред тяжело
USELESS: тяжко трудно складно важко сложно больно боляче
USELESS: difficult hard unreachable unavailable невозможность редко рідко rarely seldom hardly struggle толк смысл
USELESS: сенс запрещено заборонено запрещен запрещенный заборонений неактуально неуместный недоречний заблокирован
OKAY: можно можна ok ок okay окей fine норм нормально welcome рад рада радий разрешать дозволяти хорошо добре happy
OKAY: glad удобнее зручніше отлично подходить разрешено может могут може можуть
MUST: обязательно непременно must обов'язково неодмінно definitely

GIFT: подаруночок подарочок подгон гостинец подарок подарочек подарочный презент подарунок подарунковий дарунок gift
GIFT: present подарочно подарить подарувати
GIFTY: gift-wrap giftwrap gift-wrapped
BIRTHDAY: новоселье новосілля крестины хрестини свадьба весілля wedding christening рождение др именины юбилей
BIRTHDAY: народження ювілей birthday anniversary сюрприз сюрпризик surprise днюха
WRAP: упаковка упаковать завернуть обернуть упаковывать запакувати упакувати загорнути wrap wrapping wrapped бант
WRAP: пакування упаковочка ленточка запаковать пакет бантик
CHANGE: разменять размен розміняти розмін сдача здача решта сдачей сдачу change
NOTE: купюра банкнота бумажка note bill banknote купюрой налик купюри

MON: понедельник вторник среда четверг пятница суббота воскресенье воскресение понеділок вівторок середа четвер
MON: п'ятниця mon tue tues wed thu thurs fri sat sun субота monday tuesday wednesday thursday friday saturday sunday
MON: пн вт ср чт пт сб вс нд неділя
MONTH: январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь січень лютий березень квітень
MONTH: травень червень липень серпень вересень жовтень листопад грудень january february march april june july august
MONTH: september october november december jan feb dec
DATE: завтра послезавтра сегодня сьогодні післязавтра tomorrow today tonight число week неделя тиждень праздник пасха
DATE: христмас christmas новогодний сегодняшний завтрашний сьогоднішній
MORNING: mornings утро утром утрянка ранок вранці зранку уранці morning ранком утречко
EVENING: вечер вечером вечір ввечері увечері evening evenings вечерок вечерком вечерний вечірній вечора
NOON: обед полдень обід полудень полудня noon lunch lunchtime midday
DAYPART: день днем вдень afternoon afternoons
NIGHT: ночь ночью ніч вночі night
WEEKDAY: будни будний будень будні weekday weekdays рабочий робочий
WEEKEND: выходные выходной вихідні вихідний weekend weekends
HOUR: час часов година годин ч год h hour hours часик годинка пол'часа полчаса полчасика півгодини
MINUTE: минута мин хвилина хв min minutes mins minute минутка хвилинка хвилин minut

CANCEL: отменить отмена отменять аннулировать скасувати відмінити скасування cancel отказаться передумать передумати
CANCEL: відміна refund вернуть возврат cancelled cancellation повернути повернення return
SWAP: заменить замена поменять менять поменяйте заменять замінити заміна поміняти replace substitute swap exchange
SWAP: подмена сменить обменять substitution подменять перекрасить изменить змінити
ADD: add докинуть добавить доложить додати добавити докласти добавлять include extra доложите
GOODS: размер цвет розмір колір size color colour расцветка модель артикул комплект товар упаковка штука шт красный
GOODS: желтый коричневый бежевый голубой червоний жовтий white green yellow pink grey gray оттенок вариант позиция
GOODS: позиція вкус аромат номинал пачка пара black red blue белый черный синий чорний білий синій зеленый зелений
GOODS: рассрочка гарантия гарантія срок термін inscription гравировка гравіювання батарейка образец пробник зразок
GOODS: зарядка кабель чехол серый сірий розовый рожевий
CHECK: проверить перевірити проверка перевірка check проверьте убедиться переконатися примерка примерить приміряти
PAPER: чек накладная счет счёт документ инвойс рахунок накладна квитанция ттн invoice receipt ценник цінник этикетка
PAPER: договор акт сертификат сертифікат сф бирка бірка price трек трек-номер tracking реквизиты реквізити документы
PAY: оплата оплатить оплачивать платить заплатить карта картка оплатити сплатити платити pay payment paid предоплата
PAY: наложенный безнал перевод переказ терминал термінал card післяплата передоплата безготівковий cash наличные
PAY: наличка готівка рассрочка скидка знижка промокод купон бонус discount coupon promo баллы промо кредит бонусы бали
ADDRESS: адрес адреса address улица вулиця проспект переулок провулок отделение відділення почтомат поштомат street
ADDRESS: город місто пункт пвз индекс село смт самовывоз самовивіз postcode
CARD: открытка листівка открыточка postcard card записка надпись подписать підписати підпис card' напис text'
COMPLAIN: жалоба обман обмануть разочаровать безобразие кошмар ужас отвратительный хамство хамить надоесть опять снова
COMPLAIN: жаль скарга обурений брак бракований бракованный разбитый помятый побитый сколько'можно complaint
COMPLAIN: disappointed terrible awful damaged broken' late сломанный перепутать переплутати плохой поганий мятый
COMPLAIN: третий'раз скандал бардак возмутительно жахливий розчарований wrong rude unacceptable
SPOILT: гнилой тухлый просроченный завядший увядший завянуть плесень плесневелый протечь поцарапать поцарапанный
SPOILT: некачественный гнилий зіпсований прострочений зів'ялий пліснявий пліснява подряпаний протекти зав'янути
SPOILT: mouldy moldy rotten stale soggy wilted expired unimpressed bruised leaking leaked scratched dented недоволен
SPOILT: недовольный незадоволений
THANKS: спасибо благодарить пожалуйста спс пасиб заранее дякую дяка дякувати заздалегідь thanks thank thx сенкс будь
THANKS: ласка привет здравствовать здравствуйте день добрый удача вітати привіт вітаю hello hi regards
"""

ENGLISH = in_order("""
    the please call me don't dont and is my for with at you not leave door will be of if it in when text message
    only before after ring phone deliver delivery bell thanks thank to give this floor flat apartment code
    change would like gift birthday wrap neighbour neighbor concierge morning evening between pm am can't cant
    do no have are want your from by urgent contact prefer i'm i'm i'd need or but out home work any time
    anytime calls write send email up on as that there here we us he she they them it's its nobody someone
    somebody was were been has had what which who how why where one two three first second just also could
    should may might can cannot won't use uses into over under around about during until till unless nothing
    anything something everything never always ever again more less than then so very much many too all both
    each other another new old same good happy dear order parcel package item product address street road house
    building please pls plz thx customer card money cash pay paid today tomorrow week monday tuesday wednesday
    thursday friday saturday sunday child baby sleeping asleep dog cat kids working deaf welcome reach answer
    unknown numbers number pick take through guys cheers folks mate mates ta love lovely hi hello hey everyone team kind
    know just still already back soon early late long little big large small green blue red black white set sure
    let make made get got getting give given go going gone see seen look looking say said tell told think try
    some every next last week's day days night nights hour hours minute minutes half past around place places
    because since while again once quick quickly fast slow careful carefully fragile best regards sorry enjoy
    am're i've i'll you're you'll we're we'll they're he's she's that's there's what's let's doesn't didn't isn't
    aren't wasn't wouldn't couldn't shouldn't haven't hasn't off down away near next behind between above below
""")
