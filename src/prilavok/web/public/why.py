"""For the customer, in one sentence: why the shop wrote where it wrote, and when it writes next."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from prilavok.domain.order import ENDED, Status
from prilavok.web.public.dates import moment

WROTE = {
    "ru": "Писали Вам сюда: {channel}",
    "uk": "Писали Вам сюди: {channel}",
    "en": "We wrote to you by {channel}",
}
# Reasons that a customer would give too; the others speak of the shop's own affairs.
REASONS = {
    "ru": {
        "asked_for": "Вы так просили",
        "wrote_here": "здесь Вы писали нам в последний раз",
        "only_way": "другого адреса мы не знаем",
        "fallback": "прежнее сообщение осталось непрочитанным",
        "at_delivery": "курьер уже едет",
        "marked_urgent": "дело не могло ждать",
        "own_act": "это ответ на Ваше нажатие",
    },
    "uk": {
        "asked_for": "Ви так просили",
        "wrote_here": "тут Ви писали нам востаннє",
        "only_way": "іншої адреси ми не знаємо",
        "fallback": "попереднє повідомлення лишилося непрочитаним",
        "at_delivery": "кур’єр уже їде",
        "marked_urgent": "справа не могла чекати",
        "own_act": "це відповідь на Ваше натискання",
    },
    "en": {
        "asked_for": "you asked for it",
        "wrote_here": "you last wrote to us there",
        "only_way": "we know no other address",
        "fallback": "the message before was not read",
        "at_delivery": "the courier is on the way",
        "marked_urgent": "it could not wait",
        "own_act": "it answers what you pressed",
    },
}
NOT_YET = {
    "ru": "Мы ещё не писали Вам об этом заказе",
    "uk": "Ми ще не писали Вам про це замовлення",
    "en": "We have not written to you about this order yet",
}
NEXT_AT = {
    "ru": "; следующее сообщение {when}.",
    "uk": "; наступне повідомлення {when}.",
    "en": "; the next message {when}.",
}
NEXT = {
    "ru": {
        Status.PLACED: "; напишем, когда заказ будет подтверждён.",
        Status.CONFIRMED: "; напишем, когда отправим.",
        Status.PACKED: "; напишем, когда отправим.",
        Status.SHIPPED: "; напишем, когда посылка будет рядом.",
        Status.AT_PICKUP: "; напомним, если посылка заждётся.",
        Status.OUT_FOR_DELIVERY: "; напишем, если что-то пойдёт не так.",
    },
    "uk": {
        Status.PLACED: "; напишемо, коли замовлення буде підтверджено.",
        Status.CONFIRMED: "; напишемо, коли відправимо.",
        Status.PACKED: "; напишемо, коли відправимо.",
        Status.SHIPPED: "; напишемо, коли посилка буде поруч.",
        Status.AT_PICKUP: "; нагадаємо, якщо посилка зачекається.",
        Status.OUT_FOR_DELIVERY: "; напишемо, якщо щось піде не так.",
    },
    "en": {
        Status.PLACED: "; we write again when the order is confirmed.",
        Status.CONFIRMED: "; we write again when it leaves.",
        Status.PACKED: "; we write again when it leaves.",
        Status.SHIPPED: "; we write again when the parcel is near.",
        Status.AT_PICKUP: "; we remind you if the parcel waits for long.",
        Status.OUT_FOR_DELIVERY: "; we write again only if something goes wrong.",
    },
}
NO_MORE = {
    "ru": "; больше об этом заказе не пишем.",
    "uk": "; більше про це замовлення не пишемо.",
    "en": "; nothing more comes about this order.",
}


def sentence(
    said: Mapping[Any, Any] | None,
    following: Mapping[Any, Any] | None,
    *,
    channel: str,
    status: Status,
    now: datetime,
    zone: ZoneInfo,
    language: str,
) -> str:
    """`said` is the last attempt, `following` the next plan; `channel` the inbox's title as the customer knows it."""
    if said is None:
        first = NOT_YET[language]
    else:
        first = WROTE[language].format(channel=channel)
        known = (REASONS[language].get(one["why"]) for one in said["because"] or ())
        if reason := next((one for one in known if one), ""):
            first += f" ({reason})"
    if following is not None and following["due_at"] > now:
        return first + NEXT_AT[language].format(when=moment(following["due_at"], now, zone, language))
    return first + (NO_MORE[language] if status in ENDED else NEXT[language][status])
