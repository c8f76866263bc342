"""What a channel can do, as data. Every rule reads this table; none asks for a channel by name."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from prilavok.domain.message import Outbound
from prilavok.domain.receipt import Receipt

BLOCKED = "blocked"  # a reason that is a word: the customer shut us out; each interface says it in its language


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `messages` in `per` seconds; `each` says for the whole inbox or for one recipient."""

    messages: int
    per: float
    each: str = "inbox"  # inbox | recipient


@dataclass(frozen=True, slots=True, kw_only=True)
class Comments:
    """What a channel lets the shop do about what was said in public."""

    text_limit: int = 2000  # characters of a public answer
    media: bool = False
    answers: int | None = None  # how many public answers one may have; None: as many as one likes
    moderates: frozenset[str] = frozenset()  # of hide, show, delete, report
    moderated: frozenset[str] = frozenset({"comment", "review", "question"})  # of which kinds that can be done
    private_reply: bool = False  # a comment may be answered in private, once
    private_days: int = 7  # for so long after the comment
    amends: frozenset[str] = frozenset()  # of edit, delete: what may become of a public answer of our own


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a channel can do. Every rule reads this table instead of the channel's name."""

    address_kind: str  # visitor | email | phone | chat | opaque
    address_scope: str = "inbox"  # shop: the same person in every inbox of this kind; inbox: only within one
    starts: bool = False  # may we write first, to somebody who never wrote to us
    reply_window_hours: float | None = None  # None: no limit
    person_window_hours: float | None = None  # so long a person of the shop may still answer, where that is longer
    receipts: frozenset[Receipt] = frozenset()  # those that exist beyond `accepted`
    text_limit: int = 4096  # characters; a longer text is refused before it is sent
    media: bool = True
    media_limit: int = 20 * 1024 * 1024  # bytes a file
    buttons: int = 0  # quick replies a message may carry; 0: they are written as numbered text
    public: bool = False  # everything said here is public: no message is private
    comments: Comments | None = None  # what can be done about what was said in public; None: nothing public here
    cost: str = "free"  # free | low | per message
    deep_link: str = ""  # template with {account} and {token}; empty: the channel has none
    edits_in: bool = False  # the customer's edits reach us
    deletes_in: bool = False
    typing_in: bool = False
    typing_out: bool = False
    deduplicates: bool = False  # sending the same message twice is harmless: the vendor or the reader sees one
    threads: bool = False  # the channel has subjects and threads of its own: a new thread is a new matter
    page: str = ""  # template with {key}: a page of ours where customers begin, and where they see who has read
    direct: bool = False  # the reader's socket or page is ours: once stored a reply counts as sent, no outbox
    polled: bool = False  # the source is asked, it does not call our hook
    hooked: bool = True  # the vendor posts to /hooks/{key}
    acknowledges: bool = False  # a written "received, we answer by ..." is customary here
    subject: bool = False
    html: bool = False
    medium: str = ""  # the word that people and wishes use (telegram, sms, phone ...); empty: the kind itself
    inquires: tuple[float, ...] = ()  # seconds after sending at which the vendor is asked what became of a message
    prices: bool = False  # the vendor tells in the end what a message cost
    voice: bool = False  # a call: only where the policy allows one, and a person makes it
    rings: bool = False  # makes a sound that wakes people, as an SMS and a call do
    templates: bool = False  # outside of the reply window only texts that the vendor approved before
    template_limit: int = 1024  # characters of our own within such a text
    rate: tuple[RateLimit, ...] = ()
    nameless: bool = False  # deliveries name nobody: who wrote for the first time is looked up
    parallel: int = 4  # sends under way at once in one inbox

    @property
    def takes_along(self) -> bool:
        """Whether the deep link brings a token back to us: only then does it lead into the same conversation."""
        return "{token}" in self.deep_link

    @property
    def shares_address(self) -> bool:
        """Whether other media use the same addresses: a number is texted and called."""
        return self.address_scope == "shop" and self.address_kind == "phone"

    def refusal(self, outbound: Outbound) -> str:
        """Why this message cannot go through such a channel, as a sentence; empty when it can."""
        if outbound.public and self.comments is None:
            return "Nothing can be said in public through this channel."
        if self.public and not outbound.public:
            return "Everybody reads what is said here, and this is not meant for everybody."
        in_public = self.comments if outbound.public else None
        limit = in_public.text_limit if in_public is not None else self.text_limit
        if len(outbound.text) > limit:
            return f"The text has {len(outbound.text)} characters; this channel takes {limit}."
        if outbound.attachments and not (in_public.media if in_public is not None else self.media):
            return "This channel carries no files."
        for file in outbound.attachments:
            size = len(file.data) if file.data is not None else file.size or 0
            if size > self.media_limit:
                return (
                    f"“{file.name}” is larger than {self.media_limit // (1024 * 1024)} MB, which this channel refuses."
                )
        if not (outbound.text.strip() or outbound.attachments):
            return "There is nothing in this message."
        return ""


def why_not(
    able: Capabilities,
    *,
    reachable: bool,
    blocked_because: str,
    last_inbound: datetime | None,
    now: datetime,
    person: bool = False,
) -> str:
    """Why this address cannot be written to through this channel now; empty when it can. `person`: by a colleague."""
    if not reachable:
        return f"unreachable: {blocked_because}" if blocked_because else "unreachable"
    if last_inbound is None:
        return "" if able.starts else "never_wrote"
    return "window_shut" if window_shut(able, last_inbound, now, person=person) and not able.templates else ""


def window_shut(able: Capabilities, last_inbound: datetime | None, now: datetime, *, person: bool = False) -> bool:
    """Whether the time for words of our own is over, or has never begun."""
    until = window_until(able, last_inbound, person=person)
    return able.reply_window_hours is not None and (until is None or now > until)


def window_until(able: Capabilities, last_inbound: datetime | None, *, person: bool = False) -> datetime | None:
    """Until when a reply may be sent; None without a limit."""
    if able.reply_window_hours is None or last_inbound is None:
        return None
    hours = able.person_window_hours if person and able.person_window_hours is not None else able.reply_window_hours
    return last_inbound + timedelta(hours=hours)
