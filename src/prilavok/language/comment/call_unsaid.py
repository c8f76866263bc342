"""Refusals that never say "call": the telephone is off, nobody can talk, whoever calls will be sorry."""

from prilavok.language.comment.wordlist import words

UNSAID = """
    PHONE|номер|number ... форма|форму|поле|галочка|галочки|form|field|mandatory|requires|demands|заполнить|анкета
    форма|форму|поле|галочка|галочки|form|field|mandatory|requires|demands ... PHONE|номер|number
    голосовой|голосовий|голосовая LINK|связь .. NOT
    TUBE|PHONE .. NOT BROKEN|ловит|ловить
    TUBE|PHONE|LINK|mobile ... NOT catches|ловить|ловит|ловлю
    NOT .. ловит|ловить .. TUBE|LINK|сеть|мережа
    сеть|мережа|сигнал|signal|reception .. NOT|нет|немає .. ловить|ловит|BROKEN
    сеть|мережа|LINK|сигнал нет|немає|отсутствовать|нету|нема
    нет|немає|нету|no|without|нема .. сотовый|мобильный|мобільний|телефонный? LINK
    no|without .. cell|phone|mobile? signal|reception|coverage
    TUBE TAKE .. NOT CANT
    TAKE NOT CANT
    редко|рідко|rarely|seldom|hardly .. TUBE|ANSWER|TAKE
    TUBE .. редко|рідко|rarely
    TALK .. тяжело|важко|трудно|складно|больно|боляче
    тяжело|важко|трудно|складно|больно|боляче .. TALK
    GONE&PAST голос
    NOT телефонный|телефонний !звонок
    CALLV .. незачем
    незачем .. CALLV
    NOT .. use|own|on .. PHONE
    NOT .. be|reachable|available|reached .. by|via|on|for PHONE|calls|phone
    unreachable|unavailable
    voicemail
    ringer .. off
    PHONE|phone .. repaired|repair|fake
    CALLV|CALLN|calls .. wake|wakes|будить|разбудить|розбудити|просыпаться|прокидатися
    просыпаться|прокидатися|wake|wakes .. CALLN|CALLV
    PHONE ... будить|разбудить
    CALLV&P2 .. NOT ANSWER|TAKE
    rather|prefer .. NOT .. TALK
    screen|screening all|my? calls
    let calls
    NOT любитель|любителька|поклонник|фанат|прихильник .. PHONE|TALK|CALLN
    leave .. phone alone
    в|у CALLN нет|немає необходимость|потребность|надобность|потреба
    UNWELCOME .. TALK
    UNWELCOME .. phone rings
    stick|keep ... to? texting|text|email|chat|messages
    WITHOUT голоса
    вопросы|питання|общение|всё|усе|все ... перепиской|перепиской|листуванням
    решать|решайте|вирішуйте|вирішувати|everything ... в|у|in чат|чате|чаті|chat
    TUBE вимкнено|выключено|отключено|відключено
    достаточно|достатньо|хватить|хватит|досить|вистачить .. sms|MESSAGE|telegram|whatsapp|viber
    sms|MESSAGE .. достаточно|достатньо|хватить|хватит|досить|вистачить
    ignore my|the? phone
    NOT .. use .. my number
    NOT .. CONTACT .. except|кроме|крім
    TUBE .. выключать|вимикати|отключать
    роуминг|роумінг|roaming
    CALLV|CALLN .. дорого|дорогой|дорогий|expensive|платный|платний
    TUBE .. запретить|запрещать|запрещенный|запрещено|заборонено|заборонений|сдавать|здавати|отбирать
    TUBE .. забирать|изъять|недоступный|недоступний|заблокировать|запрещен|сдать|locker
    PHONE|phone|phones .. NOT|aren't .. allowed|permitted
    NOT allowed .. PHONE
    TUBE .. off|dead|broken|lost|stolen|flat|silent|muted|locker|switched|disconnected|drawer
    на|в? беззвучка|беззвучке|беззвуке|безвучке|беззвуку|беззвучному|вибро|виброзвонок !куплю
    dnd
    потерять|сорвать|посадить|втратити|lost .. голос|voice
    NOT|WITHOUT алло|ало
    нельзя|незручно .. TALK
    NOT можно|можна .. TALK
    TALK .. нельзя
    TALK NOT можно|можна
    ANSWER&INF NOT CANT|буду
    NOT ANSWER&P1
    NOT|нет|немає|нема|без возможность|можливість|можливості .. ANSWER|TALK
    NOT CANT .. ANSWER !в
    CANT&ENGLISH to? ANSWER !в
    NONE PHONE|TUBE|созвон|созвонов|розмова|разговор|разговоров|розмов|телефонный|телефонний
    no|zero|any? voice|verbal .. CALLN|CALLV|contact|communication
    non verbal
    nonverbal|bsl|asl
    NOT .. phone&ENGLISH person|guy|girl|type|talker
    unknown|withheld|strange callers|caller|numbers|number|calls .. REFUSED
    REFUSED ... unknown|withheld|strange callers|caller|numbers|number|calls
    CALLV|CALLN|calls .. REFUSED
    CALLV|call&ENGLISH blocking|blocker|screening|barring|blocked
    spam blocker|filter
    any|anything|anyhow|любой|любым|чем|как|що|что|как-нибудь ... but|except|кроме|крім|окрім .. CALLN|CALLV|PHONE
    ONLY NOT .. CALLN|CALLV|PHONE
    кроме|крім|окрім|except|помимо .. CALLN|PHONE !COURIER
    CALLV&P2~DIAL .. CANCEL&P1
    CALLV&IMPER CANCEL&P1
    кто|хто CALLV&P3
    anyone|whoever who? calls|rings|phones
    за CALLN|CALLV .. поставить|минус|звезда|единица|кол|бан|оценка|плохой
    CALLN ... звезда|минус|единица|кол|зірка
    достать|замучить|надоесть|бесить|раздражать|бесят|задолбать|задрать|заебать .. CALLN|CALLV
    CALLN .. достать|замучить|надоесть|бесить|бесят|задолбать
    CALLN .. выкл|откл|вимк|офф|off|оффнуть|оффнуты|отключать|вимикати|оффлайн
    социофоб|социофобка|соціофоб|соціофобія|телефонофобия|телефобия
    NOT пользователь .. PHONE
    live|жити|жить без PHONE
    nobody|noone|none called|calls|rings|phones|phoned|rang
    nobody|noone|none is|are|to to? CALLV
    off .. call|calling list
    CALLN&ENGLISH no|not|nope
    neither ... nor .. CALLV|PHONE
    CALLV|CALLN ... UNWELCOME
    UNWELCOME .. CALLV|CALLN|calls
    UNWELCOME .. PHONE&ENGLISH
    PHONE .. CONTACT|TALK .. NOT|UNWELCOME
    TALK ... по PHONE ... NOT
    TALK&DAT предпочитать
    TUBE .. GONE&PAST|GONE&ADJ|GONE&ENGLISH
    GONE&PAST|GONE&ENGLISH .. TUBE
    TUBE .. out of order
    TUBE .. в|у|in the|my? раздевалка|шкафчик|сейф|машина|сумка|камера|роздягальня|locker|drawer|safe|шафка
    трубку|слухавка|слухавку NOT VERB&P1
    вне зона|зоны|доступ|доступа|покрытие
    поза зона|зоною
    недоступний|недоступный|абонент .. PHONE|CALLN|TUBE|голос
    абонент .. недоступний|недоступный
    PHONE|CALLN|TUBE|голос .. недоступний|недоступный|NOT доступный
    WITHOUT LINK|телефона|телефону
    NOT CANT HEAR
    NOT ловит|ловить
    NOT TALK&P1 !по|на|PERSON|русский|російський|російською|українською|английский|англійською
    no|NOT speaking|talking
    CANT&ENGLISH use .. phone
    незнакомый|неизвестный|чужой|невідомий|незнайомий номер? .. блокироваться|блокировать|REFUSE
    чужой|чужий номер .. NOT
    антиспам|автоответчик|автовідповідач
    мова|мовою жестів
    вадами|вадою слуху
    заикаться|заїкатися|stutter|stammer
    social anxiety
    BOTHER NOT NEED|стоит|варто
    text|email|message|texts|whatsapp over .. phone|call|calls|calling
    correspondence .. by|via email
    ONLY use|check|read|do telegram|whatsapp|viber|sms|email|vk|texts|text
"""

