"""Nova Poshta, API 2.0: no webhooks, parcels are asked for a hundred at a time. Errors come with status 200."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar
from zoneinfo import ZoneInfo

import msgspec

from prilavok.carriers.base import (
    Account,
    BadSignature,
    Carrier,
    Config,
    Dialogue,
    Happened,
    Hook,
    NeedsOwner,
    News,
    OrderEvent,
    Parcel,
    Request,
    TryLater,
    Undeliverable,
    field_of,
    refused,
)
from prilavok.commerce.reading import at, branches, words

KYIV = ZoneInfo("Europe/Kyiv")
TIMES = ("%d-%m-%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S")  # all of them occur
HAPPENED: Mapping[str, Happened] = {
    **dict.fromkeys(("4", "41", "5", "6", "14", "104"), Happened.SHIPPED),
    **dict.fromkeys(("7", "8"), Happened.ARRIVED_AT_PICKUP),
    **dict.fromkeys(("9", "10", "11", "106"), Happened.DELIVERED),
    **dict.fromkeys(("102", "103", "105", "111"), Happened.FAILED_ATTEMPT),
    "101": Happened.OUT_FOR_DELIVERY,
    "112": Happened.DELAYED,
}
REASONS = {"102": "refused", "103": "refused", "105": "storage_ended"}
AGAIN_AND_AGAIN = frozenset({Happened.OUT_FOR_DELIVERY, Happened.FAILED_ATTEMPT, Happened.DELAYED})


class NovaPoshtaConfig(Config):
    api_key: Annotated[str, field_of("API key", "Settings → Security in Nova Poshta's business area.", secret=True)]
    api_base: Annotated[str, field_of("API address", "Only for a gateway of your own.")] = (
        "https://api.novaposhta.ua/v2.0/json/"
    )


class NovaPoshta(Carrier):
    kind = "novaposhta"
    title = "Nova Poshta"
    summary = "Statuses of Nova Poshta's parcels, asked for every half an hour."
    Config = NovaPoshtaConfig
    hooked = False
    polled = True
    names = ("nova", "нова", "новая", "np", "нп")
    numbers = r"(20|59)\d{12}"
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "exempt, there are no webhooks",
        "errors with status 200": "done",
    }

    def check(self) -> Dialogue[Account]:
        rows = yield from self._call(
            "Counterparty", "getCounterparties", {"CounterpartyProperty": "Sender", "Page": "1"}
        )
        return Account(name=words(rows[0], "Description") if rows else self.info.name)

    def parse(self, hook: Hook) -> Iterable[News]:  # noqa: ARG002
        raise BadSignature  # nobody calls us in Nova Poshta's name

    def track(self, parcels: Sequence[Parcel], now: datetime) -> Dialogue[tuple[News, ...]]:
        documents = [{"DocumentNumber": one.tracking, "Phone": one.phone.lstrip("+")} for one in parcels]
        rows = yield from self._call("TrackingDocument", "getStatusDocuments", {"Documents": documents})
        numbers = {one.tracking: one.number for one in parcels}
        found = []
        for row in rows:
            tracking = words(row, "Number")
            event = event_of(row, now)
            if event is not None and tracking in numbers:
                found.append(News(events=(event,), tracking=tracking, number=""))
        return tuple(found)

    def _call(self, model: str, method: str, properties: Mapping[str, Any]) -> Dialogue[list[dict[str, Any]]]:
        body = {
            "apiKey": self.config.api_key,
            "modelName": model,
            "calledMethod": method,
            "methodProperties": properties,
        }
        headers = {"content-type": "application/json"}
        response = yield Request(
            "POST", self.config.api_base, headers=headers, body=msgspec.json.encode(body), timeout=60.0
        )
        refused(response, "Nova Poshta")
        answer = response.json()
        if at(answer, "success") is True:
            return branches(answer, "data")
        listed = at(answer, "errors")
        errors = "; ".join(str(one) for one in listed) if isinstance(listed, list) else ""
        lowered = errors.lower()
        if "many requests" in lowered:
            raise TryLater("Nova Poshta asks for more peace", after=60.0)
        if "api key" in lowered or "apikey" in lowered:
            raise NeedsOwner(f"Nova Poshta does not accept the API key: {errors[:200]}")
        raise Undeliverable(f"Nova Poshta refuses the question: {errors[:200] or 'without a reason'}")


def event_of(row: Mapping[str, Any], now: datetime) -> OrderEvent | None:
    """None for what has not been handed over yet, is not found, or means nothing to the customer."""
    code = words(row, "StatusCode")
    happened = HAPPENED.get(code)
    if happened is None:
        return None
    said = _said(row, happened)
    data: dict[str, Any] = {"reason": REASONS[code]} if code in REASONS else {}
    if happened is Happened.ARRIVED_AT_PICKUP and (place := words(row, "WarehouseRecipient")):
        data["place"] = place[:200]
    if happened in {Happened.SHIPPED, Happened.DELAYED} and (day := time_of(words(row, "ScheduledDeliveryDate"))):
        data["day"] = day.astimezone(KYIV).date().isoformat()
    # Without a time of its own the same status would be a new event every day.
    key = "" if happened not in AGAIN_AND_AGAIN else said.date().isoformat() if said else f"np-{code}"
    return OrderEvent(happened, min(said or now, now), key, data)


def _said(row: Mapping[str, Any], happened: Happened) -> datetime | None:
    names = ["TrackingUpdateDate", "DateScan"]
    if happened is Happened.DELIVERED:
        names = ["RecipientDateTime", *names]
    if happened is Happened.ARRIVED_AT_PICKUP:
        names = ["ActualDeliveryDate", *names]
    if happened is Happened.SHIPPED:
        names.append("DateCreated")
    return next((found for name in names if (found := time_of(words(row, name)))), None)


def time_of(text: str) -> datetime | None:
    """Kyiv's time in one of its spellings; "0001-01-01 00:00:00" means that it has not happened."""
    for spelling in TIMES:
        try:
            found = datetime.strptime(text, spelling).replace(tzinfo=KYIV)
            return found.astimezone(UTC) if found.year > 2000 else None
        except (ValueError, OverflowError):
            continue
    return None
