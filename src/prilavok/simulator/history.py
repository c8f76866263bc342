"""A year of the demo's shop, from a seed: who wrote, about what, when, and what the shop answered."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from prilavok.domain.conversation import Priority, Status
from prilavok.domain.message import AuthorKind, Kind
from prilavok.simulator import rhythm
from prilavok.simulator.dialogue import SHOP_ZONE, Dialogue, messages, talk
from prilavok.simulator.mishaps import blocked, bounced, moved_to_messenger
from prilavok.simulator.people import Person, people
from prilavok.simulator.purchases import purchases
from prilavok.simulator.script import Script, scripts
from prilavok.simulator.seeds import (
    AgentSeed,
    ContactSeed,
    ConversationSeed,
    History,
    IdentitySeed,
    InboxSeed,
    MessageSeed,
)

AGENTS = (
    AgentSeed("oksana", "Оксана Бондар", "owner@example.com", "owner", "uk"),
    AgentSeed("mark", "Марк Савчук", "mark@example.com", "admin", "ru"),
    AgentSeed("anna", "Анна Мельник", "anna@example.com", "agent", "en"),
)
INBOXES = (
    InboxSeed("webchat", "webchat", "kardamon.example"),
    InboxSeed("email", "email", "hello@kardamon.example"),
    InboxSeed("telegram", "telegram", "@kardamon_bot"),
)
# Minutes that the customers have been waiting when the demo starts: a fresh one, some late ones, one forgotten.
WAITING = (2, 6, 11, 19, 34, 52, 85, 140, 230, 420, 900, 1580)
OPEN, SNOOZED = 25, 10
APART = timedelta(days=9)  # a new matter of the same person, not the old one going on
TAGS = {
    "available": ("stock",), "restock": ("stock", "waiting list"), "delivery_time": ("delivery",),
    "delivery_cost": ("delivery",), "pickup": ("pickup",), "where_order": ("where is my order",),
    "late_parcel": ("delivery", "late"), "address_change": ("change of order",), "payment_failed": ("payment",),
    "refund": ("refund",), "return": ("return",), "exchange": ("return",), "broken": ("broken",),
    "wrong_item": ("our mistake",), "missing_part": ("our mistake",), "compliment": ("thanks",),
    "wholesale": ("wholesale",), "wedding": ("wholesale",), "gift_wrap": ("gift",), "gift_card": ("gift",),
    "do_not_call": ("do not call",), "order_mistake": ("change of order",), "cancel": ("cancel",),
    "promo": ("promo code",), "fake_order": ("suspicious",), "courier": ("delivery",), "angry": ("angry",),
    "partner": ("spam",), "engraving": ("made to order",), "custom": ("made to order",), "review": ("review",),
}  # fmt: skip
URGENT = {"angry": Priority.CRITICAL, "late_parcel": Priority.HIGH, "broken": Priority.HIGH, "partner": Priority.LOW}
MARKS = (
    {"source": "instagram", "medium": "social", "campaign": "autumn-tea"},
    {"source": "newsletter", "medium": "email", "campaign": "new-glaze"},
    {"source": "google", "medium": "cpc", "campaign": "teapots"},
)
REFERRERS = ("https://www.google.com/", "https://www.instagram.com/", "https://duckduckgo.com/", "")


@dataclass(frozen=True, slots=True)
class Matter:
    """One conversation to be: of whom, after which script, and how it stands."""

    person: Person
    script: Script
    channel: str
    start: datetime
    state: str  # closed | waiting | answered | snoozed | bounced | blocked
    minutes: float = 0.0  # how long ago its last message came, when it is still open


def make_history(
    seed: int, now: datetime, contacts: int = 400, conversations: int = 2000, orders: int = 900
) -> History:
    """The same seed, time and sizes give the same history. `now` must have a time zone."""
    rng = random.Random(seed)
    now = now.astimezone(UTC).replace(microsecond=0)
    known = people(rng, contacts)
    matters = _matters(rng, known, conversations, now)
    told = sorted((_tell(rng, matter, now) for matter in matters), key=lambda one: (one.created_at, one.key))
    numbered = tuple(replace(one, number=number) for number, one in enumerate(told, 1))
    by_contact: dict[str, list[ConversationSeed]] = {}
    for one in numbered:
        by_contact.setdefault(one.contact, []).append(one)
    persons = {person.number: _contact(rng, person, by_contact.get(_key(person), []), now) for person in known}
    return History(
        shop="Кардамон",
        currency="EUR",
        timezone=str(SHOP_ZONE),
        agents=AGENTS,
        inboxes=INBOXES,
        contacts=tuple(persons.values()),
        conversations=numbered,
        orders=purchases(random.Random(f"orders of {seed}"), known, persons, orders, now, SHOP_ZONE),
    )


def _key(person: Person) -> str:
    return f"contact-{person.number}"


def _matters(rng: random.Random, known: list[Person], count: int, now: datetime) -> Iterator[Matter]:
    """Regular customers come often, most once or twice; some of the latest matters are still open."""
    unfinished = _unfinished(rng, known, count)
    often = [person.number for person in known[:count]]
    often += rng.choices(
        range(len(known)), [min(person.regular, 5) for person in known], k=max(0, count - len(often) - len(unfinished))
    )
    if count < len(known) + len(unfinished):
        often = often[: count - len(unfinished)]
    times = [0] * len(known)
    for number in often:
        times[number] += 1
    for person in known:
        opened = unfinished.get(person.number)
        chosen = _scripts(rng, person, times[person.number] + 1, opened[0] if opened else "")
        until = now - timedelta(days=14 if opened else 3)
        if opened:
            state, minutes = opened
            channel = {"bounced": "email", "blocked": "telegram"}.get(state, person.channels[0])
            yield Matter(person, chosen[0], channel, now - timedelta(days=2), state, minutes)
        starts = _starts(rng, times[person.number], now - timedelta(days=365), until)
        for script, start in zip(chosen[1:], starts, strict=True):
            channel = person.channels[0] if rng.random() < 0.7 else rng.choice(person.channels)
            yield Matter(person, script, channel, start, "closed")


def _unfinished(rng: random.Random, known: list[Person], count: int) -> dict[int, tuple[str, float]]:
    """Whose last matter is open or snoozed: its state and the age of its last message in minutes."""
    room = min(len(known), count)
    states: list[tuple[str, float]] = [("bounced", 190), ("blocked", 75)]
    states += [("waiting", minutes) for minutes in WAITING]
    states += [("answered", rng.uniform(15, 2200)) for _ in range(OPEN - len(states))]
    states += [("snoozed", rng.uniform(300, 6000)) for _ in range(SNOOZED)]
    chosen: dict[int, tuple[str, float]] = {}
    for state, minutes in states[:room]:
        needs = {"bounced": "email", "blocked": "telegram"}.get(state, "")
        fit = [one.number for one in known[:count] if one.number not in chosen and (not needs or needs in one.channels)]
        if fit:
            chosen[rng.choice(fit)] = (state, minutes)
    return chosen


def _scripts(rng: random.Random, person: Person, count: int, state: str) -> list[Script]:
    """`count` scripts, none twice while there are others; the first fits `state`."""
    fitting = [
        one for one in scripts(person.language) if person.first or not any("{first}" in x.text for x in one.lines)
    ]
    drawn: list[Script] = []
    while len(drawn) < count:
        drawn += sorted(fitting, key=lambda one: rng.random() ** (1 / one.weight), reverse=True)
    if state:
        suits = [one for one in drawn if one.lines[0].who == ">" and len(one.lines) > 2 and one.topic != "partner"]
        drawn.remove(suits[0])
        drawn.insert(0, suits[0])
    return drawn[:count]


def _starts(rng: random.Random, count: int, since: datetime, until: datetime) -> list[datetime]:
    starts: list[datetime] = []
    for _ in range(count):
        for _ in range(15):
            at = rhythm.begin(rng, since, until)
            if all(abs(at - other) > APART for other in starts):
                break
        starts.append(at)
    return starts


def _tell(rng: random.Random, matter: Matter, now: datetime) -> ConversationSeed:
    person, contact = matter.person, _key(matter.person)
    dialogue = talk(rng, matter.script, person, matter.channel, matter.start, at_once=matter.state != "closed")
    while matter.state == "closed" and dialogue.turns[-1].at > now - timedelta(hours=12):
        earlier = dialogue.turns[0].at - timedelta(days=rng.uniform(2, 9))
        dialogue = talk(rng, matter.script, person, matter.channel, earlier, at_once=False)
    if matter.state != "closed":
        dialogue = _shortened(rng, dialogue, matter.state).ending_at(_ended(rng, matter, now))
    written = messages(rng, dialogue, contact, tuple(agent.key for agent in AGENTS))
    match matter.state:
        case "closed" if "telegram" in person.channels and matter.channel == "webchat" and rng.random() < 0.12:
            written = moved_to_messenger(written, next(one for one in INBOXES if one.key == "telegram"))
        case "bounced":
            written = bounced(written)
        case "blocked":
            written = blocked(written)
    return _conversation(rng, matter, dialogue, _times_until(written, now), now)


def _ended(rng: random.Random, matter: Matter, now: datetime) -> datetime:
    """Customers wait since any hour; the shop's last word falls into its opening hours."""
    at = now - timedelta(minutes=matter.minutes)
    local = at.astimezone(SHOP_ZONE)
    if matter.state == "waiting" or 10 <= local.hour < 19:
        return at
    day = local if local.hour >= 19 else local - timedelta(days=1)
    return day.replace(hour=rng.randint(11, 18), minute=rng.randrange(60)).astimezone(UTC)


