"""What a person must read: everything that asks for something which no field carries."""

import re
from collections.abc import Sequence
from functools import cache

from prilavok.language.comment.phrases import Hit, Phrases
from prilavok.language.comment.polarity import SPLITS, Propositions
from prilavok.language.comment.tokens import Token
from prilavok.language.comment.wordlist import words

NEEDS = {
    "goods": """
        SWAP
        NUM|GOODS|one .. instead
        the|a .. GOODS .. instead
        NOT SWAP
        ADD
        IF .. нет|немає|не|нету|нема|no|not|out .. наличие|наявність|GOODS|stock|товар|есть
        в наличие|наявності|наличии
        нет|немає|нету GOODS
        прибор|салфетка|серветка|cutlery|napkin
        WITHOUT лук|соус|сахар|кетчуп|майонез|цибуля|onion|sugar|сыр|пакет|орех|глютен
        размер|цвет|розмір|колір|size|color|colour|артикул|модель|вкус|оттенок
        CHECK~PAST
        NOT кладите|класть|положить|вкладывать|нужен .. PAPER|GOODS|реклама|листовка|прибор|пакет|include
        реклама|рассылка|спам|розсилка|newsletter|promo ... NOT
        INSTEAD NOUN~CALLN
        NOT треба|присылать|вкладати|кладіть|класти .. PAPER|GOODS|реклама|листовка|прибор|пакет|include
        положить|покласти|вложить|вкласти ... PAPER|GOODS|GIFT|CARD|пробник|прибор|образец|WRAP
        пробник|образец|зразок|тестер|sample ... положить|покласти|вложить|вкласти|add|include|put
        приложить|докласть|include|put|add ... PAPER|GOODS|GIFT|CARD|пробник|прибор|образец|WRAP
        WITHOUT PAPER|цена|ценник|цінник|чек
        снять|убрать|прибрати|зняти|remove|срезать|оторвать .. PAPER|ценник|цінник|бирка|price|tag
        PAPER&ценник
        свежий|свежее|поближе|срок .. годность|дата|посвежее|годности
        срок|термін годность|придатність
        сборка|установка|подключить|подключение|занос|подъем
        установить|подключення|збірка|assemble|assembly|installation|install
        вместо|замість|instead ... GOODS|NUM
        вместо|замість NUM|GOODS
        нужный|нужно|хотеть|want|need .. ещё|еще|ще|one|two|another|два|две|три NUM?
        гравировка|гравіювання|engraving
        хрупкий|стекло|fragile|осторожно|обережно .. упаковать|упакуйте|wrap
        упаковать|запакувати|упаковка .. NUM|отдельно|по|хорошо|надежно|окремо|раздельно|separately|надійно
        отдельно|окремо|separately .. WRAP
        аллергия|алергія|allergic|allergy
        примерка|примерить|приміряти
        забрать|вывезти|утилизировать .. старый
        другой|другого|інший цвет|размер|модель|товар|колір|розмір
        добавьте|докиньте|доложите
    """,
    "address": """
        другой|новый|інший|новий|правильный|неверный|неправильный .. ADDRESS|адресу
        верный|new|different|another|wrong|correct|точный .. ADDRESS|адресу
        ADDRESS .. измениться|поменяться|другой|неверный|неправильный|ошибка|змінитися|changed
        ADDRESS .. wrong|интересовать|правильный|помилка|інший|not|NOT|ошибиться
        изменить|поменять|змінити|change|сменить|исправить|виправити|уточнить .. ADDRESS
        GIVE|COMING|отправить|SHIP .. на|по|в|to|за? ADDRESS
        отделение|відділення|почтомат|поштомат|постамат .. NUM
        самовывоз|самовивіз|пвз
        переехать|переїхати|moved
        NOT .. ADDRESS
        ул|улица|вул|вулиця|проспект|просп|переулок .. NUM
        ошибка|ошибиться|перепутать|помилка|помилитися ... ADDRESS|дом|квартира|номер|улица
        переадресовать|переадресувати|redirect
    """,
    "date": """
        кроме|крім|except NOON|MORNING|EVENING|MON|WEEKEND
        MON~GREET !утро|NEVER
        DATE&завтра|DATE&послезавтра|DATE&післязавтра|DATE&tomorrow|DATE&today|DATE&tonight|DATE&сегодня|DATE&сьогодні
        NUM MONTH
        MONTH&ENGLISH NUM
        NUM st|nd|rd|th? of? MONTH
        NUM число
        до|к|после|на|перед|after|before NUM? год|праздник|новый|christmas|easter|пасха
        for|by|під|після|new|новый|новий NUM? год|праздник|новый|christmas|easter|пасха
        до|к|после|на|перед|after|before NUM? рождество|великдень|різдво|март|recovering|выпускной|свадьба
        for|by|під|після|new|новый|новий NUM? рождество|великдень|різдво|март|recovering|выпускной|свадьба
        до|к|ко|by|before|під дню|дня|birthday рождение|народження
        by|before her|his|the birthday
        следующий|этот|наступний|цей|next .. неделя|тиждень|week|месяц|місяць|month|число
        this|той|конец|начало|ближайший .. неделя|тиждень|week|месяц|місяць|month|число
        через NUM? неделя|тиждень|день|месяц|дня|дней
        in NUM|a day|days|week|weeks
        отпуск|відпустка|vacation|holiday|командировка|уехать|уезжать|виїжджати|away|відрядження
        перенести|отложить|перенесення|відкласти|postpone|reschedule|придержать|притримати|delay|hold
        не раньше|ранее|раніше NUM число|MONTH
        пнд
        числа|числу
    """,
    "payment": """
        PAY !при
        оплатить|сплатити|платить|pay|заплатить
        по карте|карточке|картой|картою|безналом|терминалу
        PAPER&чек|PAPER&накладная|PAPER&счет|PAPER&рахунок
        PAPER&накладна|PAPER&invoice|PAPER&receipt|PAPER&документ|PAPER&инвойс
        юрлицо|юридический|юрлица|ндс|пдв|фоп|ооо|тов|vat|инн
        бонус|балл|бали
        ттн|трек|tracking|реквизит
    """,
    "cancel": "CANCEL~вернуть",
    "return": """
        возврат|вернуть|повернення|повернути|refund|return
    """,
    "complaint": """
        прошлый|прошлого|предыдущий|минулий|минулого|последний|last .. раз|разу|заказ|time|order|доставка
        в прошлый|минулий
        COMPLAIN !раз'
        NOT .. доехать|работать'|прийти|приехал|приехали|дошёл|получила
        сколько можно|жду
        когда уже|наконец|нарешті
        уже|вже .. неделя|тиждень|week|месяц|місяць .. жду|чекаю|waiting|нет|немає
        и? досі|доси|досих|still ... чекаю|жду|waiting|нет|немає|NOT
        сих|сей пор ... NOT|жду|нет
        второй|третий|четвертый|другий|третій|third|second .. раз|time ... NOT|COMPLAIN|пишу|звоню|жду|CALLV
        nobody|никто|ніхто .. replied|reply|answered|responded
        smashed|crushed|missing|cracked|torn|refund
        wrap&ENGLISH .. separately|each|carefully|well
        недовольный|незадоволений|unhappy|angry|жаловаться|скаржитися
        вы|ви NOT .. CALLV~INF|привезти~INF|ответить~INF|відповісти~INF
        опоздать|опаздывать|запізнитися
        никто|ніхто|nobody .. NOT .. PAST&VERB|перезвонил|приехал|відповів|ответил
        приехать|прислать|пришло|прийшло|получить .. COMPLAIN|другой|чужой
    """,
    "question": """
        подскажите|підкажіть|скажите|скажіть .. пожалуйста|будь|когда|сколько|можно|есть|какой|как|чи|ли|почему|будет
        сколько|скільки|почему|чому .. будет|стоить|доставка|буде|коштує|стоит
        когда|коли .. будет|придет|приедет|прийде|доставка|буде|приїде|отправка|ждать|чекати|очікувати
        есть ли
        можно ли
        чи є|можна|буде|можливо
        интересует|цікавить|хотеть .. узнать|спросить|уточнить|дізнатися|know
        фото|photo .. WRITE
        how long|much|many
        is it possible
        do you have
        what is|are
        сообщить .. номер|трек|когда|цена|стоимость|сумма|точный
        скинуть|прислать|надіслати|скиньте|пришлите|send .. фото|трек|номер|счет|реквизит|ттн|photo
        скинуть|прислать|надіслати|скиньте|пришлите|send .. ссылка|чек|накладная|видео|рахунок|tracking|picture
        QUESTION .. по|насчет|о|заказ|щодо|про
        консультация|проконсультировать|посоветовать|порадьте|посоветуйте|порадити|advise|recommend
    """,
    "card": """
        CARD
        подписать|підписати .. CARD
        текст|напис|надпись|write|текстом .. CARD|поздравление|вітання
        поздравить|поздравление|привітання|привітати|пожелание|побажання
        from who
        gift note|message|tag|card
    """,
    "phone": """
        NUMBER
        другой|новый|второй|запасной|дополнительный|доп|резервный|другой|інший .. номер|телефон|number|phone
        новий|запасний|додатковий|another|different .. номер|телефон|number|phone
        second|alternative|new|правильный|неверный .. номер|телефон|number|phone
        номер|телефон .. другой|неверный|неправильный|изменился|измениться|wrong
        номер|телефон .. запасной|дополнительный|мужа|жены|мамы|дружини|чоловіка
        номер|телефон NOT мой|тот|верный|актуальный|мій|той
        по|на|to this|этот|цьому|следующий|другому|тот|цей .. номер|телефон
        instead of the number
        CALLV .. на номер|number
    """,
    "channel": """
        WRITE|PEN|в|на|у|через|via|on|CONTACT INSTAGRAM
        INSTAGRAM&инстаграм
        WRITE|PEN|CONTACT .. INSTAGRAM
        INSTAGRAM .. WRITE|PEN
        факс|fax
    """,
    "people": """
        NOT~нет GIVE|LEAVE .. PERSON|ребенок|дети|дитина
        лично|особисто|personally .. в? руки|руках
        документ|паспорт|passport|доверенность|довіреність
        пропуск|перепустка|pass
        по частям|частями|разными
        отдельный|окремий посылка|заказ|посилка|замовлення
        объединить|об'єднати|combine|вместе|разом .. заказ|замовлення|order
        с предыдущий|попереднім|another|other заказ|замовлення|order
        дозаказ|доставка NUM
        анонимный|анонимно|анонімно|анонімний|anonymous|anonymously
        NOT .. говорить|сказать|сообщать|рассказывать .. PERSON|кто|что|от|who|хто|про|сумма|price|цену
        NOT .. кажіть|казати|tell|say|mention .. PERSON|кто|что|от|who|хто|про|сумма|price|цену
        секрет|таємно|secret
    """,
}
ANSWERS = words("нет да ні так no yes не ни")
SENT = words("ттн трек трек-номер tracking накладная накладна TRACK")
CHANNELS = words("telegram whatsapp viber sms email vk почта пошта")
QUESTION = re.compile(r"\?")
RHETORIC = words("""
    могли мог могла
    можно можна можете можете could can would будьте please пожалуйста possible ладно ок хорошо добре да ага угу
    а
""")


