"""Every reason as a sentence: for the agent in full, for the customer in one breath. RU, UK, EN."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from prilavok.domain.phrases import day_in_words
from prilavok.domain.plan import Because, Why

CHANNELS: Mapping[str, str] = {  # names that are the same in every language
    "telegram": "Telegram", "whatsapp": "WhatsApp", "viber": "Viber", "vk": "VK", "sms": "SMS", "max": "MAX",
    "facebook": "Messenger", "instagram": "Instagram",
}  # fmt: skip
OWN_NAMES: Mapping[str, Mapping[str, str]] = {
    "ru": {"email": "почта", "phone": "телефон", "webchat": "чат на сайте", "form": "форма на сайте"},
    "uk": {"email": "пошта", "phone": "телефон", "webchat": "чат на сайті", "form": "форма на сайті"},
    "en": {"email": "e-mail", "phone": "telephone", "webchat": "the chat on the site", "form": "the form on the site"},
}
PROOFS: Mapping[str, Mapping[str, str]] = {
    "ru": {"sent": "отправки", "delivered": "доставки", "read": "прочтения", "answer": "ответа или открытой ссылки"},
    "uk": {"sent": "відправлення", "delivered": "доставки", "read": "прочитання", "answer": "відповіді чи переходу"},
    "en": {"sent": "sending", "delivered": "delivery", "read": "reading", "answer": "an answer or an opened link"},
}  # fmt: skip

RU: Mapping[Why, str] = {
    Why.ASKED_FOR: "Покупатель сам попросил писать сюда.",
    Why.WROTE_HERE: "Здесь покупатель писал или читал нас в последнее время.",
    Why.HABIT: "Так привычнее в этой стране{in_country}.",
    Why.CHEAPER: "Этот путь дешевле.",
    Why.FALLBACK: "Запасной путь: если за {patience} после отправки ({after}) не будет {receipt}.",
    Why.ONLY_WAY: "Других путей к покупателю нет.",
    Why.NO_READ_RECEIPT: "Этот канал не сообщает о прочтении: ждём {waits_for}.",
    Why.UNKNOWN_ZONE: "Часовой пояс покупателя неизвестен; считаем по {zone}.",
    Why.AT_DELIVERY: "Идёт доставка: звонок допустим.",
    Why.MARKED_URGENT: "Сотрудник отметил дело как срочное: звонок допустим.",
    Why.AT_ONCE: "Ждать нечего: сразу.",
    Why.OWN_ACT: "Ответ на то, что покупатель только что сделал сам: сразу, без звука.",
    Why.QUIET_HOURS: "У покупателя тихие часы: ждём до {until} ({zone}).",
    Why.CONTACT_WINDOW: "Покупатель назвал другие часы{until_in}.",
    Why.WEEKEND: "День отдыха{until_in}.",
    Why.HOLIDAY: "Праздник{until_in}.",
    Why.OUT_OF_HOURS: "Некому звонить в нерабочее время{until_in}.",
    Why.DIGEST: "Ждём {seconds} с: вдруг есть что добавить в то же сообщение.",
    Why.CAP: "Писали уже достаточно: не больше {messages} за {days} дн.",
    Why.REFUSED: "Покупатель просил не писать сюда.",
    Why.NO_CALLS: "Покупатель не хочет звонков{unless_in}.",
    Why.COMMENT_UNREAD: "В комментарии, возможно, просят не звонить: сначала его прочитает человек.",
    Why.CALLS_ONLY_AT_DELIVERY: "Звоним только при доставке{asked_in}.",
    Why.UNREACHABLE: "По этому адресу не доходит{reason_in}.",
    Why.BLOCKED: "Покупатель нас здесь заблокировал.",
    Why.NEVER_WROTE: "Сюда можно только отвечать, а покупатель здесь не писал.",
    Why.WINDOW_SHUT: "Время для ответа в этом канале вышло.",
    Why.PAUSED: "Этот канал приостановлен.",
    Why.NOT_CONNECTED: "{no_address}",
    Why.PUBLIC: "Это видят все; о заказе там не пишут.",
    Why.SAME_ADDRESS: "Тот же адрес уже есть в плане.",
    Why.TRIED: "Здесь уже пробовали.",
    Why.LATER_RUNG: "Не понадобится: есть пути лучше.",
    Why.NOT_IN_POLICY: "Правила магазина не предусматривают этот путь для такого повода.",
    Why.NOT_TOLD: "По правилам магазина об этом не пишут.",
    Why.TOLD_ALREADY: "Об этом уже сказано.",
    Why.OVERTAKEN: "Уже неактуально: заказ ушёл дальше.",
    Why.NO_CONSENT: "Нет согласия покупателя на такие сообщения.",
    Why.COMPLAINT_OPEN: "У покупателя открытая жалоба: не время.",
    Why.TOO_OLD: "Слишком давно: уже не нужно.",
    Why.NO_CHANNEL: "Написать некуда: нужен человек.",
    Why.ANSWERED: "{heard}.",
    Why.STOPPED: "Остановлено сотрудником.",
}
UK: Mapping[Why, str] = {
    Why.ASKED_FOR: "Покупець сам попросив писати сюди.",
    Why.WROTE_HERE: "Тут покупець писав чи читав нас останнім часом.",
    Why.HABIT: "Так звичніше в цій країні{in_country}.",
    Why.CHEAPER: "Цей шлях дешевший.",
    Why.FALLBACK: "Запасний шлях: якщо за {patience} після відправлення ({after}) не буде {receipt}.",
    Why.ONLY_WAY: "Інших шляхів до покупця немає.",
    Why.NO_READ_RECEIPT: "Цей канал не повідомляє про прочитання: чекаємо {waits_for}.",
    Why.UNKNOWN_ZONE: "Часовий пояс покупця невідомий; рахуємо за {zone}.",
    Why.AT_DELIVERY: "Триває доставка: дзвінок можливий.",
    Why.MARKED_URGENT: "Працівник позначив справу як термінову: дзвінок можливий.",
    Why.AT_ONCE: "Чекати нічого: одразу.",
    Why.OWN_ACT: "Відповідь на те, що покупець щойно зробив сам: одразу, без звуку.",
    Why.QUIET_HOURS: "У покупця тихі години: чекаємо до {until} ({zone}).",
    Why.CONTACT_WINDOW: "Покупець назвав інші години{until_in}.",
    Why.WEEKEND: "День відпочинку{until_in}.",
    Why.HOLIDAY: "Свято{until_in}.",
    Why.OUT_OF_HOURS: "Нікому дзвонити в неробочий час{until_in}.",
    Why.DIGEST: "Чекаємо {seconds} с: раптом є що додати до того самого повідомлення.",
    Why.CAP: "Писали вже досить: не більше {messages} за {days} дн.",
    Why.REFUSED: "Покупець просив не писати сюди.",
    Why.NO_CALLS: "Покупець не хоче дзвінків{unless_in}.",
    Why.COMMENT_UNREAD: "У коментарі, можливо, просять не дзвонити: спершу його прочитає людина.",
    Why.CALLS_ONLY_AT_DELIVERY: "Дзвонимо лише під час доставки{asked_in}.",
    Why.UNREACHABLE: "За цією адресою не доходить{reason_in}.",
    Why.BLOCKED: "Покупець нас тут заблокував.",
    Why.NEVER_WROTE: "Сюди можна лише відповідати, а покупець тут не писав.",
    Why.WINDOW_SHUT: "Час для відповіді в цьому каналі минув.",
    Why.PAUSED: "Цей канал призупинено.",
    Why.NOT_CONNECTED: "{no_address}",
    Why.PUBLIC: "Це бачать усі; про замовлення там не пишуть.",
    Why.SAME_ADDRESS: "Та сама адреса вже є в плані.",
    Why.TRIED: "Тут уже пробували.",
    Why.LATER_RUNG: "Не знадобиться: є кращі шляхи.",
    Why.NOT_IN_POLICY: "Правила магазину не передбачають цього шляху для такого приводу.",
    Why.NOT_TOLD: "За правилами магазину про це не пишуть.",
    Why.TOLD_ALREADY: "Про це вже сказано.",
    Why.OVERTAKEN: "Уже неактуально: замовлення пішло далі.",
    Why.NO_CONSENT: "Немає згоди покупця на такі повідомлення.",
    Why.COMPLAINT_OPEN: "У покупця відкрита скарга: не час.",
    Why.TOO_OLD: "Надто давно: уже не потрібно.",
    Why.NO_CHANNEL: "Написати нікуди: потрібна людина.",
    Why.ANSWERED: "{heard}.",
    Why.STOPPED: "Зупинено працівником.",
}
EN: Mapping[Why, str] = {
    Why.ASKED_FOR: "The customer asked to be written to here.",
    Why.WROTE_HERE: "The customer wrote or read here lately.",
    Why.HABIT: "It is what people are used to{in_country}.",
    Why.CHEAPER: "This way costs less.",
    Why.FALLBACK: "A fallback: if {patience} after writing ({after}) there is no sign of {receipt}.",
    Why.ONLY_WAY: "There is no other way to the customer.",
    Why.NO_READ_RECEIPT: "This channel does not tell what was read: we wait for {waits_for}.",
    Why.UNKNOWN_ZONE: "The customer’s time zone is unknown; we go by {zone}.",
    Why.AT_DELIVERY: "The delivery is under way: a call is allowed.",
    Why.MARKED_URGENT: "A person marked this as urgent: a call is allowed.",
    Why.AT_ONCE: "Nothing to wait for: at once.",
    Why.OWN_ACT: "It answers what the customer did a moment ago: at once, without a sound.",
    Why.QUIET_HOURS: "The customer’s quiet hours: we wait until {until} ({zone}).",
    Why.CONTACT_WINDOW: "The customer named other hours{until_in}.",
    Why.WEEKEND: "A day of rest{until_in}.",
    Why.HOLIDAY: "A public holiday{until_in}.",
    Why.OUT_OF_HOURS: "Nobody is in the shop to call{until_in}.",
    Why.DIGEST: "We wait {seconds} s for what may belong to the same message.",
    Why.CAP: "Enough was said: at most {messages} in {days} d.",
    Why.REFUSED: "The customer does not want to be written to here.",
    Why.NO_CALLS: "The customer does not want calls{unless_in}.",
    Why.COMMENT_UNREAD: "The comment may ask not to be called: a person reads it first.",
    Why.CALLS_ONLY_AT_DELIVERY: "We call at delivery only{asked_in}.",
    Why.UNREACHABLE: "Nothing reaches this address{reason_in}.",
    Why.BLOCKED: "The customer blocked us here.",
    Why.NEVER_WROTE: "This channel only lets us answer, and the customer never wrote here.",
    Why.WINDOW_SHUT: "The time for an answer in this channel is over.",
    Why.PAUSED: "This channel is paused.",
    Why.NOT_CONNECTED: "{no_address}",
    Why.PUBLIC: "Everybody can read it; orders are no matter for it.",
    Why.SAME_ADDRESS: "The same address is in the plan already.",
    Why.TRIED: "This was tried already.",
    Why.LATER_RUNG: "Not needed: better ways stand before it.",
    Why.NOT_IN_POLICY: "The shop’s rules do not use this way for such an occasion.",
    Why.NOT_TOLD: "By the shop’s rules this is not told.",
    Why.TOLD_ALREADY: "This was told already.",
    Why.OVERTAKEN: "Out of date: the order has moved on.",
    Why.NO_CONSENT: "The customer has not agreed to such messages.",
    Why.COMPLAINT_OPEN: "The customer has an open complaint: not now.",
    Why.TOO_OLD: "Too long ago: no longer needed.",
    Why.NO_CHANNEL: "There is nowhere to write: a person must look.",
    Why.ANSWERED: "{heard}.",
    Why.STOPPED: "Stopped by a colleague.",
}
SENTENCES: Mapping[str, Mapping[Why, str]] = {"ru": RU, "uk": UK, "en": EN}
TAILS: Mapping[str, Mapping[str, str]] = {
    "ru": {
        "until": ": ждём до {0}", "urgent": ", кроме срочных случаев", "arrival": ", кроме звонка курьера",
        "asked": ", хотя покупатель просит звонка: сначала пишем", "hours": "{0} ч", "minutes": "{0} мин",
        "no_address": "Этот канал не подключён.",
        "no_address_asked": "Покупатель просил этот канал, но его адреса там нет.",
    },
    "uk": {
        "until": ": чекаємо до {0}", "urgent": ", крім термінових випадків", "arrival": ", крім дзвінка кур’єра",
        "asked": ", хоча покупець просить дзвінка: спершу пишемо", "hours": "{0} год", "minutes": "{0} хв",
        "no_address": "Цей канал не підключено.",
        "no_address_asked": "Покупець просив цей канал, але його адреси там немає.",
    },
    "en": {
        "until": ": we wait until {0}", "urgent": " unless it is urgent", "arrival": " other than the courier’s",
        "asked": ", although a call was asked for: we write first", "hours": "{0} h", "minutes": "{0} min",
        "no_address": "This channel is not connected.",
        "no_address_asked": "The customer asked for this channel but has no address in it.",
    },
}  # fmt: skip
TO_CUSTOMER: Mapping[str, Mapping[Why, str]] = {
    "ru": {
        Why.ASKED_FOR: "Пишем сюда, потому что вы так попросили.",
        Why.WROTE_HERE: "Пишем сюда, потому что здесь вы с нами уже общались.",
        Why.FALLBACK: "Пишем сюда, потому что прежнее сообщение, похоже, до вас не дошло.",
        Why.AT_DELIVERY: "Звоним, потому что речь о доставке и в сообщениях вас не застали.",
        Why.MARKED_URGENT: "Звоним, потому что дело не терпит отлагательства.",
        Why.OWN_ACT: "Отвечаем на то, что вы только что сделали.",
        Why.QUIET_HOURS: "Дождались утра, чтобы вас не будить.",
    },
    "uk": {
        Why.ASKED_FOR: "Пишемо сюди, бо ви так попросили.",
        Why.WROTE_HERE: "Пишемо сюди, бо тут ви з нами вже спілкувалися.",
        Why.FALLBACK: "Пишемо сюди, бо попереднє повідомлення, схоже, до вас не дійшло.",
        Why.AT_DELIVERY: "Дзвонимо, бо йдеться про доставку, а в повідомленнях вас не застали.",
        Why.MARKED_URGENT: "Дзвонимо, бо справа не може чекати.",
        Why.OWN_ACT: "Відповідаємо на те, що ви щойно зробили.",
        Why.QUIET_HOURS: "Дочекалися ранку, щоб вас не будити.",
    },
    "en": {
        Why.ASKED_FOR: "We write here because you asked us to.",
        Why.WROTE_HERE: "We write here because this is where we have talked before.",
        Why.FALLBACK: "We write here because our earlier message does not seem to have reached you.",
        Why.AT_DELIVERY: "We call because it is about the delivery and our messages did not find you.",
        Why.MARKED_URGENT: "We call because this cannot wait.",
        Why.OWN_ACT: "We answer what you did a moment ago.",
        Why.QUIET_HOURS: "We waited for the morning so as not to wake you.",
    },
}
HEARD: Mapping[str, Mapping[str, str]] = {  # by what a plan was ended
    "ru": {
        "answer": "Покупатель ответил", "page": "Покупатель открыл страницу заказа",
        "call": "Покупателю дозвонились", "receipt": "Сказано: есть подтверждение {0}", "": "Сказано",
    },
    "uk": {
        "answer": "Покупець відповів", "page": "Покупець відкрив сторінку замовлення",
        "call": "Покупцеві додзвонилися", "receipt": "Сказано: є підтвердження {0}", "": "Сказано",
    },
    "en": {
        "answer": "The customer answered", "page": "The customer opened the order’s page",
        "call": "The customer was reached by telephone", "receipt": "Told: there is a receipt of {0}", "": "Told",
    },
}  # fmt: skip
USUAL: Mapping[str, str] = {
    "ru": "Пишем сюда, потому что этот адрес указан в заказе.",
    "uk": "Пишемо сюди, бо цю адресу вказано в замовленні.",
    "en": "We write here because the order gives this address.",
}


def sentence(because: Because, language: str) -> str:
    """For the agent. A language that we do not speak is answered in English."""
    words = language if language in SENTENCES else "en"
    return SENTENCES[words][because.why].format_map(_particulars(because.data, words))


def for_customer(reasons: Iterable[Because], language: str) -> str:
    """Why this message came, in one sentence, out of a step's reasons."""
    words = language if language in TO_CUSTOMER else "en"
    given = {one.why for one in reasons}
    return next((text for why, text in TO_CUSTOMER[words].items() if why in given), USUAL[words])


