"""Wishes as short lines, for the customer to check and for the courier to heed."""

from typing import NamedTuple

from prilavok.domain.wishes import Call, Window, Wishes

CALLS = {
    "ru": {
        Call.NEVER: "Не звонить",
        Call.ONLY_IF_URGENT: "Звонить только в крайнем случае",
        Call.REQUIRED: "Просит позвонить",
        Call.BEFORE_ARRIVAL: "Позвонить перед приездом",
    },
    "uk": {
        Call.NEVER: "Не дзвонити",
        Call.ONLY_IF_URGENT: "Дзвонити лише в крайньому разі",
        Call.REQUIRED: "Просить зателефонувати",
        Call.BEFORE_ARRIVAL: "Зателефонувати перед приїздом",
    },
    "en": {
        Call.NEVER: "Do not call",
        Call.ONLY_IF_URGENT: "Call only if there is no other way",
        Call.REQUIRED: "Asks for a call",
        Call.BEFORE_ARRIVAL: "Call before you arrive",
    },
}
WORDS = {
    "ru": {
        "entrance": "Подъезд {}",
        "intercom": "Домофон {}",
        "floor": "Этаж {}",
        "apartment": "Квартира {}",
        "leave_at_door": "Оставить у двери",
        "recipient_other": "Получит другой человек",
        "change_from": "Сдача с {}",
        "gift": "Подарок: без чека и цены",
        "delivery_window": "Привезти {}",
        "from": "с {}",
        "to": "до {}",
        "weekdays": "по будням",
        "weekends": "по выходным",
    },
    "uk": {
        "entrance": "Під’їзд {}",
        "intercom": "Домофон {}",
        "floor": "Поверх {}",
        "apartment": "Квартира {}",
        "leave_at_door": "Залишити біля дверей",
        "recipient_other": "Отримає інша людина",
        "change_from": "Решта з {}",
        "gift": "Подарунок: без чека й ціни",
        "delivery_window": "Привезти {}",
        "from": "з {}",
        "to": "до {}",
        "weekdays": "у будні",
        "weekends": "у вихідні",
    },
    "en": {
        "entrance": "Entrance {}",
        "intercom": "Intercom {}",
        "floor": "Floor {}",
        "apartment": "Flat {}",
        "leave_at_door": "Leave at the door",
        "recipient_other": "Another person takes it",
        "change_from": "Change from {}",
        "gift": "A gift: no receipt, no price",
        "delivery_window": "Bring it {}",
        "from": "from {}",
        "to": "until {}",
        "weekdays": "on weekdays",
        "weekends": "at weekends",
    },
}


class Line(NamedTuple):
    """`name` is the wish's field; `value` what it holds, where it stands for itself ("45К" of an intercom)."""

    name: str
    text: str
    value: str = ""


def lines(wishes: Wishes, language: str) -> list[Line]:
    """In the order in which a courier needs them: the call first, then the way to the door, then the door itself."""
    words, found = WORDS[language], []
    if wishes.call in CALLS[language]:
        found.append(Line("call", CALLS[language][wishes.call]))
    for name in ("entrance", "intercom", "floor", "apartment"):
        if value := getattr(wishes, name):
            found.append(Line(name, words[name].format(value), value))
    for name in ("leave_at_door", "recipient_other"):
        if getattr(wishes, name):
            found.append(Line(name, words[name]))
    if wishes.change_from is not None:
        found.append(Line("change_from", words["change_from"].format(f"{wishes.change_from:g}")))
    if wishes.gift:
        found.append(Line("gift", words["gift"]))
    if wishes.delivery_window is not None and (hours := window(wishes.delivery_window, language)):
        found.append(Line("delivery_window", words["delivery_window"].format(hours)))
    return found


def window(given: Window, language: str) -> str:
    """«с 10:00 до 14:00 по будням»."""
    words = WORDS[language]
    parts = [words[name].format(hour) for name, hour in (("from", given.from_), ("to", given.to)) if hour]
    return " ".join([*parts, *([words[given.days]] if given.days in words else [])])