@cache
def _phrases() -> Phrases:
    return Phrases(NEEDS)


def read_attention(text: str, tokens: Sequence[Token], explained: set[int]) -> list[Hit]:
    """What a person has to act on. `explained`: words that a field already carries."""
    found = []
    for hit in _phrases().find(tokens):
        words = [place for place in range(hit.first, hit.last) if place not in explained]
        if (
            not words
            and hit.value != "question"
            and not any("NUMBER" in one.keys for one in tokens[hit.first : hit.last])
        ):
            continue
        if _harmless(tokens, hit):
            continue
        found.append(hit)
    found += _questions(text, tokens, explained)
    found += _requests(tokens, explained)
    found += _put_in(tokens, explained)
    return found


HANDLED = words("""
    CALLV WRITE PEN LEAVE GIVE RECEIVE COMING MEET CONFIRM BOTHER TALK ANSWER FORGET THANKS TAKE CONTACT PHONE
    REFRAIN REFUSE SILENT BROKEN ASK NEED WANT CALLN GIFT WRAP BELL NAME PERSON NAMED ACCEPT SOME DATE FEM REACH
    SHIP
""")
OBJECTS = words("PAPER GOODS PAY CARD GIFT цена ценник цінник ціна price реклама листовка сумма")
PUTTING = words("положить покласти вложить вкласти вкладывать include")
HARMLESS = words("""
    бежать стучать постучать улыбнуться улыбаться извинить извинять простить пожалуйста звать повернуть свернуть пройти
    зайти ехать смотреть знать быть подождать ждать иметь учесть поверить любить держать будить разбудить шуметь
    радовать поторопиться спешить торопиться толкать тянуть нажать нажимать ввести вводить подняться подниматься
    идти обойти искать найти помнить кушать гладить бояться беречь пугать пугаться пугайтесь заходить проходить
    входить войти приходить обращать обратить внимание стукнуть ориентироваться попробовать пробовать заезжать
    заехать дать дайте старайтесь постараться стараться стесняться пусть давать использовать жать хлопать
    закрыть закрывать считать стукати постукати вибачити вибачати пробачити повернути пройти зайти їхати
    дивитися знати бути почекати чекати мати врахувати тримати будити шуміти поспішати тиснути натиснути
    натискати ввести піднятися підніматися йти шукати пам'ятати боятися заходити давати дати закрити хвилюватися
    волноваться переживать благодарить желать продолжать процветать расти пугати лякати лаяти оставаться
    держаться здравствовать понять понимать зрозуміти розуміти пользоваться задерживать задержать расстраивать
    нервничать удивляться обижаться уважать расслабиться скажите сказать сказати послушать работать жить молчать
    при сделать зробити підготувати уходить уйти йти піти
    набирать набрать три трети видеть сигналить спросить соромитися соромтеся пишаться
""")


