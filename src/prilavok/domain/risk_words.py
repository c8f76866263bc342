"""Why a person should look at an order, as a person says it: the marks of risk, and a parcel that stands still."""

from collections.abc import Mapping
from typing import Any

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "phone_missing": "no telephone number",
        "phone_impossible": "such a telephone number does not exist",
        "phone_fixed": "a fixed line, no mobile",
        "email_missing": "no e-mail address",
        "email_impossible": "such an e-mail address cannot exist",
        "email_throwaway": "a mailbox for ten minutes",
        "address_incomplete": "the address is not complete",
        "twins": "like other orders of these days: {count}",
        "refused_before": "earlier parcels came back: {count}",
        "taken_before": "earlier parcels were taken: {count}",
        "large_sum": "{times} times the usual sum",
        "from_one_device": "other orders from the same device: {count}",
        "proven_address": "one of their addresses is proven",
        "prepaid": "paid already",
        "cash": "pays on receipt",
        "stuck": "no news of the parcel for {days} days",
    },
    "ru": {
        "phone_missing": "нет телефона",
        "phone_impossible": "такого телефона не бывает",
        "phone_fixed": "телефон городской, не мобильный",
        "email_missing": "нет почты",
        "email_impossible": "такой почты не бывает",
        "email_throwaway": "почта на десять минут",
        "address_incomplete": "адрес неполный",
        "twins": "похоже на другие заказы этих дней: {count}",
        "refused_before": "прежние посылки вернулись: {count}",
        "taken_before": "прежние посылки забраны: {count}",
        "large_sum": "в {times} больше обычной суммы",
        "from_one_device": "с того же устройства заказывали ещё: {count}",
        "proven_address": "один из адресов подтверждён",
        "prepaid": "уже оплачено",
        "cash": "оплата при получении",
        "stuck": "о посылке нет вестей уже {days} дн.",
    },
    "uk": {
        "phone_missing": "немає телефону",
        "phone_impossible": "такого телефону не буває",
        "phone_fixed": "телефон міський, не мобільний",
        "email_missing": "немає пошти",
        "email_impossible": "такої пошти не буває",
        "email_throwaway": "пошта на десять хвилин",
        "address_incomplete": "адреса неповна",
        "twins": "схоже на інші замовлення цих днів: {count}",
        "refused_before": "попередні посилки повернулися: {count}",
        "taken_before": "попередні посилки забрано: {count}",
        "large_sum": "у {times} більше за звичну суму",
        "from_one_device": "з того самого пристрою замовляли ще: {count}",
        "proven_address": "одну з адрес підтверджено",
        "prepaid": "уже оплачено",
        "cash": "оплата при отриманні",
        "stuck": "про посилку немає звісток уже {days} дн.",
    },
}
TIMES: Mapping[str, tuple[str, str, str]] = {"ru": ("раз", "раза", "раз"), "uk": ("раз", "рази", "разів")}


class _Known(dict[str, Any]):
    """What an older row does not say is left open in the sentence."""

    def __missing__(self, name: str) -> str:
        return "…"


def in_words(why: str, data: Mapping[str, Any], language: str) -> str:
    """One reason; a word of a later version stays as it is."""
    words = WORDS.get(language[:2], WORDS["en"])
    if isinstance(times := data.get("times"), int | float):
        data = {**data, "times": _times(times, language[:2])}
    return words[why].format_map(_Known(data)) if why in words else why


def _times(number: float, language: str) -> str:
    """11.0 as "11"; in Russian and Ukrainian with its noun: 11 раз, 3 раза, 12,8 раза."""
    said, whole = f"{number:g}", int(number)
    if language not in TIMES:
        return said
    one, few, many = TIMES[language]
    if number != whole:
        return f"{said.replace('.', ',')} раза"
    if whole % 100 in (11, 12, 13, 14):
        return f"{said} {many}"
    return f"{said} {one if whole % 10 == 1 else few if whole % 10 in (2, 3, 4) else many}"


def explained(reasons: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    """Stored reasons, each with its `text`."""
    return [{**one, "text": in_words(one["why"], one.get("data") or {}, language)} for one in reasons]
