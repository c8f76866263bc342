"""A seeded population of buyers, with the behaviour that articles about shops and their customers report."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import exp
from random import Random

from prilavok.domain.country import MAIL, MESSENGER, SMS, habit_of
from prilavok.domain.facts import Facts, Occasion, OrderFacts, Preferences, Way
from prilavok.domain.media import KNOWN
from prilavok.domain.order import Status
from prilavok.domain.whatif import Moment, Person, Story
from prilavok.domain.wishes import Call, Window, Wishes

COUNTRIES = (("UA", 40), ("RU", 25), ("PL", 10), ("GB", 8), ("US", 7), ("FR", 5), ("SE", 5))
RATHER_WRITES = 0.65  # than calls
WAITS_AN_HOUR = 0.72  # in a messenger
AT_ONCE_IN_BRITAIN = 0.28  # expect an answer within five minutes
UNREACHABLE = 0.06  # of addresses
FAKE = 0.03  # of orders
AT_NIGHT = 0.22
START = datetime(2026, 3, 2, tzinfo=UTC)
HAS = {"telegram": 0.45, "viber": 0.25, "whatsapp": 0.2, "email": 0.8, "sms": 0.97, "phone": 0.97}
WISHES: tuple[tuple[float, Wishes], ...] = (
    (0.14, Wishes(call=Call.NEVER, forbidden_channels=("phone",))),
    (0.05, Wishes(call=Call.ONLY_IF_URGENT)),
    (0.04, Wishes(call=Call.REQUIRED, preferred_channels=("phone",))),
    (0.06, Wishes(call=Call.BEFORE_ARRIVAL)),
    (0.08, Wishes(call=Call.NEVER, preferred_channels=("telegram",), forbidden_channels=("phone",))),
    (0.03, Wishes(contact_window=Window("18:00", None))),
    (0.02, Wishes(contact_window=Window(None, "12:00"))),
    (0.02, Wishes(forbidden_channels=("viber",))),
)


def population(seed: int, orders: int) -> Iterator[Story]:
    """The same seed gives the same people."""
    for number in range(orders):
        yield _story(Random(f"{seed}:{number}"), number)  # noqa: S311  a play, no secret


def behaviour(luck: Random, country: str, seed: int, *, fake: bool = False) -> Person:
    """How somebody of that country reads and picks up. A fake buyer does neither."""
    writes = luck.random() < RATHER_WRITES
    in_an_hour = luck.random() < WAITS_AN_HOUR
    soon = country == "GB" and luck.random() < AT_ONCE_IN_BRITAIN
    reads: dict[str, float | None] = {
        MESSENGER: luck.uniform(1, 55) if in_an_hour else 60 * exp(luck.gauss(1.0, 0.8)),
        MAIL: 60 * exp(luck.gauss(1.3, 1.1)),
        SMS: 3 * exp(luck.gauss(1.2, 1.2)),
    }
    dead = frozenset(word for word in HAS if luck.random() < UNREACHABLE)
    patience = 5.0 if soon else 60.0 if in_an_hour else 15.0
    if fake:
        return Person(dict.fromkeys(reads), 0.05, patience, dead, seed)
    return Person(reads, 0.35 if writes else 0.8, patience, dead, seed)


def _story(luck: Random, number: int) -> Story:
    country = luck.choices([one for one, _ in COUNTRIES], [weight for _, weight in COUNTRIES])[0]
    fake = luck.random() < FAKE
    person = behaviour(luck, country, number, fake=fake)
    hour = luck.uniform(21, 26) if luck.random() < AT_NIGHT else luck.uniform(9, 21)
    local = START + timedelta(days=luck.randrange(60), hours=hour)
    offset = {"GB": 0, "US": -6, "FR": 1, "SE": 1, "PL": 1, "UA": 2, "RU": 3}[country]
    placed = local - timedelta(hours=offset)
    facts = Facts(
        ways=_ways(luck, placed),
        zone=habit_of(country).zone,
        country=country,
        order=OrderFacts(Status.PLACED, wishes=_wishes(luck)),
        preferences=Preferences(consents={"promotion": True} if luck.random() < 0.2 else {}),
    )
    return Story(person, tuple(_moments(luck, facts, placed)))


def _ways(luck: Random, placed: datetime) -> tuple[Way, ...]:
    found = []
    for word, share in HAS.items():
        if luck.random() < share:
            wrote = placed - timedelta(days=luck.randrange(1, 200)) if not KNOWN[word].starts else None
            found.append(Way(channel=word, address=word, able=KNOWN[word], last_inbound=wrote))
    return tuple(found)


def _wishes(luck: Random) -> Wishes:
    chance = luck.random()
    for share, wishes in WISHES:
        if chance < share:
            return wishes
        chance -= share
    return Wishes()


def _moments(luck: Random, facts: Facts, placed: datetime) -> Iterator[Moment]:
    """From the order to the review. Couriers come by day; news of parcels at any hour of the working day."""
    order = facts.order
    assert order is not None
    day = placed.replace(hour=0, minute=0, second=0, microsecond=0)
    courier = luck.random() < 0.55
    plot: list[tuple[float, str, Status]] = [(0, "placed", Status.PLACED)]
    plot.append((24 + luck.uniform(5, 22), "shipped", Status.SHIPPED))
    if luck.random() < 0.06:
        plot.append((48 + luck.uniform(6, 18), "delayed", Status.SHIPPED))
    at = 72 + luck.uniform(7, 15)
    if courier:
        plot.append((at, "out_for_delivery", Status.OUT_FOR_DELIVERY))
        if luck.random() < 0.1:
            plot.append((at + 3, "courier_no_answer", Status.OUT_FOR_DELIVERY))
    else:
        plot.append((at, "arrived_at_pickup", Status.AT_PICKUP))
    plot.append((at + 6, "delivered", Status.DELIVERED))
    plot.append((at + 120, "review_request", Status.DELIVERED))
    plot.append((at + 240, "promotion", Status.DELIVERED))
    for hours, kind, status in plot:
        moment = placed if kind == "placed" else day + timedelta(hours=hours)
        told = facts._replace(order=order._replace(status=status))
        yield Moment(Occasion(kind=kind, at=moment, by_customer=kind == "placed"), told)
