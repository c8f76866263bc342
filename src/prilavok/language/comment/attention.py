"""What a person must read: everything that asks for something which no field carries."""

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from prilavok.language.comment.attention_phrases import NEEDS
from prilavok.language.comment.attention_requests import requests
from prilavok.language.comment.phrases import Hit, Phrases
from prilavok.language.comment.polarity import SPLITS, Propositions
from prilavok.language.comment.tokens import Token
from prilavok.language.comment.wordlist import words

ANSWERS = words("нет да ні так no yes не ни")
SENT = words("ттн трек трек-номер tracking накладная накладна TRACK")
CHANNELS = words("telegram whatsapp viber sms email vk почта пошта")
SENDER = words("кто кого от who whom хто від сумма сума price цену ціну сколько скільки паспорт документ")
SURPRISE = words("сюрприз сюрпризом сюрпризу surprise секрет")
SAME = words("же ж самый самом самый самий самому same")
SERVICES = words("сборка установка подъем занос збірка встановлення підйом подключение assembly installation")
CERTAIN = words("""
    точно уверенный впевнений упевнений sure certain знать знаю выбрать обрати вибрати правильный вірний верный
    мой мій right correct подходить підходити подойти підійти fit fits fine устраивать влаштовувати нравиться подобатися
""")
ASKS = words("NOT NEED WANT SWAP INSTEAD QUESTION IF CHECK")
WHETHER = words("ли чи whether if")
THIS_NUMBER = words("этот этому цей цьому this")
FRIENDS_SAY = words("PAST P3")
NUMBERS = words("номер number телефон phone")
ROADS = words("дорога погода шлях road roads weather lane лестница сходи асфальт видимость")
NAVIGATION = words("""
    навигатор навігатор gps жпс геоточка геометка карта мапа карты maps satnav sat-nav nav eircode postcode google гугл
    яндекс
""") - words("карта")
DONE = words("зробити сделать внести провести здійснити")
SETTLED = words("paid оплачено сплачено")
AT_WORK = words("work working работаю працюю")
PAID = words("оплачено сплачено paid debit credit bank visa mastercard")
MAPS = words("навигатор навігатор карта мапа map maps яндекс гугл google знать знати показывать показувати заводить")
AS = words("как як as like same так же тот той")
TO_ME = words("мне мені нам me us")
GRATITUDE = words("спасибо благодарить дякую дякувати thanks thank thx спс дяка")
MOST_WISHED = 6
HOWEVER = words("но але but однако проте зато only только тільки хотя хоча")
BRANCH = words("отделение відділення почтомат поштомат постамат")
MOVED = words("""
    SWAP INSTEAD SHIP GIVE COMING другой інший новый новий another new переехать переїхати змінитися измениться
""")
NAMED = words("указать указанный вказати вказаний given")
GIVEN = words("указать указанный вказати вказаний выбрать выбранный обрати обраний вибрати написать given gave chosen")
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
    found += _unmarked(tokens, explained)
    found += requests(tokens, explained)
    return found


ASKING = words("почему чому why сколько скільки how where")
OF_CALLS = words("CALLV CALLN PHONE BOTHER")


def _unmarked(tokens: Sequence[Token], explained: set[int]) -> list[Hit]:
    """ "Чому ціна в кошику вища": a question that forgot its mark."""
    found = []
    for place, token in enumerate(tokens):
        first = place == 0 or tokens[place - 1].sentence != token.sentence
        if not first or token.low not in ASKING or place in explained:
            continue
        asked = [one for one in tokens if one.sentence == token.sentence]
        if len(asked) > 1 and not any(one.keys & (OF_CALLS | {"IMPER"}) for one in asked):
            found.append(Hit(place, place + 1, "question"))
    return found


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
        for one in tokens[max(0, hit.first - 5) : hit.last + 9]
        if one.sentence == head.sentence
    ):
        return not any(
            one.keys & {"карта", "картка", "card", "терминал", "PAPER", "термінал", "безнал"} for one in words
        )
    if _is_told_apart(tokens, hit) or _is_as_usual(tokens, hit):
        return True
    if hit.value == "people" and any(one.keys >= {"CANT", "P1"} for one in words):
        return True
    if hit.value == "people" and not any(one.low in SENDER for one in words):
        return any(one.keys & {"BIRTHDAY"} or one.low in SURPRISE for one in tokens)  # "подруге ничего не говорите"
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
    if hit.value == "complaint" and (_supposed(tokens, hit) or head.keys >= {"SPOILT", "P3", "PERF"}):
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


