"""CDEK, API v2. Its webhooks carry no signature and are never repeated, so each is only a hint: parcels are asked for.

The hook's address is the secret. CDEK keeps one address of a type for a whole account: another's is never overwritten.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar
from urllib.parse import urlencode

import msgspec

from prilavok.carriers.base import (
    Account,
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
    Response,
    Undeliverable,
    field_of,
    refused,
)
from prilavok.commerce.reading import at, branch, branches, moment, tree, words

STATUS_OF_AN_ORDER = "ORDER_STATUS"
NOTHING_YET = frozenset({"ACCEPTED", "CREATED", "REMOVED", "INVALID"})  # on paper only
ON_ITS_WAY_BACK = frozenset({"SENT_TO_SENDER_CITY", "ACCEPTED_IN_SENDER_CITY"})
HAPPENED: Mapping[str, Happened] = {
    "ACCEPTED_AT_PICK_UP_POINT": Happened.ARRIVED_AT_PICKUP,
    "POSTOMAT_POSTED": Happened.ARRIVED_AT_PICKUP,
    "TAKEN_BY_COURIER": Happened.OUT_FOR_DELIVERY,
    # It only sounds like a return: nobody was at home, the next attempt follows.
    "RETURNED_TO_RECIPIENT_CITY_WAREHOUSE": Happened.FAILED_ATTEMPT,
    "DELIVERED": Happened.DELIVERED,
    "POSTOMAT_RECEIVED": Happened.DELIVERED,
    "NOT_DELIVERED": Happened.FAILED_ATTEMPT,
    "POSTOMAT_SEIZED": Happened.FAILED_ATTEMPT,  # kept too long; it goes back
}
REASONS = {"NOT_DELIVERED": "refused", "POSTOMAT_SEIZED": "storage_ended"}


class CdekConfig(Config):
    account: Annotated[str, field_of("Account", "Integration → API keys in CDEK's personal area.")]
    password: Annotated[str, field_of("Secure password", secret=True)]
    api_base: Annotated[str, field_of("API address", "https://api.edu.cdek.ru/v2 for the test account.")] = (
        "https://api.cdek.ru/v2"
    )


class Cdek(Carrier):
    kind = "cdek"
    title = "CDEK"
    summary = "Statuses of CDEK's parcels, by webhook and by asking."
    Config = CdekConfig
    polled = True
    every = timedelta(hours=2)
    batch = 20  # each is a request of its own
    names = ("cdek", "сдэк", "сдек")
    numbers = r"1\d{9}"
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "exempt, CDEK signs nothing: the address is the secret, and parcels are asked for",
        "missed deliveries": "done",
        "one address an account": "done",
    }

    def check(self) -> Dialogue[Account]:
        yield from self._token()
        return Account(name=self.config.account)

    def parse(self, hook: Hook) -> Iterable[News]:
        row = tree(hook.body)
        if words(row, "type") != STATUS_OF_AN_ORDER:
            return []
        about = branch(row, "attributes")
        happened_at = moment(about, "status_date_time") or moment(row, "date_time") or hook.received_at
        event = event_of(words(about, "code"), happened_at, words(about, "city_name"), back=_goes_back(about))
        return list(_news(event, number=words(about, "number"), tracking=words(about, "cdek_number")))

    def track(self, parcels: Sequence[Parcel], now: datetime) -> Dialogue[tuple[News, ...]]:
        token = yield from self._token()
        found: list[News] = []
        for parcel in parcels:
            response = yield self._ask("GET", "orders", token, cdek_number=parcel.tracking)
            if response.status in {400, 404}:  # a number that CDEK does not know is no reason to stop
                continue
            refused(response, "CDEK")
            entity = branch(response.json(), "entity")
            back = _goes_back(entity)
            for status in branches(entity, "statuses"):
                happened_at = moment(status, "date_time") or now
                event = event_of(words(status, "code"), happened_at, words(status, "city"), back=back)
                found += _news(event, number=parcel.number, tracking=parcel.tracking)
        return tuple(found)

    def subscribe(self) -> Dialogue[tuple[str, ...]]:
        token = yield from self._token()
        response = yield self._ask("GET", "webhooks", token)
        refused(response, "CDEK")
        known = {words(row, "type"): words(row, "url") for row in _listed(response)}
        address = known.get(STATUS_OF_AN_ORDER, "")
        if address == self.info.hook_url:
            return ()
        if address:
            raise Undeliverable("Another program receives CDEK's statuses of this account; we ask for parcels instead.")
        body = {"url": self.info.hook_url, "type": STATUS_OF_AN_ORDER}
        refused((yield self._ask("POST", "webhooks", token, body=body)), "CDEK")
        return (STATUS_OF_AN_ORDER,)

    def unsubscribe(self) -> Dialogue[None]:
        token = yield from self._token()
        response = yield self._ask("GET", "webhooks", token)
        refused(response, "CDEK")
        for row in _listed(response):
            if words(row, "url") == self.info.hook_url:
                refused((yield self._ask("DELETE", f"webhooks/{words(row, 'uuid')}", token)), "CDEK")

    def _token(self) -> Dialogue[str]:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.config.account,
            "client_secret": self.config.password,
        }
        response = yield Request("POST", f"{self.config.api_base.rstrip('/')}/oauth/token", form=form)
        if response.status in {400, 401, 403}:
            raise NeedsOwner("CDEK does not know this account and password.")
        refused(response, "CDEK")
        token = words(response.json(), "access_token")
        if not token:
            raise NeedsOwner("CDEK gave no token for this account and password.")
        return token

    def _ask(
        self, method: str, what: str, token: str, *, body: Mapping[str, Any] | None = None, **query: str
    ) -> Request:
        url = f"{self.config.api_base.rstrip('/')}/{what}"
        headers = {"authorization": f"Bearer {token}"}
        raw = None
        if body is not None:
            headers["content-type"] = "application/json"
            raw = msgspec.json.encode(body)
        return Request(method, f"{url}?{urlencode(query)}" if query else url, headers=headers, body=raw, timeout=60.0)


def event_of(code: str, happened_at: datetime, city: str, *, back: bool) -> OrderEvent | None:
    """None while the parcel exists on paper only, or goes back. What we have never heard of is on its way."""
    if not code or code in NOTHING_YET | ON_ITS_WAY_BACK:
        return None
    if back:  # the parcel that goes back to the shop
        return OrderEvent(Happened.RETURNED, happened_at) if code == "DELIVERED" else None
    happened = HAPPENED.get(code, Happened.SHIPPED)
    data = {"reason": REASONS[code]} if code in REASONS else {}
    if city and happened is Happened.ARRIVED_AT_PICKUP:
        data["place"] = city
    return OrderEvent(happened, happened_at, data=data)


def _news(event: OrderEvent | None, *, number: str, tracking: str) -> Iterator[News]:
    if event is not None and (number or tracking):
        yield News(events=(event,), number=number, tracking=tracking)


def _goes_back(row: Mapping[str, Any]) -> bool:
    return any(at(row, name) is True for name in ("is_return", "is_reverse", "is_client_return"))


def _listed(response: Response) -> list[Any]:
    found = response.json()
    return found if isinstance(found, list) else []
