"""The words that order comments are made of: CONCEPT: dictionary forms (RU, UK), slang and English as written.

A line may be repeated for another language. A word may belong to several concepts.
"""

from prilavok.language.comment.wordlist import in_order

WORDS = """
NOT: не ни ні нет нету немає нема нельзя нелзя no not dont don't never doesn't cannot can't cant won't without'
NOT: didn't didnt isn't isnt aren't shouldn't shouldnt wouldn't mustn't needn't ain't couldn't wasn't
NOT: wont doesnt arent hasn't haven't
NOT: neither nor dnt donot dnot dint dunt do'nt
NOT: nt ненужно ненадо нельзя
NOT: нт нізя низя unable никак ніяк неа нє нi ніт нельзя запрещено заборонено отставить
ABSENT: нет нету немає нема
WITHOUT: без без'ез without w/o
NONE: никакой ніякий жодний жоден ноль nobody noone none zero
EVER: никогда ніколи всегда завжди навсегда назавжди впредь надалі постоянно постійно never always forever ever
ONLY: лишень ексклюзивно эксклюзивно
ONLY: онли онлі тольк толко тильки
ONLY: только тока токо лишь исключительно тільки тіки лише виключно строго only solely exclusively strictly
IF: если ежели коли якщо якшо если'б if unless случай випадок
ANY: любой какой-нибудь будь-який любий any

CALLV: звонить позвонить перезвонить перезванивать созвониться созваниваться дозвониться дозваниваться
CALLV: обзвонить звякать названивать звякнуть отзвониться звонять трезвонить вызванивать набирать набрать
CALLV: прозвонить
CALLV: дзвонити подзвонити передзвонити передзвонювати телефонувати зателефонувати перетелефонувати додзвонитися
CALLV: додзвонюватися набирати набрати звонити позвонити перезвонити телефонировать дзвякнути
CALLV: telephoning telephoned dialing dialling
CALLV: phoned rang ringing call calls calling phone phoning ring ringing called telephone dial
CALLN: передзвін передзвон входящий входящие вхідний вхідні звонок зв phonecal phonecalls дзвінки звоночек
CALLN: обзвон трезвон дзвонилка звонилка звонилки дозвони прозвони обдзвін
CALLN: обзвона прозвона прозвонов обзвонов дозвонов созвоны созвонов обзвоны fone
CALLV: cal cll rign callin
CALLN: дзв callz ringy колл
CALLN: дозвон прозвон перезвон созвон дзвінок дзвіночок дзвін call calls phonecall callback
REACH: дозвониться дозваниваться додзвонитися додзвонюватися
DIAL: набирать набрать набирати
VOICE: callers caller разговоры голос голосом голосовой голосовий voice verbal устно усно вслух
TALK: переговоры перемовини
TALK: говорить разговаривать поговорить общаться розмовляти говорити спілкуватися поговорити балакати talk speak
TALK: разговор розмова переговорить болтать
BOTHER: беспокоить побеспокоить тревожить потревожить отвлекать дергать турбувати потурбувати відволікати
BOTHER: disturb
BOTHER: bother діставати
BOTHER: доставать дернуть смикнути чіпати чипати тягати смикати
PHONE: телефонічно телефонно телефонічний тел landline fone
PHONE: сотовый сотик стільниковий cell mobile
PHONE: мобила моб трубка phone phoned telephone телефон мобильный мобильник тел трубка мобільний мобілка мобила
PHONE: phone телефонный телефонний mobile telephone
TUBE: тел моб сотик phone phone's landline mobile cell мобільний мобильный fone
TUBE: сімку симку сим симка сим-карта сімка сім-карта симкарта sim simcard
TUBE: тлф телефончик телефонка сот тлфн тф
TUBE: мобила мобилка мобілка сотовый трубка слухавка телефон phone трубочка
TAKE: брать взять поднимать поднять снимать снять брати взяти піднімати підняти подымать answer pickup pick
ANSWER: отвечать ответить відповідати відповісти answer respond
CONTACT: связаться связываться связь контакт контактировать зв'язатися зв'язок зв'язуватися contact reach
CONFIRM: подтвердить подтверждать подтверждение підтвердити підтверджувати підтвердження confirm confirmation
CONFIRM: уточнить
CONFIRM: уточнение уточнити уточнення согласовать согласование узгодити узгодження погодити обсудить
CONFIRM: договориться

WRITE: писать написать отписаться отписать черкнуть отписывать отправить прислать присылать скинуть кинуть слать
WRITE: писати написати відписати відписатися надіслати надсилати прислати скинути присилати переписка
WRITE: переписываться
WRITE: переписуватися листуватися связь связываться связаться сообщить сообщать уведомить уведомлять зв'язок
WRITE: зв'язатися
WRITE: стукнуть стукнути маякнуть маякнути отвечать ответить відповісти відповідати оповестить повідомити
WRITE: повідомляти
WRITE: write message contact reach send msg dm ping notify
PEN: пиш
PEN: писать написать писати написати отписаться відписати письменно письмово write переписка переписываться
PEN: листування
PEN: переписуватися листуватися message text сообщение повідомлення черкнуть messages texts texting
MESSAGE: msgs dm dms pm'
MESSAGE: сообщение сообщения повідомлення переписка листування письменно письмово message messages msg письмовий
MESSAGE: мессенджер месенджер месседж чат чатик личка messenger chat письменный личный messengers texts texting
CHAT: бот bot
CHAT: мессенджер месенджер чат messenger chat лс личка messengers мессенджеры

telegram: телеграм телеграмм телеграмма телега телеграмка тг тгшка тележка телеграмчик телеграма telegram tg
telegram: telega
telegram: телегам телеграмм telegramm тэгэ
whatsapp: ватсап вотсап ватсапп вацап вацапп воцап whatsapp watsapp whatsap wa вотс ватс вотсапп уотсап вастап
whatsapp: вотцап ватцап вотсапчик вацапчик whats whatsup wapp васап вассап вотсапп вотссап
viber: вайбик вайбичек вайбрик вайберi
viber: вайбер вайбр вибер viber vb вабер вайберчик viberi вайбир вайберок
sms: смс смска sms эсэмэс эсэмэска смсить смс-ка есемес есемеска смсочка эсемеска смски смсочку смсмка смсить
email: мило емейл имейл мейл мыло email mail e-mail емайл имэйл эл'почта мэйл емаіл пошта'ел електронка имейлик
email: gmail імейл
vk: вк вконтакте vk вконтактик vkontakte вконтакт
POST: почта пошта почтовый поштовий
text: text txt texting texts
INSTAGRAM: инстаграм инстаграмм инста instagram insta директ direct facebook фейсбук фб fb messenger сигнал
INSTAGRAM: signal
INSTAGRAM: дискорд discord скайп skype max макс

URGENT: срочно срочный экстренно экстренный крайний крайняк форс мажор авария аварийный терміново терміновий
URGENT: екстрений
URGENT: крайній нагальний невідкладний urgent emergency urgently важный важливий пожар необходимость
URGENT: необхідність
URGENT: потреба исключительный винятковий exceptional форсмажор форс-мажор экстрен зря попусту даремно чп нс
URGENT: критический критичный serious essential necessary absolutely необходимо крайняя потребность nagal
URGENT: срочность
URGENT: надобность позарез нужда повод причина экстренность серьезный серйозний
PROBLEM: проблема проблемка накладка сложность затруднение косяк непонятка труднощі problem problems issue
PROBLEM: issues
PROBLEM: wrong
PROBLEM: складність халепа
QUESTION: вопрос питання question questions вопросик
CANT: мочь смочь получаться получиться могти змогти able can't cant cannot unable выйти
COURIER: курьер водитель доставщик кур'єр водій доставник driver courier delivery разносчик курьерский
COURIER: экспедитор
COURIER: курик курьерчик доставщица кур'єрка
COURIER: курєр курьерка couriers drivers deliveryman rider
OPERATOR: оператор менеджер магазин консультант менеджерка manager operator оператори диспетчер продавец
OPERATOR: продавець
OPERATOR: менеджеры shop store office
COMING: приехать приезжать подъехать подъезжать прибыть прибывать привезти привозить доставка приезд прибытие
COMING: подъехать завозить завезти завозити везти возить доставлять
COMING: подход подьехать подьезд'ать выехать выезд выезжать добраться доехать заехать приход прийти приходить
COMING: визит
COMING: доставить доставлять пути дорога ехать рядом подойти подходить внизу
COMING: приїхати приїжджати під'їхати під'їжджати прибути привезти привозити приїзд прибуття виїхати виїзд
COMING: доїхати
COMING: підхід доставити прийти приходити їхати поруч підійти доставляти візит
COMING: arrive arriving arrival arrives delivering deliver delivered coming come outside downstairs here way
COMING: arrived
COMING: delivery near nearby close
MEET: выйти спуститься встретить открыть сбежать выбежать выскочить вийти спуститися зустріти відкрити відчинити
MEET: вибіжу
MEET: спускаться выходить встречать открывать сориентировать подойти out down
SHIP: отправка отправить отправлять отправление выслать высылать отгрузка отгрузить відправка відправити
SHIP: відправляти
SHIP: отсылать відправлення ship shipping dispatch dispatching оформить оформление оформити
BEFORE: перед до за заранее предварительно накануне заздалегідь попередньо before beforehand ahead prior
WHEN: як когда как коли when once по після

BELL: дверь двери звонок домофон калитка ворота дзвоник двері хвіртка дверной дверний door doorbell bell gate
BELL: звонок'в
DOOR: ґанок ганок дверцята
DOOR: дверь двери двері порог коврик поріг килимок крыльцо ганок door doorstep porch дверка
INTERCOM: дмф домік доміка buzz домофончик домоф домофону домофона домофоне
INTERCOM: домофон домик домофончик домофона intercom buzzer домофонный домоф дмфн
CODE: пин пін замок код пароль ключ шифр code pin кодовый кодовий
FLOOR: этаж эт поверх пов floor fl этажик етаж
ENTRANCE: подъезд под парадная парадный подъездик під'їзд парадне парадка entrance подьезд підїзд пд парадняк
APARTMENT: квартира кв квартирка apartment apt flat офис оф офіс кабинет каб кабінет комната suite кімната
APARTMENT: unit хата
BROKEN: работать пахать сломать сломаться отключить отключен неисправный сломанный сдохнуть сломать працювати
BROKEN: зламаний
BROKEN: зламатися зламати нерабочий глючить broken work working отсутствовать барахлить чинить отключенный
BROKEN: неробочий
BROKEN: поломать поломатися отключить вимкнений dead умереть
GATE: шлагбаум ворота калитка хвіртка барʼєр barrier

SURFACE: ґанок дверь двери двері порог поріг коврик килимок крыльцо ганок тамбур ящик скринька веранда навес
SURFACE: гараж сарай кладовка подоконник полка шкаф лавка скамейка лавочка porch door doorstep mailbox
SURFACE: letterbox mat step shed garage bin bench gate backdoor box carport doormat поличка тумбочка щитовая
SURFACE: ручка забор паркан калитка тераса терраса стол стул стілець ліжко порозі hallway lobby коляска
SURFACE: беседка
LEAVE: лишати лишать pop place tuck stick stash chuck dump
LEAVE: оставить оставлять поставить положить повесить кинуть бросить залишити залишати поставити покласти
LEAVE: повісити
LEAVE: кинути кидати лишити кидать
LEAVE: ставить класть закинуть прислонить спрятать просунуть leave left drop put залишіть сунуть просовывать
LEAVE: засунуть оставте
GIVE: передать отдать вручить передавать отдавать передати віддати вручити передавати віддавати give hand
GIVE: занести
GIVE: deliver отнести завезти занести
RECEIVE: получить получать забрать забирать принять принимать встретить встречать открыть расписаться отримати
RECEIVE: отримувати забрати забирати прийняти зустріти відкрити receive collect accept встретит забере отримає
RECEIVE: sign
RECEIVE: receiving collecting відчинити выйти вийти приймати
PERSON: муж жена мама мать папа отец сын дочь дочка сестра брат бабушка дедушка бабуля дед родитель ребенок
PERSON: ребята
PERSON: сосед соседка консьерж консьержка охрана охранник вахтер вахтерша вахта ресепшн ресепшен секретарь
PERSON: подруга друг
PERSON: коллега администратор дворецкий няня свекровь теща свекор тесть родственник супруг супруга знакомый
PERSON: администрация
PERSON: проходная кпп стойка помощник помощница племянник племянница внук внучка парень девушка невеста жених
PERSON: домработница
PERSON: чоловік дружина мамо тато батько син донька дочка сестра брат бабуся дідусь сусід сусідка консьєрж
PERSON: консьєржка
PERSON: охорона охоронець вахтер рецепція ресепшн секретар подруга друг колега адміністратор няня батьки родич
PERSON: кум кума
PERSON: desk nextdoor lobby
PERSON: husband wife mom mum mother dad father son daughter sister brother neighbour neighbor concierge
PERSON: reception
PERSON: roommate
PERSON: receptionist doorman guard secretary friend colleague partner flatmate nanny grandmother grandma
PERSON: girlfriend boyfriend security porter janitor housekeeper landlord parents neighbours neighbors кассир сторож
PERSON: бухгалтер
PERSON: дитина
PERSON: брата чувак кума брательник хозяин хозяйка хозяева господар чоловіка assistant пост воротарка швейцар
PERSON: sis bro завхоз сторожиха
KIN: муж жена мама мать папа отец сын дочь дочка сестра брат бабушка дедушка бабуля дед родитель подруга друг
KIN: супруг супруга девушка парень невеста жених коллега чоловік дружина тато батько син донька бабуся дідусь
KIN: колега
KIN: husband wife mom mum mother dad father son daughter sister brother friend girlfriend boyfriend partner
KIN: она вона
KIN: именинница именинник получатель получательница иминниница отримувач отримувачка іменинник іменинниця
KIN: recipient
KIN: her
KIN: начальник начальница шеф босс boss адресат юбиляр ювіляр she he him він он батьки parents свекровь теща
POINTLESS: бесполезный бесполезно бессмысленно марно безглуздо useless pointless смысл сенс
NEED: надо нужно нужный нужен нужный требоваться стоить следовать необходимо треба потрібно потрібний варто слід
NEED: need
NEED: нада нада нужна требовать
NEED: обязательно обовязково обов'язково должен требуется прийдется want required necessary трэба тре
NEED: необязательно
WANT: хотеть хотеться желать любить хотіти любити want like wish хотелось бажати терпеть предпочитать
ASK: просить просьба прохання просити прошу please прохання request
ACCEPT: принимать приймати брать брати взять взяти accept take answer отвечать відповідати отвечать ответить
ACCEPT: відповісти
ACCEPT: игнорировать сбрасывать отклонять ігнорувати скидати
REFUSE: игнорю игнор ігнорю ігнор скипать блочу блочить сбросить скину скидывать
REFUSE: игнорировать сбрасывать отклонять ігнорувати скидати отказаться відмовитися против проти ненавидеть
REFUSE: ненавидіти
REFUSE: отказываться запрещать ignore reject decline боюсь бояться отключить выключить hate avoid запретить
REFUSE: фобия
DEAF: глухой слабослышащий глухонемой неслышащий тугоухий слабослыший глухий слабочуючий нечуючий глухонімий
DEAF: deaf mute
DEAF: тугоухость неслышащая неслышащие нечуючі
DEAF: німий nonspeaking nonverbal
DEAF: глухая немой слабочуюча слабослышащая глухоніма hearing-impaired
HEAR: слышать чути слух слышно услышать чую hear hearing
SILENT: беззвучный беззвучном безвучный выключить отключить выключен відключений вимкнений беззвучний silent
SILENT: mute
SILENT: off тихий тихому
SILENT: сломать сломаться сломан зламатися зламаний ремонт украсть утонуть недоступный разрядиться разбить
SILENT: broken
SILENT: lost
UNWELCOME: необязательный необов'язковий паника паніка панический стесняться соромитися стыдно соромно запрещать
UNWELCOME: panic terrify shy forbid forbidden against object prohibited banned nervous
UNWELCOME: нежелательный небажаний нежелательно небажано исключить исключен исключать исключенный виключений
UNWELCOME: толку
UNWELCOME: отключить отключен отключенный невозможно неможливо лесом бан anxiety anxious stress stressful freak
UNWELCOME: struggle unnecessary unwanted scary scare терапия запрет недопустимо лишний зайвий dislike upset
GONE: сдохнуть сесть разрядиться разряжен разряженный забыть оставить потерять украсть утонуть утопить разбить
GONE: сломать сломаться зламатися зламати розрядитися загубити вкрасти розбити забути потеряться погаснуть
GONE: накрыться
GONE: раздевалка шкафчик роздягальня проходная locker drawer repair repaired fake ремонт
GONE: самолетный airplane aeroplane flight удалить видалити отсутствовать gone broke vanished выкл откл вимк
GONE: офф оффнуты оффнуть оффлайн off пропасть пропав зник зникнути
GONE: закрытый закрити закритий закрыть заблокований заблокировать заблокированный заблокувати
GONE: загубив загубила fell drowned smashed lost stolen dead died broke broken disconnected
REFUSED: blocked block blocks ignored ignore ignores declined decline rejected reject barred disabled
REFUSED: silenced screened unwanted unwelcome
LINK: signal reception coverage сигнал связь зв'язок сотовая сеть мережа покрытие
FORGET: забыть забывать забути забувати забудьте забывайте forget
REFRAIN: избегать избежать воздержаться воздерживаться уникати уникнути утриматися утримуватися обойтись
REFRAIN: обойтися обійтися
REFRAIN: исключить исключать виключити отказаться прекратить перестать припинити избавить избавьте avoid refrain
REFRAIN: stop abstain
REFRAIN: skip spare cease воздержитесь утримайтесь позбавте позбавити уклоняться
WHY: нащо нафига нафіга
WHY: почему зачем чому навіщо why отчего
INSTEAD: вместо замість instead заместо
BETTER: лучше лутше краще better предпочтительно prefer preferably желательно бажано предпочитаю удобно зручно
SOME: аби
SOME: пусть пускай хай нехай чтобы чтоб щоб let

HATE: ненавидеть бесить раздражать напрягать пугать нервировать мешать утомлять утомить надоесть надоедать
HATE: достать
HATE: задолбать замучить отвлекать тревожить стрессовать бесят смущать доставать задрать нервничать терпеть'
HATE: ненавидіти дратувати лякати заважати набридати набриднути задовбати стомлювати нервувати напружувати
HATE: бісити
HATE: тривожитися тривожитись тревожиться нервничать тревога тривога стресс стрес дискомфорт ужас кошмар
HATE: помешать завадити дістати діставати вызывать
HATE: просыпаться прокидатися anxiety anxious panic паника будить разбудить розбудити дорого дорогой дорогий
HATE: expensive убивать вбивати
HATE: torture torment nightmare hell agony пытка мука каторга тортури мука
HATE: hate dislike annoy annoying scare terrify stress stressful dread upset freak disturb wake loathe detest
AGAINST: против проти возражать заперечувати against mind
SHY: стесняться постесняться соромитися посоромитися бояться боятися сомневаться вагатися hesitate shy afraid
STOP: хватит хватить прекратить прекращать перестать переставать завязать завязывать годі досить stop quit
STOP: cease enough
STOP: хорош refrain avoid избегать избежать воздержаться воздерживаться уникати уникнути утриматися утримуватися
STOP: обойтись
STOP: обойтися обійтися исключить исключать виключити виключати отключить отключать вимкнути вимикати запретить
STOP: запрещать заборонити забороняти убрать минус долой геть skip spare ban forbid block блокировать
STOP: заблокировать
STOP: блокувати заблокувати блок бан избавить позбавити отказаться отказываться відмовитися відмовлятися отказ
STOP: відмова
STOP: припинити припиняти сбрасывать скидывать игнорировать ігнорувати отклонять відхиляти запрет заборона
STOP: табу нафиг
STOP: save блокироваться блокуватися сбрасываться отклоняться игнорироваться відхилятися скидатися
STOP: refuse refused withdraw revoke
STOP: screen screened screening отклонить сбросить ignore reject decline abstain opt стоп минус
USELESS: лишний зайвий излишний излишне бесполезный бесполезно напрасный напрасно бессмысленный бессмысленно
USELESS: незачем марно марний безглуздо неудобно неудобный незручно незручний нежелательный нежелательно небажаний
USELESS: небажано
USELESS: необязательный необязательно необов'язковий необов'язково ненужный ненужно невозможно невозможный
USELESS: неможливо
USELESS: неможливий недоступный недоступний неприемлемый недопустимый табу мимо исключено отпадать unnecessary
USELESS: useless waste futile hopeless даремно дарма нізащо ни-ни
USELESS: pointless unwanted unwelcome nope impossible awkward inconvenient ignored unanswered blocked
USELESS: voicemail бред
USELESS: тяжело тяжко трудно складно важко сложно больно боляче difficult hard unreachable unavailable
USELESS: невозможность
USELESS: редко рідко rarely seldom hardly struggle толк смысл сенс запрещено заборонено запрещен запрещенный
USELESS: заборонений неактуально неуместный недоречний заблокирован
OKAY: можно можна ok ок okay окей fine норм нормально welcome рад рада радий разрешать дозволяти хорошо добре
OKAY: happy glad удобнее зручніше отлично подходить разрешено может могут може можуть
MUST: обязательно непременно must обов'язково неодмінно definitely

GIFT: подаруночок подарочок подгон гостинец
GIFT: подарок подарочек подарочный презент подарунок подарунковий дарунок gift present подарочно подарить
GIFT: подарувати
GIFTY: gift-wrap giftwrap gift-wrapped
BIRTHDAY: новоселье новосілля
BIRTHDAY: крестины хрестини свадьба весілля wedding christening рождение др именины юбилей народження ювілей
BIRTHDAY: birthday anniversary сюрприз сюрпризик surprise днюха
WRAP: упаковка упаковать завернуть обернуть упаковывать запакувати упакувати загорнути wrap wrapping wrapped
WRAP: бант
WRAP: пакування упаковочка ленточка запаковать пакет бантик
CHANGE: разменять размен розміняти розмін
CHANGE: сдача здача решта сдачей сдачу change
NOTE: купюра банкнота бумажка note bill banknote купюрой налик купюри

MON: понедельник вторник среда четверг пятница суббота воскресенье воскресение понеділок вівторок середа четвер
MON: п'ятниця mon tue tues wed thu thurs fri sat sun
MON: субота monday tuesday wednesday thursday friday saturday sunday пн вт ср чт пт сб вс нд неділя
MONTH: январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь січень лютий березень
MONTH: квітень
MONTH: травень червень липень серпень вересень жовтень листопад грудень january february march april june july
MONTH: august
MONTH: september october november december jan feb dec
DATE: завтра послезавтра сегодня сьогодні післязавтра tomorrow today tonight число week неделя тиждень праздник
DATE: пасха
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

CANCEL: отменить отмена отменять аннулировать скасувати відмінити скасування cancel отказаться передумать
CANCEL: передумати
CANCEL: відміна refund вернуть возврат cancelled cancellation повернути повернення return
SWAP: заменить замена поменять менять поменяйте заменять замінити заміна поміняти replace substitute swap
SWAP: exchange
SWAP: подмена сменить обменять обменять substitution подменять перекрасить изменить змінити
ADD: add докинуть
ADD: добавить доложить додати добавити докласти добавлять include extra доложите
GOODS: размер цвет розмір колір size color colour расцветка модель артикул комплект товар упаковка штука шт
GOODS: модель
GOODS: красный желтый коричневый бежевый голубой червоний жовтий white green yellow pink grey gray
GOODS: оттенок вариант позиция позиція вкус аромат номинал пачка пара black red blue белый черный синий красный
GOODS: чорний
GOODS: білий синій червоний зеленый зелений рассрочка гарантия гарантія срок термін inscription гравировка
GOODS: гравіювання
GOODS: батарейка образец пробник зразок зарядка кабель чехол серый сірий розовый рожевий
CHECK: проверить перевірити проверка перевірка check проверьте убедиться переконатися примерка примерить
CHECK: приміряти
PAPER: чек накладная счет счёт документ инвойс рахунок накладна квитанция ттн invoice receipt ценник цінник
PAPER: этикетка
PAPER: договор акт сертификат сертифікат сф бирка бірка price трек трек-номер tracking реквизиты реквізити
PAPER: документы
PAY: оплата оплатить оплачивать платить заплатить карта картка оплатити сплатити платити pay payment paid
PAY: предоплата
PAY: наложенный безнал перевод переказ терминал термінал card післяплата передоплата безготівковий cash наличные
PAY: наличка
PAY: готівка рассрочка скидка знижка промокод купон бонус discount coupon promo баллы промо кредит бонусы бали
ADDRESS: адрес адреса address улица вулиця проспект переулок провулок отделение відділення почтомат поштомат
ADDRESS: street
ADDRESS: город місто пункт пвз индекс село смт самовывоз самовивіз postcode
CARD: открытка листівка открыточка postcard card записка надпись подписать підписати підпис card' напис text'
COMPLAIN: жалоба обман обмануть разочаровать безобразие кошмар ужас отвратительный хамство хамить надоесть опять
COMPLAIN: снова
COMPLAIN: жаль скарга обурений брак бракований бракованный хамство разбитый помятый побитый сколько'можно
COMPLAIN: complaint
COMPLAIN: disappointed terrible awful damaged broken' late сломанный перепутать переплутати плохой поганий мятый
COMPLAIN: третий'раз скандал бардак возмутительно жахливий розчарований wrong rude unacceptable
THANKS: спасибо благодарить пожалуйста спс пасиб заранее дякую дяка дякувати заздалегідь thanks thank thx
THANKS: сенкс будь
THANKS: ласка
THANKS: привет здравствовать здравствуйте день добрый удача вітати привіт вітаю hello hi regards
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
    unknown numbers number pick take through
""")