def _is_told_apart(tokens: Sequence[Token], hit: Hit) -> bool:
    """What sounds like a matter for the shop and is none: paid already, a map, a day of giving, "when he is near"."""
    said = tokens[hit.first : hit.last]
    around = [one for one in tokens if one.sentence == said[0].sentence]
    before = tokens[hit.first - 1].low if hit.first else ""
    if hit.value == "complaint" and any(one.keys & ({"LINK", "HEAR"} | NAVIGATION | ROADS) for one in around):
        return True  # "связь плохая", "satnav sends everyone to the wrong farm"
    if hit.value == "card":
        return any(one.low in PAID for one in around)
    if hit.value == "payment" and any(_is_paid(one, around) for one in around):
        near = [one for one in around if one.clause == said[0].clause]
        undone = any("NOT" in one.keys for one in near)
        if not undone and any(one.keys >= {"RECEIVE", "PAST"} for one in around):
            return True  # "оплатила, чек получила"
        return not undone and not any(
            one.keys & {"PAPER", "CANCEL", "QUESTION"} or one.low == "twice" for one in around
        )
    if hit.value == "payment" and before in {"на", "в"} and said[0].low in {"картах", "карте", "карті", "мапі"}:
        return True
    if hit.value == "payment" and said[0].keys & {"карта"} and sum(bool(one.keys & MAPS) for one in around) > 1:
        return True
    if hit.value == "date" and said[0].keys >= {"P1"} and before in {"потом", "потім", "then"}:
        return True  # "успеть до 12, потом уеду"
    if hit.value == "date" and len(around) <= MOST_WISHED and around[0].low in {"с", "з", "із", "со", "happy"}:
        return True  # "с 8 марта"
    if hit.value == "date" and all("MON" in one.keys for one in said):
        if any(one.low in AT_WORK for one in around if one.clause == said[0].clause):
            return True  # "I work mon-fri"
        past = [one for one in around if one.clause == said[0].clause and one.keys >= {"PAST", "VERB"}]
        even = {one.low for one in tokens[max(0, hit.first - 2) : hit.first]} & {"хоть", "хоч", "even"}
        return bool(past) or bool(even) or _next_is(tokens, hit, {"nav", "navs"})
    if hit.value == "date" and "на" in {before, said[0].low}:
        needed = any(one.keys & {"NEED", "WANT", "COMING"} and one.clause == said[0].clause for one in around)
        return not needed and any(one.keys & {"GIFT", "GIFTY", "WRAP"} for one in tokens)
    if hit.value == "question" and said[0].low in {"когда", "коли"}:
        led = [one for one in around if one.start < said[0].start]
        return any(one.keys & {"CALLV", "PEN", "SOME"} or one.keys >= {"IMPER", "VERB"} for one in led)
    if hit.value == "complaint" and said[0].keys & {"третий", "второй", "третій", "другий", "third", "second"}:
        spoken = [one for one in tokens if "CALLV" in one.keys]
        return bool(spoken) and not any(one.keys & {"P1", "PAST"} for one in spoken)
    return False


def _is_paid(token: Token, around: Sequence[Token]) -> bool:
    done = any(one.low in {"уже", "вже", "already"} for one in around) and any(
        one.keys >= {"VERB", "PAST"} for one in around
    )
    done |= any(one.keys >= {"VERB", "PAST"} and one.keys & DONE for one in around)
    return token.keys >= {"PAY", "PAST"} or token.low in SETTLED or (done and "PAY" in token.keys)


