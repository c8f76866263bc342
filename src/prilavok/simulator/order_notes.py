"""What customers of the demo write into the comment field of an order, in the language and spelling of their own."""

import random
import re
from collections.abc import Mapping

from prilavok.simulator.people import Person

# Two of five say nothing. A weight, then the comment; gaps: {code} of the intercom, {floor}, {entrance}, {note} of
# money, {hour}, {later}.
NOTES: Mapping[str, tuple[tuple[int, str], ...]] = {
    "ru": (
        (9, "Не звоните, пожалуйста, лучше напишите в телеграм."),
        (7, "не звоните пишите в телеграм, домофон {code}"),
        (6, "Без звонков, спасибо"),
        (5, "Пишите в вотсап, на звонки не отвечаю"),
        (4, "Позвоните за час до приезда"),
        (4, "Курьеру: позвонить за полчаса, домофон не работает"),
        (5, "Домофон {code}, этаж {floor}"),
        (4, "{entrance} подъезд, {floor} этаж, код {code}"),
        (4, "Оставьте у двери, звонить не надо"),
        (4, "Это подарок, чек не вкладывайте, пожалуйста"),
        (3, "Сдача с {note}"),
        (3, "Сдача с {note} €, домофон {code}"),
        (4, "Доставка с {hour} до {later}"),
        (3, "Удобно после {later}, раньше никого нет дома"),
        (3, "Никогда мне не звоните, только почта."),
        (2, "Заберёт мама, её номер есть в прошлом заказе"),
        (2, "Писать можно с {hour} до {later}"),
        (2, "Только смс, интернета почти нет"),
        (2, "Перезвоните мне для подтверждения"),
        (2, "Спасибо! Жду с нетерпением"),
        (1, "Чашки к прошлым чашкам подберите, если можно"),
        (1, "Как договаривались с Оксаной в чате"),
        (1, "Звоните только если что-то срочное"),
    ),
    "uk": (
        (9, "Не дзвоніть, будь ласка, пишіть у телеграм."),
        (6, "не дзвонити, напишіть у вайбер"),
        (6, "Без дзвінків, дякую"),
        (4, "Пишіть у телеграм, домофон {code}"),
        (4, "Зателефонуйте за годину до приїзду"),
        (3, "Кур’єру: подзвоніть за пів години, домофон не працює"),
        (5, "Домофон {code}, поверх {floor}"),
        (4, "{entrance} під’їзд, {floor} поверх, код {code}"),
        (4, "Залиште під дверима, дзвонити не треба"),
        (4, "Це подарунок, чек не вкладайте, будь ласка"),
        (3, "Решта з {note}"),
        (4, "Доставка з {hour} до {later}"),
        (3, "Зручно після {later}, раніше нікого немає вдома"),
        (3, "Ніколи мені не телефонуйте, тільки пошта."),
        (2, "Забере сестра, її номер є в минулому замовленні"),
        (2, "Писати можна з {hour} до {later}"),
        (2, "Тільки смс"),
        (2, "Передзвоніть мені для підтвердження"),
        (2, "Дякую! Дуже чекаю"),
        (1, "Підберіть горнятка до минулих, якщо можна"),
        (1, "Як домовлялися з Анною в чаті"),
        (1, "Дзвоніть тільки якщо щось термінове"),
    ),
    "en": (
        (8, "Please don't call, e-mail is best."),
        (5, "No phone calls please, text me on WhatsApp"),
        (4, "Don't ring, message me on Telegram, door code {code}"),
        (4, "Call me half an hour before you arrive"),
        (5, "Leave it by the door, no need to ring"),
        (4, "Door code {code}, floor {floor}"),
        (4, "It's a present, please leave out the receipt"),
        (3, "Change from {note}, please"),
        (4, "Deliver between {hour} and {later}:00"),
        (3, "After {later}:00 only, nobody is at home before"),
        (2, "Never phone me. Letters only."),
        (2, "My neighbour will take it"),
        (2, "Text messages only"),
        (2, "Thank you, can't wait"),
        (1, "As agreed with Anna last week"),
        (1, "Match them to my other bowls if you can"),
        (1, "Only call if it's urgent"),
    ),
}
ASKS_A_PERSON: Mapping[str, str] = {
    "ru": "Это подарок, чек не вкладывайте. А можно открытку от руки?",
    "uk": "Це подарунок, чек не вкладайте. А можна листівку від руки?",
    "en": "It's a present, leave out the receipt. Could you write a card by hand?",
}
WANTS_A_CALL: Mapping[str, str] = {
    "ru": "Позвоните за час до приезда, домофон {code}",
    "uk": "Зателефонуйте за годину до приїзду, домофон {code}",
    "en": "Call me an hour before you arrive, door code {code}",
}
WRITES_ONLY: Mapping[str, str] = {
    "ru": "не звоните, пишите в телеграм, домофон {code}",
    "uk": "не дзвоніть, пишіть у телеграм, домофон {code}",
    "en": "don't call, write to me on Telegram, door code {code}",
}
SAYS_SOMETHING = 0.6
GAP = re.compile(r"\{(\w+)\}")


def note(rng: random.Random, person: Person) -> str:
    """A comment as this person would write it, or nothing."""
    if rng.random() > SAYS_SOMETHING:
        return ""
    choices = NOTES[person.language]
    text = rng.choices([text for _, text in choices], [weight for weight, _ in choices])[0]
    text = filled(rng, text, person.language)
    return text.lower().rstrip(".") if person.lowercase and "{" not in text else text


def filled(rng: random.Random, text: str, language: str) -> str:
    """With its gaps filled."""
    values = {  # few different ones: what was read once need not be read again when the demo opens
        "code": rng.choice(("45K", "12", "88B", "7") if language == "en" else ("45К", "12", "88В", "7")),
        "floor": rng.choice(("3", "5", "9")),
        "entrance": rng.choice(("1", "2", "4")),
        "note": rng.choice(("50", "100")),
        "hour": rng.choice(("10", "12")),
        "later": rng.choice(("18", "20")),
    }
    return GAP.sub(lambda gap: values[gap[1]], text)
