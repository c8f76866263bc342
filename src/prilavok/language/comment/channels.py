"""Which messengers are wanted and which are not, by name."""

from collections.abc import Sequence
from functools import cache

from prilavok.language.comment.keys import CHANNELS
from prilavok.language.comment.phrases import Phrases
from prilavok.language.comment.tokens import Token
from prilavok.language.comment.wordlist import words

NAMED = frozenset(CHANNELS)
THINGS = words("sticker stickers pack logo premium mug badge логотип наклейка стикер принт значок наліпка стікер")
TABLE = {
    "no": """
        NOT .. PEN|WRITE|USE|пользоваться|смотреть|дивитися|перевіряти|читать|проверять ... CHANNEL
        NOT .. стоять|установить|иметь|заходить|користуватися|читати|use|have|сидеть ... CHANNEL
        CHANNEL .. NOT|не смотреть|дивитися|перевіряти|PEN|WRITE
        CHANNEL .. NOT|не пользоваться|читать|проверять|користуватися|читати
        CHANNEL .. NOT|не стоять|иметь|USE|надо|нужно|треба|работать|use|checked|подходить
        NOT в|по|на|у|via|on|by|through? CHANNEL
        нет|немає|нету|no|without|без|кроме|крім|except|NOT .. CHANNEL
        CHANNEL .. нет|нету|немає|удалить|видалити|заблокированный|отсутствовать|видалив|отключить|блокировать
        i? NOT have|use CHANNEL
    """,
    "elsewhere": """
        видеть|увидеть|заказывать|заказать|узнать .. в|из|на|з|по|с|у|from|on|in|your|ваш? CHANNEL
        найти|знайти|побачити|подписать|подписанный|подписчик .. в|из|на|з|по|с|у|from|on|in|your|ваш? CHANNEL
        промокод|реклама|акция|группа|канал .. в|из|на|з|по|с|у|from|on|in|your|ваш? CHANNEL
        saw|found|discount|subscribed|ссылка|розыгрыш .. в|из|на|з|по|с|у|from|on|in|your|ваш? CHANNEL
        CHANNEL .. промокод|канал|группа|реклама|розыгрыш|скидка|subscriber
        из|from|з|із CHANNEL
        ваш|your CHANNEL
        my|мой|моє|мою email
        логотип|наклейка|чехол|чохол|принт|значок .. CHANNEL
    """,
    "mail": """
        WRITE|PEN|ответить|продублировать|дублировать|CONTACT|связь|связаться|лучше|только|на|в .. POST
        POST лучше|WRITE|PEN
        есть|є|have POST
        электронный|електронний POST
    """,
    "post": """
        новый|новою|нова|новой|нової|укр|россия|росії|почтой|поштой|отделение|доставка|отправить .. POST
        SHIP .. POST
        POST россия|отделение
    """,
    "text": """
        text&ENGLISH me|us|instead|only|please|when|if|before|rather|first
        text&ENGLISH messages?|message|on|to|or|the|my|is|are|no|not
        please|just|only|a|by|via|send|prefer|better|can|just|by|or|over|through text&ENGLISH
        text&ENGLISH
    """,
    "not text": """
        text&ENGLISH on|via|through CHANNEL
        CARD .. text&ENGLISH
        text&ENGLISH on&ENGLISH
        text&ENGLISH .. CARD
    """,
}


@cache
def _phrases() -> Phrases:
    return Phrases(
        {
            name: lines.replace("CHANNEL", "|".join([*CHANNELS, "text&ENGLISH"] if name == "no" else CHANNELS))
            for name, lines in TABLE.items()
        }
    )


def read_channels(tokens: Sequence[Token]) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Preferred and forbidden: places and names, in order of mention, each name once."""
    hits: dict[str, list[tuple[int, int]]] = {}
    for hit in _phrases().find(tokens):
        hits.setdefault(hit.value, []).append((hit.first, hit.last))
    wanted: list[tuple[int, str]] = []
    refused: list[tuple[int, str]] = []
    for place, token in enumerate(tokens):
        name = _name(tokens, place, hits)
        if not name:
            continue
        if _in(hits.get("elsewhere", ()), place):
            continue
        if _no(tokens, hits.get("no", ()), place):
            refused.append((place, name))
        else:
            wanted.append((place, name))
        del token
    refused = sorted([*refused, *_listed(tokens, wanted, refused)])
    no = {name for _, name in refused}
    return _once([one for one in wanted if one[1] not in no]), _once(refused)


def _listed(
    tokens: Sequence[Token], wanted: Sequence[tuple[int, str]], refused: Sequence[tuple[int, str]]
) -> list[tuple[int, str]]:
    """ "смс и вайбер не смотрю" is about both."""
    after = {place for place, _ in refused if any("NOT" in one.keys for one in tokens[place + 1 : place + 3])}
    joined = {"и", "та", "і", "й", "or", "and", "или", "або"}
    found = []
    for place, name in wanted:
        direct = place + 1 in after and "," in tokens[place + 1].gap
        linked = place + 2 in after and tokens[place + 1].low in joined
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


def _no(tokens: Sequence[Token], hits: Sequence[tuple[int, int]], place: int) -> bool:
    """Forbidden by a phrase that ends or begins with this very name, without another verb or comma between."""
    for first, last in hits:
        if not first <= place < last:
            continue
        if tokens[first].clause != tokens[place].clause and tokens[place].clause != tokens[last - 1].clause:
            continue
        if place not in {first, last - 1}:
            continue
        inner = tokens[first + 1 : last - 1]
        if any(
            one.keys & {"CALLV", "CALLN", "ONLY", "COMING", "LEAVE", "BETTER", "IF"} and place == last - 1
            for one in inner
        ):
            continue
        if tokens[first].low in {"только", "лишь"}:
            continue
        if place == last - 1 and any(one.clause != tokens[first].clause for one in tokens[first:last]) and not inner:
            continue
        if any(one.clause != tokens[place].clause for one in tokens[first:last]):
            continue
        imperative = sum(bool(one.keys & {"PEN", "WRITE"}) for one in inner)
        if (
            place == last - 1
            and imperative
            and not inner[0].keys & {"PEN", "WRITE", "NEED"}
            and tokens[first].low not in {"не", "not", "don't", "dont"}
        ):
            continue
        return True
    return False


def _in(hits: Sequence[tuple[int, int]], place: int) -> bool:
    return any(first <= place < last for first, last in hits)


def _once(found: list[tuple[int, str]]) -> list[tuple[int, str]]:
    seen: dict[str, int] = {}
    for place, name in found:
        seen.setdefault(name, place)
    return [(place, name) for name, place in seen.items()]