def _shortened(rng: random.Random, dialogue: Dialogue, state: str) -> Dialogue:
    """Cut where it stands now: waiting ends with the customer, everything else with the shop."""
    who = ">" if state == "waiting" else "<"
    ends = [
        at
        for at, turn in enumerate(dialogue.turns, 1)
        if turn.who == who and (at == len(dialogue.turns) or dialogue.turns[at].who != who)
    ]
    first = state == "waiting" and rng.random() < 0.6
    return dialogue.cut(ends[0] if first else rng.choice(ends))


def _times_until(written: list[MessageSeed], now: datetime) -> list[MessageSeed]:
    """A receipt cannot come later than now."""
    return [
        replace(one, times={what: min(at, now) for what, at in one.times.items()}) if one.times else one
        for one in written
    ]


def _conversation(
    rng: random.Random, matter: Matter, dialogue: Dialogue, written: list[MessageSeed], now: datetime
) -> ConversationSeed:
    agent = AGENTS[dialogue.agent].key
    replied = any(one.kind is Kind.REPLY for one in written)
    waiting = _waiting_from(written) if matter.state == "waiting" else None
    status = {"closed": Status.CLOSED, "snoozed": Status.SNOOZED}.get(matter.state, Status.OPEN)
    if status is Status.CLOSED:
        at = min(rhythm.answered(rng, written[-1].at, "email", SHOP_ZONE).astimezone(UTC), now)
        written = [*written, _event(at, agent, matter.channel, {"what": "closed"})]
    seen = len(written) if waiting is None or rng.random() < 0.3 else waiting
    tags = TAGS.get(matter.script.topic, ())
    return ConversationSeed(
        key=f"{_key(matter.person)}-{matter.script.name}",
        number=0,
        topic=matter.script.topic,
        contact=_key(matter.person),
        inbox=[one.inbox for one in written if one.kind is not Kind.EVENT][-1],
        status=status,
        priority=URGENT.get(matter.script.topic, Priority.NORMAL),
        assignee=agent if replied or rng.random() < 0.25 else None,
        tags=(*tags, "regular") if matter.person.regular > 4 else tags,
        subject=dialogue.subject,
        created_at=written[0].at,
        messages=tuple(written),
        seen=seen,
        waiting_since=None if waiting is None else written[waiting].at,
        snoozed_until=_morning(rng, now) if status is Status.SNOOZED else None,
        context=_context(rng, matter, dialogue),
    )