def _requests(tokens: Sequence[Token], explained: set[int]) -> list[Hit]:
    """An order in the imperative that no rule knows: a person should see it."""
    found = []
    for place, token in enumerate(tokens):
        if "IMPER" not in token.keys or place in explained or token.keys & {"P1", "NOUN", "ADJ"}:
            continue
        if token.keys & HANDLED or token.keys & HARMLESS or token.low in HARMLESS:
            continue
        before = [one for one in tokens[max(0, place - 2) : place] if one.clause == token.clause]
        after = [one for one in tokens[place + 1 : place + 4] if one.sentence == token.sentence]
        if any("NOT" in one.keys for one in before) and not any(one.keys & OBJECTS for one in (*before, *after)):
            continue  # "не тратьте время", "не пугайтесь"
        if any(one.keys & {"IF", "CHANGE"} for one in (*before, *after)):
            continue  # "если заблудитесь", "захватите сдачу"
        found.append(Hit(place, place + 1, "request"))
    return found


def _put_in(tokens: Sequence[Token], explained: set[int]) -> list[Hit]:
    """ "Покладіть срібний": something is to be put, and not at the door."""
    return [
        Hit(place, place + 1, "goods")
        for place, token in enumerate(tokens)
        if token.keys & PUTTING and token.keys & {"IMPER", "ENGLISH"} and place not in explained
    ]