def _is_as_usual(tokens: Sequence[Token], hit: Hit) -> bool:
    """ "На этот же номер", "сборка не требуется", "жду ттн": nothing that the shop would not do anyway."""
    said = tokens[hit.first : hit.last]
    sentence = [one for one in tokens if one.sentence == said[0].sentence]
    clause = [one for one in sentence if one.start >= said[0].start]
    if hit.value == "phone":
        here = any(one.low in THIS_NUMBER for one in said) and not any("NUMBER" in one.keys for one in tokens)
        return here or any(one.low in SAME for one in said)
    if hit.value == "question" and said[0].keys & {"CONSULT"} and _is_thanked(tokens, hit):
        return True
    if hit.value == "question" and said[0].low in {"recommended", "recommends", "advised"}:
        return True
    if hit.value == "question" and said[0].keys & FRIENDS_SAY and not said[0].keys & {"IMPER", "INF"}:
        return "VERB" in said[0].keys  # "подруга посоветовала ваш магазин"
    if hit.value == "payment" and any(one.keys & NUMBERS for one in sentence):
        return any(one.low in {"для", "for"} for one in sentence)  # "номер только для накладной"
    if hit.value == "question" and said[0].keys & {"CONSULT"}:
        return any(one.keys & {"NOT"} and two.keys & {"NEED"} for one, two in pairwise(clause))
    if hit.value == "complaint":
        return _is_as_before(tokens, hit) or _is_thanked(tokens, hit)
    if hit.value == "address" and said[-1].low == "міст":
        return True  # a bridge, and not one of many towns
    if hit.value == "address" and said[-1].keys & {"ABSENT"} and said[0].keys & {"ADDRESS"}:
        return True  # "таблички на улице нет"
    if hit.value == "address" and said[0].keys & BRANCH and not any(one.keys & MOVED for one in tokens):
        return True  # "відділення 88, заберу сама"
    if hit.value == "address":
        return _is_given(tokens, hit) or _when_there(tokens, hit)
    if hit.value == "goods" and said[0].keys & {"GOODS"} and len(said) == 1:
        return _is_certain(tokens, hit)
    if hit.value == "goods" and said[0].keys & SERVICES:
        return any(one.keys & {"NOT"} and two.keys & {"NEED"} for one, two in pairwise(clause))
    if hit.value == "payment" and any(one.keys & NAMED and "IMPER" not in one.keys for one in sentence):
        return not any(one.keys & {"NOT", "SWAP", "INSTEAD", "wrong"} for one in sentence)  # "адреса, оплата вказані"
    if hit.value == "payment" and any(one.keys & SENT for one in said):
        told = any(one.keys >= {"PEN", "IMPER"} and two.low in TO_ME for one, two in pairwise(sentence))
        then = any("WHEN" in one.keys for one in sentence)  # "напишіть, як буде ТТН"
        return (told and then) or any(one.keys & {"ждать", "чекати"} and "P1" in one.keys for one in tokens)
    return False


def _is_certain(tokens: Sequence[Token], hit: Hit) -> bool:
    """ "Размер и цвет выбрала точно", "I'm sure of the size": chosen, and nothing to do."""
    near = [one for one in tokens if one.clause == tokens[hit.first].clause]
    asks = any(
        one.low in WHETHER or one.keys & {"NOT", "NEED", "WANT", "SWAP", "INSTEAD", "QUESTION", "IF", "CHECK"}
        for one in near
    )
    told = any(one.keys >= {"IMPER", "VERB"} and not one.keys & {"P1", "ADJ"} for one in near)
    after = [one for one in tokens[hit.last :] if one.sentence == tokens[hit.first].sentence]
    but = any(one.low in HOWEVER for one in after)  # "выбрала 42, но нужен 44"
    return not asks and not told and not but and any(one.keys & CERTAIN for one in near)


def _is_as_before(tokens: Sequence[Token], hit: Hit) -> bool:
    """ "Same as last order" explains why nobody need call; "сделайте как в прошлый раз" is to be looked up."""
    near = [one for one in tokens if one.clause == tokens[hit.first].clause]
    led = any(one.keys & AS or one.low in AS for one in tokens[max(0, hit.first - 3) : hit.first])
    told = any(one.keys & {"IMPER", "NEED", "COMPLAIN", "INF"} and "CALLV" not in one.keys for one in near)
    refused = any(one.keys & {"CALLV", "CALLN"} for one in tokens)
    refused |= any(one.keys & NUMBERS for one in near) and any(one.low in SAME for one in near)
    unlike = any("NOT" in one.keys for one in tokens[max(0, hit.first - 4) : hit.last])
    return led and refused and not told and not unlike


def _is_thanked(tokens: Sequence[Token], hit: Hit) -> bool:
    """ "Дякую за швидку доставку минулого разу"."""
    for one, two in pairwise(tokens[: hit.last]):
        if one.keys & GRATITUDE and one.sentence == tokens[hit.first].sentence and one.low not in {"пожалуйста"}:
            good = two.low in {"за", "for"} or one is tokens[0]
            return good and not any(each.keys & {"NOT", "COMPLAIN"} or each.low in HOWEVER for each in tokens)
    return False


def _is_given(tokens: Sequence[Token], hit: Hit) -> bool:
    """ "На відділення, яке вказала", "на указанный адрес": it stands in the order."""
    near = [one for one in tokens[max(0, hit.first - 1) : hit.last + 5] if one.sentence == tokens[hit.first].sentence]
    other = any("NUM" in one.keys or one.keys & {"NOT", "другой", "інший", "another", "wrong"} for one in near)
    return not other and any(one.keys & GIVEN and "IMPER" not in one.keys for one in near)


def _when_there(tokens: Sequence[Token], hit: Hit) -> bool:
    """ "Повідомте, коли прибуде на відділення": where it goes anyway."""
    first, last = Propositions(tokens).bounds_of(hit.first)
    inside = tokens[first:last]
    return bool(inside[0].keys & {"WHEN"}) and not any(one.keys & {"NUM", "IMPER", "NOT"} for one in inside)


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
