"""A year of the demo's orders, from a seed: who bought what, with which comment, and what became of it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from prilavok.domain.order import Buyer, Happened, Item, Order, OrderEvent
from prilavok.domain.risk import BUILT_IN, OrderMarks, probability, signals_of
from prilavok.simulator import order_notes, rhythm
from prilavok.simulator.courses import Way, course
from prilavok.simulator.people import Person
from prilavok.simulator.seeds import ContactSeed, OrderSeed
from prilavok.simulator.vocabulary import STREETS, WARES

YEAR = timedelta(days=365)
MOBILE = {
    "UA": "+38050000", "LV": "+3712000", "LT": "+37060000", "MD": "+37360000", "GE": "+99555500", "AM": "+3747700",
    "KZ": "+77010000", "UZ": "+99890000", "DE": "+491510000", "CZ": "+42060100", "PL": "+48500000", "GB": "+447400000",
    "IE": "+35385000", "NL": "+3161000", "SE": "+4670100", "US": "+1201555",
}  # fmt: skip
DIGITS = {"UA": 4, "LV": 4, "LT": 3, "MD": 3, "GE": 4, "AM": 4, "KZ": 3, "UZ": 4, "DE": 4, "CZ": 4, "PL": 3, "GB": 3,
          "IE": 4, "NL": 4, "SE": 4, "US": 4}  # fmt: skip
# What the shop's own buyers are like: the demo's model has something to learn that ours does not know yet.
HABITS = {**BUILT_IN.weights, "base": -2.2, "refused_before": 1.9, "large_sum": 0.3, "cash": 0.9}
METHODS = {"UA": (0.3, 0.1, 0.6), "": (0.45, 0.05, 0.5)}  # courier, pickup, post
MARKS = (
    {"source": "instagram", "medium": "social", "campaign": "autumn-tea"},
    {"source": "newsletter", "medium": "email", "campaign": "new-glaze"},
    {"source": "google", "medium": "cpc", "campaign": "teapots"},
)


@dataclass(frozen=True, slots=True)
class Case:
    """An order that stands today where something can be shown: how far it has come, and how many minutes ago."""

    name: str
    reached: Happened
    minutes: float
    method: str = "courier"
    payment: str = "cod"
    again: int = 0  # earlier refusals of the same customer


CASES = (
    Case("tap", Happened.PLACED, 7), Case("tap", Happened.PLACED, 38), Case("tap", Happened.PLACED, 160),
    Case("tap", Happened.PLACED, 660, "post"), Case("read", Happened.PLACED, 55), Case("read", Happened.PLACED, 410),
    Case("person", Happened.PLACED, 95, again=3), Case("person", Happened.PLACED, 1500, again=2),
    Case("unpaid", Happened.PAYMENT_FAILED, 130, "post", "card"), Case("packed", Happened.PACKED, 45, "post", "card"),
    Case("packed", Happened.PACKED, 120), Case("call", Happened.OUT_FOR_DELIVERY, 80),
    Case("coming", Happened.OUT_FOR_DELIVERY, 140), Case("coming", Happened.OUT_FOR_DELIVERY, 200, payment="card"),
    Case("missed", Happened.FAILED_ATTEMPT, 50), Case("call", Happened.FAILED_ATTEMPT, 1290),
    Case("waits", Happened.ARRIVED_AT_PICKUP, 300, "post"), Case("waits", Happened.ARRIVED_AT_PICKUP, 5800, "pickup"),
    Case("late", Happened.DELAYED, 340, "post", "card"), Case("stuck", Happened.SHIPPED, 9 * 1440, "post"),
    Case("stuck", Happened.SHIPPED, 13 * 1440, "post", "card"),
)  # fmt: skip


def purchases(
    rng: random.Random, known: Sequence[Person], contacts: Mapping[int, ContactSeed], count: int, now: datetime,
    zone: ZoneInfo,
) -> tuple[OrderSeed, ...]:  # fmt: skip
    """`contacts` by the person's number. At most three orders a person; none without somebody to buy."""
    buyers = [person for person in known if person.first]
    count = min(count, 3 * len(buyers))
    cases = CASES[: min(len(CASES), count // 2, len(buyers))]
    weights = [min(person.regular, 5) for person in buyers]
    whose = rng.choices(buyers, weights, k=count - len(cases)) if buyers else []
    often = {person.number for person in whose}
    shown = sorted(buyers, key=lambda one: ("telegram" not in one.channels, one.number in often, rng.random()))
    clicks = sorted((rhythm.begin(rng, now - YEAR, now), number) for number in range(len(whose)))
    book = _Book(rng, contacts, zone, now)
    for at, number in clicks:
        book.sell(whose[number], at)
    for case, person in zip(cases, shown, strict=False):
        book.show(case, person)
    return tuple(_numbered(sorted(book.orders, key=lambda one: (one.order.placed_at, one.contact))))


class _Book:
    """The orders so far; what was taken and what came back of each customer decides about the next."""

    def __init__(self, rng: random.Random, contacts: Mapping[int, ContactSeed], zone: ZoneInfo, now: datetime) -> None:
        self.rng, self.contacts, self.zone, self.now = rng, contacts, zone, now
        self.orders: list[OrderSeed] = []
        self.taken: dict[int, int] = {}
        self.back: dict[int, int] = {}

    def sell(self, person: Person, at: datetime) -> None:
        rng = self.rng
        draft = self._draft(person, at, order_notes.note(rng, person))
        fate = "back" if rng.random() < self._odds(person, draft) else "cancelled" if rng.random() < 0.035 else "taken"
        trouble = rng.choices(("", "delayed", "failed_attempt", "payment_failed", "changed"), (84, 5, 5, 3, 3))[0]
        way = Way(draft.method, draft.payment, fate, self.zone, trouble)
        events = [one for one in course(rng, at, way) if one.at <= self.now - timedelta(minutes=20)]
        if events:
            self._keep(person, draft, events)

    def show(self, case: Case, person: Person) -> None:
        """An order that has come as far as the case says, and no further."""
        rng, language = self.rng, person.language
        trouble = {Happened.DELAYED: "delayed", Happened.FAILED_ATTEMPT: "failed_attempt"}.get(case.reached, "")
        trouble = "payment_failed" if case.reached is Happened.PAYMENT_FAILED else trouble
        way = Way(case.method, case.payment, "taken", self.zone, trouble)
        events = course(rng, self.now, way)
        last = next(at for at, one in enumerate(events) if one.kind is case.reached)
        moved = self.now - timedelta(minutes=case.minutes) - events[last].at
        events = [replace(one, at=one.at + moved) for one in events[: last + 1]]
        text = {
            "read": order_notes.ASKS_A_PERSON, "call": order_notes.WANTS_A_CALL, "tap": order_notes.WRITES_ONLY,
        }.get(case.name)  # fmt: skip
        comment = order_notes.filled(rng, text[language], language) if text else order_notes.note(rng, person)
        draft = self._draft(person, events[0].at, comment)
        draft = replace(draft, method=case.method, payment=case.payment, city=person.place.name)
        if not draft.address:
            draft = replace(draft, address=_street(rng, person))
        if case.name == "tap":
            draft = replace(draft, items=_many(draft.items, 4), total=_sum(_many(draft.items, 4)))
        if case.name == "person":
            self._refused_before(person, case.again, events[0].at)
            draft = replace(
                draft, buyer=replace(draft.buyer, phone="+380501"), address="", items=_many(draft.items, 12)
            )
            draft = replace(draft, total=_sum(draft.items))
        self._keep(person, draft, events, case.name)

    def _refused_before(self, person: Person, times: int, until: datetime) -> None:
        for number in range(times):
            at = until - timedelta(days=45 * (number + 1))
            draft = replace(self._draft(person, at, ""), payment="cod", method="post")
            self._keep(person, draft, course(self.rng, at, Way("post", "cod", "back", self.zone)))

    def _keep(self, person: Person, draft: Order, events: list[OrderEvent], case: str = "") -> None:
        kinds = {one.kind for one in events}
        if Happened.DELIVERED in kinds:
            self.taken[person.number] = self.taken.get(person.number, 0) + 1
        if Happened.RETURNED in kinds:
            self.back[person.number] = self.back.get(person.number, 0) + 1
        day, slot = "", None
        if draft.method == "courier" and Happened.SHIPPED in kinds:
            brought = [one.at for one in events if one.kind is Happened.OUT_FOR_DELIVERY]
            at = brought[-1] if brought else events[-1].at + timedelta(days=1)
            day = at.astimezone(self.zone).date().isoformat()
            slot = self.rng.choice((("10:00", "13:00"), ("14:00", "18:00"), ("18:00", "21:00")))
        travels = Happened.SHIPPED in kinds and draft.method == "post"
        tracking = f"KD{self.rng.randrange(10**8, 10**9)}" if travels else ""
        order = replace(draft, tracking=tracking, carrier="generic" if travels else "", at=events[-1].at)
        courier = "Микола" if slot and Happened.OUT_FOR_DELIVERY in kinds else ""
        self.orders.append(OrderSeed(f"contact-{person.number}", order, tuple(events), case, day, slot, courier))

    def _draft(self, person: Person, at: datetime, comment: str) -> Order:
        rng, country = self.rng, person.place.country
        items = _items(rng, person)
        method = rng.choices(("courier", "pickup", "post"), METHODS.get(country, METHODS[""]))[0]
        payment = rng.choices(("cod", "card", "invoice"), (0.45, 0.52, 0.03) if country == "UA" else (0.1, 0.86, 0.04))
        address = "" if method == "pickup" or rng.random() < 0.03 else _street(rng, person)
        contact = self.contacts[person.number]
        mail = next((one.address for one in contact.identities if one.inbox == "email"), "")
        chat = next((one.address for one in contact.identities if one.inbox == "telegram"), "")
        return Order(
            external_id="", number="", placed_at=at, at=at, currency="EUR", total=_sum(items), items=items,
            buyer=Buyer(
                name=person.name, phone=phone(person), email=mail, language=person.language, country=country,
                timezone=person.place.timezone, messengers={"telegram": chat} if chat else {},
            ),
            payment=payment[0], method=method, city="" if method == "pickup" else person.place.name, address=address,
            comment=comment, context=_context(rng, person),
        )  # fmt: skip

    def _odds(self, person: Person, draft: Order) -> float:
        marks = OrderMarks(
            phone="mobile",
            email="ordinary" if draft.buyer.email else "none",
            address_parts=3 if draft.address or draft.method == "pickup" else 1,
            delivered=self.taken.get(person.number, 0),
            refused=self.back.get(person.number, 0),
            sum_ratio=float(draft.total) / 55,
            proven=bool(draft.buyer.messengers),
            paid=draft.payment == "card",
            cash=draft.payment == "cod",
        )
        return probability(HABITS["base"] + sum(HABITS[name] * value for name, value in signals_of(marks).items()))


def phone(person: Person) -> str:
    """A number that is possible in the person's country and, all zeros, most likely nobody's."""
    country = person.place.country
    places = DIGITS[country]
    return f"{MOBILE[country]}{(person.number * 7 + 13) % 10**places:0{places}}"


def _street(rng: random.Random, person: Person) -> str:
    return rng.choice(STREETS[person.language]).format(h=rng.randint(2, 88), f=rng.randint(1, 64))


def _items(rng: random.Random, person: Person) -> tuple[Item, ...]:
    chosen = rng.sample(WARES[person.language], rng.choices((1, 2, 3, 4), (52, 30, 13, 5))[0])
    return tuple(
        Item(
            f"{ware.forms[0][:1].upper()}{ware.forms[0][1:]}",
            rng.choices((1, 2, 4, 6), (78, 15, 5, 2))[0],
            Decimal(f"{ware.price:.2f}"),
            ware.slug,
        )
        for ware in chosen
    )


def _many(items: tuple[Item, ...], quantity: int) -> tuple[Item, ...]:
    return tuple(replace(one, quantity=quantity) for one in items)


def _sum(items: tuple[Item, ...]) -> Decimal:
    return sum((one.quantity * (one.price or Decimal(0)) for one in items), Decimal(0))


def _context(rng: random.Random, person: Person) -> dict[str, object]:
    context: dict[str, object] = {"device": f"{(person.number * 2654435761) % 2**32:08x}"}
    if rng.random() < 0.35:
        context["utm"] = rng.choice(MARKS)
    return context


def _numbered(orders: Sequence[OrderSeed]) -> list[OrderSeed]:
    """Numbers as the shop's talk uses them: five digits that grow with the days, a dozen each, or as many as a busy
    one needs.
    """
    numbered, last = [], 0
    for one in orders:
        day = int(one.order.placed_at.timestamp() // 86400)
        last = max(last + 1, 10000 + day * 12 % 90000)
        numbered.append(replace(one, order=replace(one.order, number=str(last), external_id=str(last))))
    return numbered