def _harmless(tokens: Sequence[Token], hit: Hit) -> bool:
    words = tokens[hit.first : hit.last]
    lows = {one.low for one in words}
    head = tokens[hit.first]
    before = tokens[hit.first - 1] if hit.first else None
    if hit.value == "date" and (
        lows & {"добрый", "good", "доброго"}
        or (before is not None and before.low in {"добрый", "доброго", "good", "хорошего", "гарного", "nice"})
    ):
        return True
    if hit.value == "payment" and any(
        one.keys & {"CHANGE", "NOTE"}
        for one in tokens[max(0, hit.first - 5) : hit.last + 6]
        if one.sentence == head.sentence
    ):
        return not any(
            one.keys & {"карта", "картка", "card", "терминал", "PAPER", "термінал", "безнал"} for one in words
        )
    if hit.value == "people" and any(one.keys >= {"CANT", "P1"} for one in words):
        return True
    sentence = [one for one in tokens if one.clause == head.clause]
    if (
        hit.value == "payment"
        and any(one.keys & SENT for one in words)
        and any(one.keys & CHANNELS for one in sentence)
    ):
        return True  # "ТТН у вайбер"
    if (
        hit.value == "goods"
        and any("CHANGE" in one.keys and one.low != "change" for one in sentence)
        and not head.keys & {"SWAP", "ADD"}
    ):
        return True
    if hit.value == "goods" and _then_written(tokens, hit.first):
        return True
    if hit.value == "complaint" and _supposed(tokens, hit):
        return True
    if hit.value == "payment" and before is not None and before.low in {"сим", "sim"}:
        return True
    if hit.value == "payment" and any("GIFT" in one.keys for one in words):
        return False
    if (
        hit.value == "goods"
        and head.keys & {"INSTEAD"}
        and any(one.keys & {"CALLN", "CALLV", "PHONE"} for one in tokens[hit.first : hit.first + 4])
    ):
        return True
    if hit.value == "goods" and head.low in {"change", "сдачи"} and _next_is(tokens, hit, {"from", "for", "of"}):
        return True
    if (
        hit.value == "complaint"
        and len(words) == 1
        and head.low in {"опять", "снова", "late", "плохо", "погано", "rude", "wrong"}
    ):
        return head.low in {"плохо", "погано", "late", "снова", "опять"}
    return bool(hit.value == "cancel" and head.keys & {"передумать"} and before is not None and "NOT" in before.keys)