# Cannot talk now, and asks to be written to: a call would disturb.
BUSY = """
    сплю|спим|спати|sleeping|asleep|sleep
    на|в|у работа|работе|роботі|совещание|пара|смена|лекция|урок|учеба|зміна|нарада|лекція|занятие
    at|in|on work|office|class|lectures|meetings|meeting|school|shift|nights
    за|по руль|рулем|кермо|кермом|граница|границей|кордон|кордоном
    abroad|overseas
    весь|целый|цілий день занятый|зайнятий
    работать|працюю|работаю .. ночь|ночами|дом
"""

WAITING = words("ждать чекати waiting wait жду чекаю expect expecting")
TEXTING = words("text message email whatsapp telegram write viber texts messages")
US = words("мы ми я i we")
MANY_CALLS = words("звонки звонков звонками звонкам дзвінки дзвінків дзвінками дзвінкам calls phonecalls")
WELCOME = words("""
    принимать приймати рад радий да так yes принимаю можно можна ok fine welcome ждать чекати люблю отвечать ответить
    быстрый всегда завжди always любой
""")
NO = words("нет ні no nope неа")
BY_VOICE = words("CALLN CALLV PHONE TUBE")
BY_TEXT = words("MESSAGE PEN sms email telegram whatsapp viber vk INSTAGRAM BELL INTERCOM DOOR text")
YOURS = words("ваш your вас магазин shop store")
SHOP = words("вы ви you никто ніхто nobody")
TO_PHONE = words("""
    please to not don't dont never can can't should will and or just pls plz kindly must may no do won't u you
    without nobody courier driver shop only
""")
PHONE_WHOM = words("me us him her them before when if on upon ahead first once after prior my anytime in at between")
NO_CALLS = frozenset({("call", "of"), ("call", "centre"), ("call", "center")})
JEWELLERY = words("size sizes box finger resized resize engraving engraved")
OF_RINGS = words("engagement wedding gold silver diamond key curtain signet")

# A telephone after one of these is a thing on sale: "чехол на телефон не нужен".
ON_SALE = words("""
    чехол чохол стекло скло пленка плівка кейс зарядка кабель держатель тримач штатив шнурок подставка наушники
    собака кот кошка прийти положить купить покласти купити штора сцена карта фильм игрушка плеер dog cat street
    аксессуар коробка case cover charger holder protector strap stand
""")
