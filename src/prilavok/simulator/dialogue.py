"""One script, one person, one agent and a beginning in time, made into the messages of a conversation."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from prilavok.domain.message import Attachment, AuthorKind, Kind
from prilavok.domain.receipt import Receipt
from prilavok.simulator import manners, rhythm
from prilavok.simulator.people import Person
from prilavok.simulator.pictures import picture
from prilavok.simulator.script import Genders, Line, Script, fill
from prilavok.simulator.seeds import MessageSeed
from prilavok.simulator.vocabulary import (
    ABROAD,
    FRIENDS,
    PROMOS,
    STREETS,
    SUBJECTS,
    WARES,
    WEEKDAYS,
    WINDOWS,
    F,
    M,
    Ware,
    date,
)

SHOP_ZONE = ZoneInfo("Europe/Kyiv")
AGENT_GENDERS = (F, M, F)
AGENT_NAMES = {"ru": ("Оксана", "Марк", "Анна"), "uk": ("Оксана", "Марк", "Анна"), "en": ("Oksana", "Mark", "Anna")}
KINDS = {">": Kind.MESSAGE, "<": Kind.REPLY, "!": Kind.NOTE}
PHOTO_NAMES = {"cup": "IMG_{n}.png", "teapot": "teapot.png", "payment": "Screenshot_{n}.png", "parcel": "IMG_{n}.png"}


@dataclass(frozen=True, slots=True)
class Turn:
    """One message to be: who (`>`, `<`, `!`), what, a picture with it, when."""

    who: str
    text: str
    picture: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Dialogue:
    person: Person
    agent: int  # 0, 1, 2
    channel: str
    subject: str
    ware: Ware
    turns: tuple[Turn, ...]

    def cut(self, length: int) -> "Dialogue":
        return replace(self, turns=self.turns[:length])

    def ending_at(self, at: datetime) -> "Dialogue":
        moved = at - self.turns[-1].at
        return replace(self, turns=tuple(replace(turn, at=turn.at + moved) for turn in self.turns))


def talk(
    rng: random.Random, script: Script, person: Person, channel: str, start: datetime, *, at_once: bool
) -> Dialogue:
    """`at_once`: the shop happens to be there, whatever the hour; for matters that are under way right now."""
    agent = rng.choices((0, 1, 2), (0.4, 0.35, 0.25))[0]
    ware, words = _words(rng, script, person, agent, start)
    genders = Genders(person.gender, AGENT_GENDERS[agent], ware.gender)
    turns: list[Turn] = []
    at, before = start, ""
    for line in script.lines:
        at = _when(rng, before, line.who, at, person=person, channel=channel, at_once=at_once)
        hour = 14 if at_once else at.astimezone(ZoneInfo(person.place.timezone)).hour
        said = _said(
            rng, line, words, genders, person=person, agent=agent, hour=hour, first=not turns, chat=channel != "email"
        )
        for number, text in enumerate(said):
            at += timedelta(seconds=rng.uniform(4, 35) if number else 0)
            turns.append(Turn(line.who, text, line.picture if number == len(said) - 1 else "", at))
        before = line.who
    about = script.topic if script.topic in SUBJECTS[person.language] else "order" if _names_order(script) else ""
    subject = SUBJECTS[person.language][about].format(order=words["order"]) if channel == "email" else ""
    return Dialogue(person, agent, channel, subject, ware, tuple(turns))


def _names_order(script: Script) -> bool:
    return any("{order}" in line.text for line in script.lines)


def _words(rng: random.Random, script: Script, person: Person, agent: int, at: datetime) -> tuple[Ware, dict[str, str]]:
    language, place = person.language, person.place
    ware = rng.choice([one for one in WARES[language] if one.fits(script.ware)])
    other = rng.choice([one for one in WARES[language] if one is not ware])
    soon = at + timedelta(days=rng.randint(2, 6))
    street = rng.choice(STREETS[language]).format(h=rng.randint(2, 88), f=rng.randint(1, 64))
    words = {
        **ware.words("item"),
        **other.words("item2"),
        "order": str(10000 + int(at.timestamp() // 86400 * 12 + rng.randrange(12)) % 90000),
        "price": str(ware.price),
        "diff": str(rng.randint(2, 9)),
        "sum": str(ware.price + rng.choice((0, 9, 16, 22))),
        "city": place.name,
        "city.to": place.to,
        "city.in": place.inside,
        "country": rng.choice(ABROAD[language]),
        "street": street,
        "phone": f"+44 7700 900{rng.randint(100, 999)}" if language == "en" else f"050 000 {rng.randint(10, 99)} 17",
        "friend": rng.choice(FRIENDS[language]),
        "track": f"KD{rng.randrange(10**8, 10**9)}",
        "date": date(soon, language),
        "day": WEEKDAYS[language][soon.weekday()],
        "ago": date(at - timedelta(days=rng.randint(4, 11)), language),
        "time": f"{rng.randint(10, 18)}:{rng.choice(('00', '30', '15'))}",
        "window": rng.choice(WINDOWS[language]),
        "promo": rng.choice(PROMOS[language]),
        "n": str(rng.randint(2, 4)),
        "big": str(rng.choice((20, 24, 30, 36, 40, 60, 80, 120))),
        "first": person.called,
        "agent": AGENT_NAMES[language][agent],
        "bye": rng.choice(manners.BYES[language]),
    }
    return ware, words


def _said(
    rng: random.Random,
    line: Line,
    words: Mapping[str, str],
    genders: Genders,
    *,
    person: Person,
    agent: int,
    hour: int,
    first: bool,
    chat: bool,
) -> list[str]:
    hi, hello = manners.greeting(rng, person, hour), manners.hello(rng, person, agent)
    thanks = rng.choice(manners.THANKS[person.language])
    text = fill(line.text, {**words, "hi": hi, "hello": hello, "thanks": thanks}, genders, rng)
    if person.language == "uk":
        text = manners.easy_on_the_ear(text)
    if line.who != ">":
        text = manners.sentences(text)
        return [text if chat or line.who == "!" else f"{text}\n\n{words['agent']}"]
    text = manners.thank_in_passing(manners.after_greeting(text, hi), thanks)
    if not chat:
        return [manners.letter(rng, person, manners.sentences(text.replace(" // ", " ")), first=first)]
    parts = manners.thoughts(rng, person, text, chat=chat)
    return [manners.in_own_words(rng, person, part) for part in parts]


def _when(
    rng: random.Random, before: str, who: str, at: datetime, *, person: Person, channel: str, at_once: bool
) -> datetime:
    match before, who:
        case "", _:
            return at
        case ">", ">":
            return at + timedelta(seconds=rng.uniform(15, 150))
        case _, "!":
            return at + timedelta(seconds=rng.uniform(40, 240))
        case _, "<" if at_once:
            return at + timedelta(minutes=rhythm.ANSWER[channel] * rng.uniform(0.3, 1.6))
        case "<", "<":
            return at + timedelta(seconds=rng.uniform(30, 140))
        case _, "<":
            return rhythm.answered(rng, at, channel, SHOP_ZONE).astimezone(UTC)
        case _, _ if at_once:
            return at + timedelta(minutes=rhythm.FOLLOW_UP[channel] * rng.uniform(0.3, 1.4))
        case _:
            return rhythm.followed_up(rng, at, channel, ZoneInfo(person.place.timezone)).astimezone(UTC)


def messages(rng: random.Random, dialogue: Dialogue, contact: str, agents: tuple[str, ...]) -> list[MessageSeed]:
    """The turns as messages with receipts, edits, quoted mail and pictures."""
    written: list[MessageSeed] = []
    for number, turn in enumerate(dialogue.turns):
        customer = turn.who == ">"
        later = [next_.at for next_ in dialogue.turns[number + 1 :] if next_.who == ">"]
        message = MessageSeed(
            kind=KINDS[turn.who],
            direction="inbound" if customer else "outbound",
            text=turn.text,
            at=turn.at,
            author_kind=AuthorKind.CONTACT if customer else AuthorKind.AGENT,
            author=contact if customer else agents[dialogue.agent],
            inbox=dialogue.channel,
            attachments=_attachments(rng, turn.picture),
        )
        if turn.who == "<":
            message = _with_receipts(rng, message, later[0] if later else None)
        if customer and dialogue.channel == "telegram" and rng.random() < 0.03:
            spoilt = manners.slip(rng, turn.text)
            message = replace(message, original_text=spoilt, edited_at=turn.at + timedelta(seconds=rng.randint(8, 50)))
        if dialogue.channel == "email" and turn.who != "!":
            message = _as_mail(message, dialogue, written)
        written.append(message)
    return written


def _attachments(rng: random.Random, what: str) -> tuple[Attachment, ...]:
    if not what:
        return ()
    data = picture(what)
    name = PHOTO_NAMES[what].format(n=rng.randint(1000, 9999))
    return (Attachment(name=name, type="image/png", size=len(data), data=data, kind="image"),)


def _with_receipts(rng: random.Random, message: MessageSeed, answered_at: datetime | None) -> MessageSeed:
    """The web chat knows when a visitor read; Telegram and mail only that they took it."""
    times = {"sent": message.at + timedelta(seconds=rng.uniform(0.2, 1.5))}
    if message.inbox != "webchat":
        return replace(message, receipt=Receipt.SENT, times=times)
    patience = timedelta(seconds=rng.uniform(2, 60)) if rng.random() < 0.7 else timedelta(minutes=rng.uniform(5, 600))
    read = message.at + patience
    if answered_at is not None:
        read = min(read, message.at + (answered_at - message.at) * 0.7)
    elif rng.random() < 0.12:
        return replace(message, receipt=Receipt.DELIVERED, times={**times, "delivered": times["sent"]})
    delivered = max(times["sent"], read - timedelta(seconds=rng.uniform(0.5, 3)))
    times |= {"delivered": delivered, "read": max(read, delivered)}
    return replace(message, receipt=Receipt.READ, times=times)


def _as_mail(message: MessageSeed, dialogue: Dialogue, before: list[MessageSeed]) -> MessageSeed:
    subject = f"Re: {dialogue.subject}" if before else dialogue.subject
    letters = [one for one in before if one.kind is not Kind.NOTE]
    if not letters:
        return replace(message, subject=subject)
    last, language = letters[-1], dialogue.person.language
    shop = {"ru": "Лавка «Кардамон»", "uk": "Крамниця «Кардамон»", "en": "Kardamon"}[language]
    who = dialogue.person.name or dialogue.person.handle if last.direction == "inbound" else shop
    return replace(message, subject=subject, folded=manners.quote(date(last.at, language), who, last.text, language))
