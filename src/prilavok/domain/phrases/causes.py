"""Why something went wrong, as shops and carriers write it down in a word; customers read a sentence's part."""

from collections.abc import Mapping

CAUSES: Mapping[str, Mapping[str, str]] = {
    "ru": {
        "no_answer": "никто не ответил",
        "nobody_home": "никого не было дома",
        "wrong_address": "адрес не нашёлся",
        "refused_at_door": "от него отказались при вручении",
        "not_fetched": "его не забрали вовремя",
        "weather": "погода",
        "carrier": "задержка у перевозчика",
        "customs": "таможня",
        "sorting": "очередь на сортировке",
        "out_of_stock": "чего-то не оказалось в наличии",
        "declined": "банк отклонил платёж",
    },
    "uk": {
        "no_answer": "ніхто не відповів",
        "nobody_home": "нікого не було вдома",
        "wrong_address": "адреси не знайшли",
        "refused_at_door": "від нього відмовилися під час вручення",
        "not_fetched": "його не забрали вчасно",
        "weather": "погода",
        "carrier": "затримка в перевізника",
        "customs": "митниця",
        "sorting": "черга на сортуванні",
        "out_of_stock": "чогось не виявилося в наявності",
        "declined": "банк відхилив платіж",
    },
    "en": {
        "no_answer": "nobody answered",
        "nobody_home": "nobody was at home",
        "wrong_address": "the address was not found",
        "refused_at_door": "it was refused at the door",
        "not_fetched": "it was not fetched in time",
        "weather": "the weather",
        "carrier": "a delay at the carrier's",
        "customs": "customs",
        "sorting": "a queue at the sorting centre",
        "out_of_stock": "something was out of stock",
        "declined": "the bank declined the payment",
    },
}


def cause(given: str, language: str) -> str:
    """Words for a word of a program; a sentence stays as it is. Empty for a code that nobody has words for."""
    known = CAUSES[language].get(given.strip().lower())
    if known is not None:
        return known
    return given if " " in given.strip() or not given.isascii() else ""