def _waiting_from(written: list[MessageSeed]) -> int:
    """The place of the first message after the shop's last word."""
    answered = [at for at, one in enumerate(written, 1) if one.kind is Kind.REPLY]
    start = answered[-1] if answered else 0
    return next(at for at in range(start, len(written)) if written[at].direction == "inbound")


def _morning(rng: random.Random, now: datetime) -> datetime:
    day = now.astimezone(SHOP_ZONE) + timedelta(days=rng.randint(1, 6))
    return day.replace(hour=9, minute=0, second=0).astimezone(UTC)


def _event(at: datetime, agent: str, inbox: str, event: dict[str, str]) -> MessageSeed:
    return MessageSeed(Kind.EVENT, "outbound", "", at, AuthorKind.AGENT, agent, inbox, content={"event": event})


def _context(rng: random.Random, matter: Matter, dialogue: Dialogue) -> dict[str, object]:
    language = matter.person.language
    if matter.channel != "webchat":
        return {"language": language}
    ware = dialogue.ware
    title = ware.forms[0][:1].upper() + ware.forms[0][1:]
    context: dict[str, object] = {
        "language": language,
        "page": f"https://kardamon.example/shop/{ware.slug}?lang={language}",
        "title": f"{title} · {'Kardamon' if language == 'en' else 'Кардамон'}",
        "referrer": rng.choice(REFERRERS),
    }
    if rng.random() < 0.3:
        context["utm"] = rng.choice(MARKS)
    return context


def _contact(rng: random.Random, person: Person, matters: list[ConversationSeed], now: datetime) -> ContactSeed:
    born = matters[0].created_at if matters else now - timedelta(days=rng.uniform(1, 300))
    dead = {one.inbox: one.reason for matter in matters for one in matter.messages if one.reason}
    last: dict[str, datetime] = {}
    for matter in matters:
        for one in matter.messages:
            if one.direction == "inbound":
                last[one.inbox] = one.at
    identities = []
    for channel in person.channels:
        address, display = _address(rng, person, channel)
        identities.append(
            IdentitySeed(
                inbox=channel,
                address=address,
                display=display,
                verified=channel != "webchat",
                reachable=channel not in dead,
                reason=dead.get(channel, ""),
                last_at=last.get(channel),
            )
        )
    facts = {"city": person.place.name, "orders": str(len(matters) + rng.randint(0, 2))}
    return ContactSeed(
        key=_key(person),
        name=person.name,
        language=person.language,
        timezone=person.place.timezone,
        country=person.place.country,
        created_at=born,
        identities=tuple(identities),
        facts=facts,
    )


def _address(rng: random.Random, person: Person, channel: str) -> tuple[str, str]:
    match channel:
        case "email":
            local = person.handle.strip(".") or "customer"
            address = f"{local}{person.number}@example.{rng.choice(('com', 'org', 'net'))}"
            return address, address
        case "telegram":
            return str(700_000_000 + person.number * 977), f"@{person.handle.strip('.').replace('.', '_') or 'guest'}"
        case _:
            return f"v_{rng.getrandbits(96):024x}", ""
