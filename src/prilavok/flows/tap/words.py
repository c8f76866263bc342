"""What a press is answered with at once. Everything else is told as an occasion, by the owner's rules and texts."""

from datetime import date

from prilavok.domain.delivery import Slot
from prilavok.domain.rendering import LANGUAGES
from prilavok.flows.slots import Choice

Options = list[dict[str, str]]  # text, data
MOST_OPTIONS = 9
TEXTS: dict[str, dict[str, str]] = {
    "ru": {
        "confirmed": "Заказ № {number} уже подтверждён. Больше ничего не нужно.",
        "cancelled": "Заказ № {number} отменён. Если передумали, напишите нам здесь.",
        "shipped": "Заказ № {number} уже в пути.",
        "at_pickup": "Заказ № {number} уже ждёт Вас в пункте выдачи.",
        "out_for_delivery": "Заказ № {number} уже у курьера.",
        "delivered": "Заказ № {number} уже доставлен. Если что-то не так, напишите нам здесь.",
        "returned": "Заказ № {number} вернулся в магазин. Если он Вам нужен, напишите нам здесь.",
        "too_late": "Заказ № {number} уже отправлен, отменить его здесь нельзя. Можно не забирать его "
        "или отказаться при вручении. Вопросы пишите сюда.",
        "change": "Напишите сюда, что изменить в заказе № {number}: адрес, состав, время. Ответит человек.",
        "change_already": "Мы уже знаем, что Вы хотите изменить заказ № {number}. Напишите, что именно, если ещё не "
        "написали.",
        "slots": "Когда привезти заказ № {number}?",
        "by_number": "Ответьте цифрой.",
        "no_slots": "Выбрать время для заказа № {number} сейчас нельзя. Что с ним происходит: {link}",
        "slot_taken": "Это время только что заняли. Другое можно выбрать здесь: {link}",
        "slot_yours": "Это время уже за Вами.",
        "note": "Хочет изменить заказ № {number}: {link}",
        "today": "сегодня",
        "tomorrow": "завтра",
        "days": "пн вт ср чт пт сб вс",
    },
    "uk": {
        "confirmed": "Замовлення № {number} уже підтверджено. Більше нічого не потрібно.",
        "cancelled": "Замовлення № {number} скасовано. Якщо передумали, напишіть нам тут.",
        "shipped": "Замовлення № {number} уже в дорозі.",
        "at_pickup": "Замовлення № {number} уже чекає на Вас у пункті видачі.",
        "out_for_delivery": "Замовлення № {number} уже в кур’єра.",
        "delivered": "Замовлення № {number} уже доставлено. Якщо щось не так, напишіть нам тут.",
        "returned": "Замовлення № {number} повернулося до крамниці. Якщо воно Вам потрібне, напишіть нам тут.",
        "too_late": "Замовлення № {number} уже відправлено, скасувати його тут не вийде. Можна його не забирати "
        "або відмовитися під час вручення. Питання пишіть сюди.",
        "change": "Напишіть сюди, що змінити в замовленні № {number}: адресу, склад, час. Відповість людина.",
        "change_already": "Ми вже знаємо, що Ви хочете змінити замовлення № {number}. Напишіть, що саме, якщо ще не "
        "написали.",
        "slots": "Коли привезти замовлення № {number}?",
        "by_number": "Дайте відповідь цифрою.",
        "no_slots": "Обрати час для замовлення № {number} зараз не можна. Що з ним відбувається: {link}",
        "slot_taken": "Цей час щойно зайняли. Інший можна обрати тут: {link}",
        "slot_yours": "Цей час уже за Вами.",
        "note": "Хоче змінити замовлення № {number}: {link}",
        "today": "сьогодні",
        "tomorrow": "завтра",
        "days": "пн вт ср чт пт сб нд",
    },
    "en": {
        "confirmed": "Order {number} is confirmed already. Nothing else is needed.",
        "cancelled": "Order {number} is cancelled. If you have changed your mind, write to us here.",
        "shipped": "Order {number} is already on its way.",
        "at_pickup": "Order {number} is already waiting for you at the pick-up point.",
        "out_for_delivery": "Order {number} is already with the courier.",
        "delivered": "Order {number} has been delivered. If something is wrong, write to us here.",
        "returned": "Order {number} went back to the shop. If you still want it, write to us here.",
        "too_late": "Order {number} has already been sent, so it cannot be cancelled here. You may leave it "
        "uncollected or refuse it at the door. Questions are welcome here.",
        "change": "Write here what to change in order {number}: address, items, time. A person will answer.",
        "change_already": "We know that you want to change order {number}. Write what exactly, if you have not yet.",
        "slots": "When shall we bring order {number}?",
        "by_number": "Answer with the number.",
        "no_slots": "No time can be picked for order {number} now. What is happening to it: {link}",
        "slot_taken": "That time has just been taken. Pick another one here: {link}",
        "slot_yours": "That time is yours already.",
        "note": "Wants to change order {number}: {link}",
        "today": "today",
        "tomorrow": "tomorrow",
        "days": "Mon Tue Wed Thu Fri Sat Sun",
    },
}


def texts(language: str) -> dict[str, str]:
    return TEXTS[language if language in LANGUAGES else "en"]


def slot_options(language: str, order_id: str, found: Choice, today: date) -> Options:
    """What can be picked, as buttons; what fits the customer's wish comes first."""
    first = [found.suggested] if found.suggested is not None else []
    listed = [*first, *(one for one in found.free if one not in first)][:MOST_OPTIONS]
    return [{"text": slot_words(one, language, today), "data": f"o:{order_id}:slot:{one.code}"} for one in listed]


def slot_words(slot: Slot, language: str, today: date) -> str:
    """«завтра, вт 24.11, 10:00–14:00»"""
    words = texts(language)
    near = {0: words["today"], 1: words["tomorrow"]}.get((slot.day - today).days, "")
    day = f"{words['days'].split()[slot.day.weekday()]} {slot.day:%d.%m}"
    return f"{f'{near}, ' if near else ''}{day}, {slot.start:%H:%M}–{slot.end:%H:%M}"
