"""Refusals that never say "call": the telephone is off, nobody can talk, whoever calls will be sorry."""

from collections.abc import Sequence
from itertools import pairwise

from prilavok.language.comment.tokens import Token
from prilavok.language.comment.wordlist import words

UNSAID = """
    номер|number|телефон .. левый|фейковый|фейк|dummy|placeholder|fake|заглушка|липовый|вигаданий|выдуманный|галочки
    номер|number|телефон .. NOT !мой .. работать|существовать|существует|існує|працює|обслуживаться
    номер|телефон .. временно NOT
    CALLN .. чс|чсс|бан|спам|блок|мусор|помойка|игнор
    FORGET|lose|delete|удалить|видалити|стереть|убрать|прибрати|вычеркнуть .. мой|мій|my номер|number|телефон|phone
    NOT трогать|чіпати|использовать|use .. мой|мій|my номер|number|телефон|phone
    оставить|залишити|leave .. мой|мій|my телефон|номер|phone|number .. покой|спокій|alone
    text|email|message|sms|telegram|whatsapp|viber|смс .. suffice|enough|plenty
    text|email|message|sms .. will|is|would|ll do|fine? !.. call
    text|email|message|sms .. is all
    достаточно|достатньо|хватить|хватит|досить|вистачить|довольно .. письмо|лист|уведомление|PEN&INF|сповіщення
    sms|MESSAGE|telegram|whatsapp|viber|смс за глаза|очі
    CALLN|TALK|беседа|балачка|разговоры ... NOT моё|мое|моє
    NONE|без алло|ало|але
    text|email|message|texts|whatsapp over .. PHONE|CALLN
    anything|way ... but|except .. PHONE
    ringer|phone on? .. silent
    NOT come .. phone
    voicemail
    ONLY для|for .. интернет|інтернет|internet|data
    telegram|whatsapp|viber|sms|email|vk|text|messages .. ONLY way|option|method
    silent|беззвучный|беззвучному mode|режим
    NOT my|the phone|mobile|cell
    телефонным разговорам
    PHONE .. out of order
     сеть|мережа|сигнал|signal|reception .. NOT|нет|немає .. ловить|ловит|BROKEN
    сеть|мережа|LINK|сигнал нет|немає|отсутствовать|нету|нема
    нет|немає|нету|no|without|нема .. сотовый|мобильный|мобільний|телефонный? LINK
    TAKE NOT CANT
    NOT телефонный|телефонний !звонок
    unreachable|unavailable
    ringer .. off
    it stays|remains|is off|silent
    stick|keep ... to? texting|text|email|chat|messages
    вопросы|питання|общение|всё|усе|все ... перепиской|перепиской|листуванням
    решать|решайте|вирішуйте|вирішувати|everything ... в|у|in чат|чате|чаті|chat
    достаточно|достатньо|хватить|хватит|досить|вистачить .. sms|MESSAGE|telegram|whatsapp|viber
    sms|MESSAGE .. достаточно|достатньо|хватить|хватит|досить|вистачить
    NOT .. use .. my number
    NOT .. CONTACT .. except|кроме|крім
    роуминг|роумінг|roaming
    на|в|в? вибрация|вібрація|вібрації|вибрации|vibrate|вибро|вібро
    на|в? беззвучка|беззвучке|беззвуке|безвучке|беззвуку|беззвучному|вибро|виброзвонок !куплю
    dnd
    NOT|WITHOUT алло|ало
    ANSWER&INF NOT CANT|буду
    NOT ANSWER&P1
    NOT CANT .. ANSWER !в
    CANT&ENGLISH to? ANSWER !в
    non verbal
    nonverbal|bsl|asl
    spam blocker|filter
    социофоб|социофобка|соціофоб|соціофобія|телефонофобия|телефобия
    трубку|слухавка|слухавку NOT VERB&P1
    вне зона|зоны|доступ|доступа|покрытие
    поза зона|зоною
    абонент .. недоступний|недоступный
    WITHOUT LINK|телефона|телефону
    NOT CANT HEAR
    NOT ловит|ловить
    no|NOT speaking|talking
    незнакомый|неизвестный|чужой|невідомий|незнайомий номер? .. блокироваться|блокировать|REFUSE
    чужой|чужий номер .. NOT
    антиспам|автоответчик|автовідповідач
    мова|мовою жестів
    вадами|вадою слуху
    заикаться|заїкатися|stutter|stammer
    social anxiety
    BOTHER NOT NEED|стоит|варто
    correspondence .. by|via email
    номер|телефон|number ... форма|форми|сайт|form|site|анкета .. требовать|вимагати|required|requires|просить|пускать
    номер|телефон|number .. для|ради|заради|for the? форма|форми|сайт|form|галочка|анкета
    связки|горло|голосові|vocal|throat ... молчать|мовчати|talk|speak|TALK|сорвать|сесть
    врач|доктор|лікар|doctor .. молчать|мовчати|NOT TALK
    письменный|письмовий форма|вид|вигляд
    QUESTION ... текстом|письменно|письмово|writing
    NOT утруждать|утруждаться|трудиться|напрягаться|мучиться|морочитися ... OPERATOR|центр|CONFIRM
    OPERATOR|центр .. NOT утруждаться|утруждать|трудиться|напрягаться|тратить
    тихий|silent|quiet|silence режим|mode
    режим тишина|тиша|молчание|мовчання
    незнакомый|неизвестный|чужой|чужие|невідомий|невідомі|чужі .. NOT проходить|пройти|пройдуть|дозвониться
    paper trail
    telegram|whatsapp|viber|sms|email|text|texts or nothing|bust
    number ... NOT use
    читать|прочитать|прочитати|читати|read|reading ... чем|ніж|than слушать|слухати|выслушать|listen|listening|to
    слушать|слухати некогда|ніколи
    номер|number|телефон .. старый|старий|old|dead|недійсний|недействительный|неактивний|неактивный
    old|fake|dead|wrong номер|number
    number's .. out of date
    CALLN .. противопоказать|trigger|triggers|triggering|тортури|пытка|torture
    CALLN ... штрафовать|штрафувати|штраф|увольнять
    fined|fines for CALLN
    line .. disconnected|dead
    гортань|горло|язык|голосовой|язик .. удалить|вырезать|видалити|немає|нет
    ANSWER .. вызов|виклик .. NOT
    SOME .. тишина|тиша
    вздрагивать|здригатися|шарахаться|jump .. PHONE|CALLN|мелодия|мелодія
    out of the question
    hang up on
    only hang up
    бросать&P1|бросить&P1|кидати&P1 .. TUBE
    nothing by|over|on|via the? PHONE|VOICE
    принимать|приймати|accepts .. один|одни|just|only sms|MESSAGE
    PEN|MESSAGE|text or NOT bother
    phones|phone .. locked|banned|forbidden|confiscated
    соглашаться|согласен|согласна|согласие|згоден|згодна|згода|agree|consent .. ONLY .. письмо|лист|MESSAGE|sms|email
    говорить|разговаривать|говорити|talk|speak .. с? трудом|важко|тяжело
    сотовый|телефон|мобільний|мобильный|phone .. дома|вдома|home сам|сама|i'm
    реагировать|реагувати .. плохо|никак|погано|нервно
    номер ... NOT использовать|используйте|пользоваться|користуватися|пользуйтесь|користуйтесь
    ONLY use|check|read|do telegram|whatsapp|viber|sms|email|vk|texts|text
"""