def _then_written(tokens: Sequence[Token], place: int) -> bool:
    """ "Если чего-то не будет, пишите" tells only what to do then."""
    propositions = Propositions(tokens)
    first, last = propositions.bounds_of(place)
    if tokens[first].low not in SPLITS or last == len(tokens):
        return False
    low, high = propositions.bounds_of(last)
    then = tokens[low:high]
    return any(one.keys & {"PEN", "CALLV", "CONTACT"} and one.keys & {"IMPER", "INF"} for one in then)


def _supposed(tokens: Sequence[Token], hit: Hit) -> bool:
    """ "unless something's gone wrong" complains of nothing."""
    before = tokens[max(0, hit.first - 5) : hit.first + 1]
    return any("IF" in one.keys and one.sentence == tokens[hit.first].sentence for one in before)


def _next_is(tokens: Sequence[Token], hit: Hit, words: set[str]) -> bool:
    return (hit.last < len(tokens) and tokens[hit.last].low in words) or any(
        one.low in words for one in tokens[hit.first : hit.last]
    )


def _questions(text: str, tokens: Sequence[Token], explained: set[int]) -> list[Hit]:
    """A question is for a person, unless it politely wraps a wish that was understood ("можно после шести?")."""
    found = []
    for mark in QUESTION.finditer(text):
        before = [place for place, one in enumerate(tokens) if one.end <= mark.start()]
        if not before:
            continue
        last = before[-1]
        if last + 1 < len(tokens) and tokens[last + 1].low in ANSWERS:
            continue  # "Звонить? Нет."
        sentence = [place for place in before if tokens[place].sentence == tokens[last].sentence]
        tail = [place for place in sentence if tokens[place].clause == tokens[last].clause]
        if len(tail) > 2 and len(tail) < len(sentence) and not any(place in explained for place in tail):
            found.append(Hit(tail[0], last + 1, "question"))
            continue
        plain = [place for place in sentence if tokens[place].kind == "word"]
        understood = sum(place in explained for place in sentence)
        polite = any(tokens[place].low in RHETORIC for place in plain)
        if understood and (polite or understood * 2 >= len(sentence)):
            continue
        if len(plain) <= 1 and len(tokens) > 3 and polite:
            continue
        found.append(Hit(sentence[0], last + 1, "question"))
    return found
