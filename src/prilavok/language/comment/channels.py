"""Which messengers are wanted and which are not, by name."""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from prilavok.language.comment.keys import CHANNELS
from prilavok.language.comment.phrases import Phrases
from prilavok.language.comment.polarity import FILLER, Propositions, is_action
from prilavok.language.comment.tokens import Token
from prilavok.language.comment.wordlist import words

NAMED = frozenset(CHANNELS)
EXCEPT = words("кроме крім окрім except помимо")
WRITING = words("WRITE PEN")
REPLYING = words("ANSWER отписать отписаться відписати відписатися")
APART = words("ONLY HATE PROBLEM TALK talk speak answer")
ENOUGH = words("хватит хватить вистачить досить достаточно достатньо")
OTHERS = words("CALLV CALLN COMING")
SPOKEN = words("CALLV CALLN VOICE PHONE")
JOINTS = words("и та і й or and или або ни ні nor")
THINGS = words("sticker stickers pack logo premium mug badge логотип наклейка стикер принт значок наліпка стікер")
TABLE = {
    "elsewhere": """
        видеть|увидеть|заказывать|заказать|узнать .. в|из|на|з|по|с|у|from|on|in|your|ваш? CHANNEL
        ваш|your CHANNEL
        my|мой|моє|мою email
    """,
    "mail": """
        WRITE|PEN|ответить|продублировать|дублировать|CONTACT|связь|связаться|лучше|только|на|в .. POST
        есть|є|have POST
        POST есть|є|работать|працювати|рабочий|робочий|доступный|доступний|читать|читати|проверять|перевіряти|открытый
        через|строго|только|по|на|лише POST !россия
        CHANNEL или|або|чи|or|и|та? POST !россия|росії|отделение|відділення
        эл|ел|електронна|электронная POST
        POST или|або|чи|or|и|та CHANNEL
    """,
    "post": """
        RECEIVE .. на? почте|пошті
        на почте|пошті .. RECEIVE
        новый|новою|нова|новой|нової|укр|россия|росії|почтой|поштой|отделение|доставка|отправить .. POST
    """,
    "text": """
        text&ENGLISH
    """,
    "not text": """
    """,
}


@cache
def _phrases() -> Phrases:
    return Phrases({name: lines.replace("CHANNEL", "|".join(CHANNELS)) for name, lines in TABLE.items()})