# Cannot talk now, and asks to be written to: a call would disturb.
BUSY = """
    сплю|спим|спати|sleeping|asleep|sleep
    на|в|у|in экзамен|екзамен|exam|exams|больница|лікарня|операция|пары|пари|театр|кино|съемка|зйомка|суд|court
    вести|веду пары|пари|урок|прием|прийом|занятия
    на|в|у работа|работе|роботі|совещание|пара|смена|лекция|урок|учеба|зміна|нарада|лекція|занятие
    BABY ... SLEEP~NOUN !sack|bag|suit|mask|toy|pillow|на
    SLEEP~NOUN .. BABY
    у BABY .. сон
    тихий|тиха|quiet|nap|сон|сонный HOUR|час|time
    в|у|на кабінет|урок|прийом|тренировка|тренування|молитва|церква|церковь|библиотека|бібліотека
    at|in|on a|night? work|office|class|lectures|library|church|training|meetings|meeting|school|shift|nights
"""

CHANNELS = words("telegram whatsapp viber sms email vk")
WAITING = words("ждать чекати waiting wait жду чекаю expect expecting")
LANGUAGES = words("""
    по-украински по-русски по-английски украински русски английски українськи ukrainian russian
    русский російський російською українською украинский английский english russian язык мова PERSON
""")
ANGER = words("""
    хватит хватить перестать прекратить досить годі хорош отвалить достать задовбати задолбать замучить надоесть дістати
    задрать достали припинити надокучити набриднути набридли задовбали
""")
VOICE = words("""
    CALLV CALLN PHONE TUBE TALK VOICE LINK ANSWER CONTACT BOTHER HEAR SILENT номер number звук sound CONFIRM
""")
MARKETING = words("""
    акция акція реклама рекламный рекламний опрос опитування рассылка розсилка спам marketing survey promo promotions
    sales advertising предложение пропозиція
""")
TEXTING = words("text message email whatsapp telegram write viber texts messages")
US = words("мы ми я i we")
MANY_CALLS = words("звонки звонков звонками звонкам дзвінки дзвінків дзвінками дзвінкам calls phonecalls")
WELCOME = words("""
    принимать приймати рад радий да так yes принимаю можно можна ok fine welcome ждать чекати люблю отвечать ответить
    быстрый всегда завжди always любой
""")
NO = words("ни увольте упаси избавьте отстаньте боже боронь нізащо absolutely нет ні no nope неа")
BY_VOICE = words("CALLN CALLV PHONE TUBE")
BY_TEXT = words("MESSAGE PEN sms email telegram whatsapp viber vk INSTAGRAM BELL INTERCOM DOOR text")
YOURS = words("ваш your вас магазин shop store")
SHOP = words("вы ви you никто ніхто nobody")
TO_PHONE = words("""
    please to not don't dont never can can't should will and or just pls plz kindly must may no do won't u you
    without nobody courier driver shop only
""")
PHONE_WHOM = words("""
    only as me us him her them before when if on upon ahead first once after prior my anytime in at between
""")
NO_CALLS = frozenset({("call", "of"), ("call", "centre"), ("call", "center")})
JEWELLERY = words("size sizes box finger for resized resize engraving engraved")
OF_RINGS = words("engagement wedding gold silver diamond key curtain signet")