def channel_name(word: str, language: str) -> str:
    return CHANNELS.get(word) or OWN_NAMES.get(language, OWN_NAMES["en"]).get(word, word)


def way_name(word: str, title: str, language: str) -> str:
    """For customers: our own word for a way of writing; `title` where we have none."""
    name = channel_name(word, language)
    return title if name == word else name


def _heard(data: Mapping[str, Any], language: str) -> str:
    by, proof = str(data.get("by", "answer")), PROOFS[language].get(str(data.get("receipt")), "")
    return HEARD[language].get(by if proof or by != "receipt" else "", HEARD[language][""]).format(proof)


def _particulars(data: Mapping[str, Any], language: str) -> dict[str, str]:
    tails, proofs = TAILS[language], PROOFS[language]
    until, minutes = _moment(str(data.get("until", "")), language), int(data.get("minutes") or 0)
    whole_hours = minutes >= 60 and minutes % 60 == 0
    country, reason = str(data.get("country") or ""), str(data.get("reason") or "")
    return {
        "until": until,
        "until_in": tails["until"].format(until) if until else "",
        "zone": str(data.get("zone", "")),
        "in_country": f" ({country})" if country else "",
        "reason_in": f": {reason}" if reason else "",
        "unless_in": tails.get(str(data.get("unless")), ""),
        "asked_in": tails["asked"] if data.get("asked") else "",
        "no_address": tails["no_address_asked" if data.get("asked") else "no_address"],
        "patience": tails["hours" if whole_hours else "minutes"].format(minutes // 60 if whole_hours else minutes),
        "after": channel_name(str(data.get("after", "")), language),
        "receipt": proofs.get(str(data.get("receipt")), ""),
        "heard": _heard(data, language),
        "waits_for": proofs.get(str(data.get("waits_for")), ""),
        "seconds": str(data.get("seconds", "")),
        "messages": str(data.get("messages", "")),
        "days": str(data.get("days", "")),
    }


def _moment(local: str, language: str) -> str:
    """ "2026-11-23 10:00" as people say it; what is an hour alone stays."""
    day, _, hour = local.partition(" ")
    if not hour:
        return local
    return f"{hour}, {day_in_words(date.fromisoformat(day), language)}"