def read_channels(tokens: Sequence[Token]) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Preferred and forbidden: places and names, in order of mention, each name once."""
    hits: dict[str, list[tuple[int, int]]] = {}
    for hit in _phrases().find(tokens):
        hits.setdefault(hit.value, []).append((hit.first, hit.last))
    wanted: list[tuple[int, str]] = []
    refused: list[tuple[int, str]] = []
    propositions = Propositions(tokens)
    for place in range(len(tokens)):
        name = _name(tokens, place, hits)
        if not name:
            continue
        if _in(hits.get("elsewhere", ()), place) or _is_promised(tokens, propositions, place):
            continue
        (refused if _is_refused(tokens, propositions, place) else wanted).append((place, name))
    refused = sorted([*refused, *_listed(tokens, wanted, refused)])
    no = {name for _, name in refused}
    return _once([one for one in wanted if one[1] not in no]), _once(refused)


def _listed(
    tokens: Sequence[Token], wanted: Sequence[tuple[int, str]], refused: Sequence[tuple[int, str]]
) -> list[tuple[int, str]]:
    """ "смс и вайбер не смотрю" is about both."""
    after = {place for place, _ in refused if any("NOT" in one.keys for one in tokens[place + 1 : place + 3])}
    found = []
    for place, name in wanted:
        if any(one.keys & {"ONLY", "BETTER"} and one.clause == tokens[place].clause for one in tokens[:place]):
            continue  # "только вайбер, смс не читаю"
        direct = place + 1 in after and "," in tokens[place + 1].gap
        linked = place + 2 in after and tokens[place + 1].low in JOINTS
        if direct or linked:
            found.append((place, name))
    return found


def _name(tokens: Sequence[Token], place: int, hits: dict[str, list[tuple[int, int]]]) -> str:
    token = tokens[place]
    if token.kind == "address":
        return "telegram" if token.low.startswith(("t.me/", "https://t.me")) else ""
    found = token.keys & NAMED
    if "telegram" in found and "тележка" in token.keys and tokens[max(0, place - 1)].low not in {"в", "на", "у"}:
        return ""
    if token.low == "тг" and place and tokens[place - 1].kind == "number":
        return ""  # tenge
    if found:
        return "" if _is_goods(tokens, place) else min(found)
    if (
        "POST" in token.keys
        and token.keys & {"почта", "пошта"}
        and _in(hits.get("mail", ()), place)
        and not _in(hits.get("post", ()), place)
    ):
        return "email"
    if token.low == "контакте" and place and tokens[place - 1].low == "в":
        return "vk"
    texted = token.keys >= {"text", "ENGLISH"} and token.low in {"text", "txt", "texts", "texting"}
    meant = _in(hits.get("text", ()), place) and not _in(hits.get("not text", ()), place)
    return "sms" if texted and meant else ""


def _is_goods(tokens: Sequence[Token], place: int) -> bool:
    """ "The telegram sticker pack", "наклейки с логотипом телеграм и вотсап"."""
    after = tokens[place + 1 : place + 2]
    if any(one.keys & THINGS and not one.gap.strip() for one in after):
        return True
    before = [one for one in tokens[max(0, place - 3) : place] if one.clause == tokens[place].clause]
    return any(one.keys & THINGS for one in before)


def _is_promised(tokens: Sequence[Token], propositions: Propositions, place: int) -> bool:
    """ "Реквизиты пришлю почтой": what the customer does."""
    first, last = propositions.bounds_of(place)
    return any(
        one.keys >= {"WRITE", "P1", "VERB"} and not one.keys & REPLYING for one in tokens[first:last]
    )  # "там отвечу" asks for a question there


def _is_refused(tokens: Sequence[Token], propositions: Propositions, place: int) -> bool:
    """A "not" of its own proposition that no other verb takes away: "вайбера не маю", "не пишите в вайбер"."""
    low, high = propositions.bounds_of(place)
    near = tokens[max(0, place - 4) : place]
    but = any(one.low in {"anything", "any"} and two.low == "but" for one, two in pairwise(near))
    if but or any(one.low in EXCEPT for one in tokens[max(low, place - 3) : place]):
        return not any("NOT" in one.keys for one in tokens[low:high])  # "кроме вк никуда не пишите"
    return _refused_before(tokens, place, low) or _refused_after(tokens, place, high)


def _refused_before(tokens: Sequence[Token], place: int, low: int) -> bool:
    told = place  # the nearest "пишите" on the way
    for back in range(place - 1, low - 1, -1):
        token, after = tokens[back], tokens[back + 1]
        if "CALLN" in token.keys and after.low in JOINTS and back + 2 == place and _none_of(tokens, back, low):
            return True  # "no calls or emails"
        if token.keys & OTHERS or (is_action(token) and not token.keys & WRITING):
            return False
        if token.low in {"just", "instead"} or (token.keys & {"ONLY", "BETTER"} and "NOT" not in after.keys):
            return False
        if token.keys & WRITING and token.keys & {"IMPER", "ENGLISH"}:
            told = back
        if token.low in ENOUGH and not token.keys & {"IMPER"}:
            return False  # "хватит одной смски"
        if token.keys & {"NOT", "WITHOUT", "NONE"} or (token.keys & {"STOP", "USELESS"} and "IMPER" not in token.keys):
            near = all(one.low in FILLER or one.keys & {"NEED", "NOT"} for one in tokens[back + 1 : told])
            return (told == place or near) and "ONLY" not in after.keys
    return False


def _refused_after(tokens: Sequence[Token], place: int, high: int) -> bool:
    for forward in range(place + 1, high):
        token = tokens[forward]
        other = token.keys & (OTHERS | {"TUBE", "PHONE"}) or (is_action(token) and not token.keys & WRITING)
        if other or token.keys >= {"PEN", "IMPER"}:
            return False
        if token.keys & {"USELESS", "GONE"} and "IMPER" not in token.keys:
            return True
        if "NOT" in token.keys:
            after = [one for one in tokens[forward + 1 : min(high, forward + 4)] if one.low not in FILLER]
            return not any(one.keys & (OTHERS | NAMED | APART) for one in after[:1]) and not any(
                one.keys & SPOKEN for one in after[:2]
            )  # "Viber, not a voice call"
    return False


def _none_of(tokens: Sequence[Token], place: int, low: int) -> bool:
    return any(one.keys & {"NOT", "WITHOUT", "NONE"} for one in tokens[max(low, place - 2) : place])


def _in(hits: Sequence[tuple[int, int]], place: int) -> bool:
    return any(first <= place < last for first, last in hits)


def _once(found: list[tuple[int, str]]) -> list[tuple[int, str]]:
    seen: dict[str, int] = {}
    for place, name in found:
        seen.setdefault(name, place)
    return [(place, name) for name, place in seen.items()]