# A telephone after one of these is a thing on sale: "чехол на телефон не нужен".
FOR_PHONES = words("""
    чехол чохол стекло скло пленка плівка case cover box stand holder strap charger держатель тримач салон
""")
ON_SALE = words("""
    чехол чохол стекло скло пленка плівка кейс зарядка кабель держатель тримач штатив шнурок подставка наушники
    собака кот кошка прийти положить купить покласти купити штора сцена карта фильм игрушка плеер dog cat street
    аксессуар салон салона салону крамниця коробка case cover charger holder protector strap stand
""")

BUYING = words("buy buying bought купить покупать купити купувати")
VOICE_NOTES = words("голосовые голосовых голосовое голосовухи голосові голосових голосове гс")


def is_voice_note(tokens: Sequence[Token], place: int) -> bool:
    """ "Голосовые не слушаю": messages, and no calls."""
    after = tokens[place + 1 : place + 2]
    return tokens[place].low in VOICE_NOTES and not any("NOUN" in one.keys for one in after)


def is_elsewhere(tokens: Sequence[Token]) -> bool:
    """Whether languages, things for telephones, the shop's telephone or voice messages are spoken of, and no call."""
    if any(token.keys & ((LANGUAGES - {"PERSON"}) | FOR_PHONES) for token in tokens):
        return True  # "говорю только по-русски", "чехол на телефон не нужен"
    if any(token.keys & {"CALLV", "CALLN"} and "PHONE" not in token.keys for token in tokens):
        return False
    but = any("ONLY" in one.keys and "NOT" in two.keys for one, two in pairwise(tokens))
    if but and any(token.keys & CHANNELS for token in tokens) and not any(token.keys & VOICE for token in tokens):
        return True  # "только не в вотсап"
    bought = any(token.keys & BUYING for token in tokens) and any("PHONE" in token.keys for token in tokens)
    if bought:
        return True  # "buying this phone for myself"
    yours = any(one.keys & YOURS and two.keys & {"PHONE", "line"} for one, two in pairwise(tokens))
    mine = any(token.keys & {"P1", "меня", "мене", "my", "i"} for token in tokens)  # "ваш телефон я заблокировал"
    return (yours and not mine) or any(is_voice_note(tokens, place) for place in range(len(tokens)))
