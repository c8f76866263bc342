"""The courier's page: where to, what to heed, and one tap for whatever happens at the door."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection
from starlette.responses import Response

from prilavok.domain.delivery import UNDO, Act, may_act, may_call
from prilavok.domain.editing import policy_from
from prilavok.domain.hours import Spans, clock
from prilavok.domain.order import Status
from prilavok.domain.preferences import preferences_from
from prilavok.domain.rules import BUILT_IN, Policy
from prilavok.domain.wishes import Call, Wishes, about_calls, wishes_from
from prilavok.flows import carry
from prilavok.flows.slots import needs_new_slot, slot_of, zone_for
from prilavok.store import orders, preferences, rulebook, shops
from prilavok.web.ask import Ask
from prilavok.web.public import wish_words
from prilavok.web.public.courier_style import STYLE
from prilavok.web.public.courier_words import WORDS
from prilavok.web.public.dates import day_words, money
from prilavok.web.public.door import asked_language, back, form, gone, opened, shown
from prilavok.web.public.page import whole
from prilavok.web.public.style import FORMS

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; worker-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
SCRIPTS = {name: (Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("courier.js", "worker.js")}
WIDE = {"call", "leave_at_door", "recipient_other", "gift", "change_from", "delivery_window"}
AT_THE_DOOR = "failed_attempt"  # the occasion of the policy under which a courier calls
FINAL = (Act.DELIVERED, Act.REFUSED, Act.NO_ANSWER, Act.ARRIVED, Act.ON_MY_WAY)


@dataclass(frozen=True, slots=True)
class Sight:
    order: Mapping[Any, Any]
    shop: Mapping[Any, Any]
    acts: Mapping[Act, Mapping[Any, Any]]  # of this attempt, and the event that each left behind
    lasting: Call
    policy: Policy
    language: str
    now: datetime
    apple: bool
    did: str

    @property
    def attempt(self) -> int:
        return carry.current_attempt(self.order)

    @property
    def status(self) -> Status:
        return Status(self.order["status"])

    @property
    def wishes(self) -> Wishes:
        wishes = wishes_from(self.order["wishes"] or {})
        return replace(wishes, call=about_calls(wishes.call, wishes.forbidden_channels))

    @property
    def local(self) -> datetime:
        return self.now.astimezone(zone_for(self.order, self.shop))

    @property
    def at_delivery(self) -> bool:
        return Act.ON_MY_WAY in self.acts or self.order["delivery_day"] == self.local.date().isoformat()

    @property
    def hours_of_calls(self) -> Spans:
        """In minutes of the customer's day, as the owner's policy has them for a delivery that failed."""
        return (self.policy.hours.get(AT_THE_DOOR) or BUILT_IN.hours[AT_THE_DOOR])[1]

    @property
    def quiet(self) -> bool:
        minute = self.local.hour * 60 + self.local.minute
        awake = any(start <= minute < end for start, end in self.hours_of_calls)
        return not awake or self.day_off

    @property
    def day_off(self) -> bool:
        """A day of the week on which the owner wants nobody called."""
        return self.local.weekday() in self.policy.no_calls_on

    @property
    def callable(self) -> bool:
        return bool(self.order["phone"]) and may_call(
            self.wishes,
            self.lasting,
            at_delivery=self.at_delivery,
            at_door=Act.ARRIVED in self.acts,
            quiet=self.quiet,
            urgent=self.order["urgent"],
            unread=self.order["calls_wait"],
        )


async def show(ask: Ask) -> Response:
    key = opened(ask, "courier", "o")
    sight = await ask.read(_load, ask, key.shop_id, key.id) if key is not None else None
    if sight is None:
        return gone(ask)
    return shown(_render(sight), policy=POLICY)


async def act(ask: Ask) -> Response:
    """One tap, or its undoing. Taps that waited for the network say when they were made."""
    key = opened(ask, "courier", "o")
    if key is None or await ask.read(orders.get, key.shop_id, key.id) is None:
        return gone(ask)
    given = await form(ask, key)
    attempt = int(given["attempt"]) if given.get("attempt", "").isdecimal() and len(given["attempt"]) < 6 else 0
    undone, name = given.get("undo", ""), given.get("act", "")
    if undone in list(Act):
        return back(ask, await ask.do(carry.undo, key.shop_id, key.id, Act(undone), attempt))
    if name not in list(Act):
        return back(ask, "nothing")
    tap = carry.Tap(
        act=Act(name),
        attempt=attempt,
        at=_moment(given.get("at", "")),
        minutes=int(given["minutes"]) if given.get("minutes") in {str(one) for one in carry.WINDOWS} else 60,
        called=given.get("called") == "1",
    )
    outcome = await ask.do(carry.tap, key.shop_id, key.id, tap)
    return back(ask, name if outcome == "done" else outcome)


async def script(ask: Ask) -> Response:
    """What keeps the page readable without a network, and the taps until there is one."""
    name = ask.request.url.path.rpartition("/")[2]
    headers = {"cache-control": "no-cache", "x-content-type-options": "nosniff", "content-security-policy": POLICY}
    return Response(SCRIPTS[name], 200, headers, media_type="text/javascript")


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def _load(db: Connection, ask: Ask, shop_id: int, order_id: str) -> Sight | None:
    order, shop = orders.get(db, shop_id, order_id), shops.get(db, shop_id)
    if order is None or shop is None:
        return None
    attempt = carry.current_attempt(order)
    acts = {}
    for event in orders.events_of(db, shop_id, order_id):
        for one, (kind, _) in carry.ACTS.items():
            # The attempt that has just failed stays on the page, so that it can be taken back.
            number = attempt - 1 if one is Act.NO_ANSWER else attempt
            if event["source"] == carry.SOURCE and event["kind"] == kind and event["key"] == carry.key_of(one, number):
                acts[one] = event
    row = preferences.get(db, shop_id, order["contact_id"])
    lasting = preferences_from(row["data"] if row is not None else None)
    own = rulebook.active(db, shop_id)
    return Sight(
        order=order,
        shop=shop,
        acts=acts,
        policy=policy_from(own["data"], version=own["version"]) if own is not None else BUILT_IN,
        lasting=about_calls(lasting.call, lasting.forbidden_channels),
        language=asked_language(ask, shop["language"]),
        now=ask.services.now,
        apple=any(one in ask.request.headers.get("user-agent", "") for one in ("iPhone", "iPad")),
        did=ask.query("did"),
    )


def _render(sight: Sight) -> str:
    words, order = WORDS[sight.language], sight.order
    title = words["title"].format(number=order["number"])
    heading = f"<h1>{escape(sight.shop['name'])} · {escape(title)}{_which(sight)}</h1>"
    # The link outlives the errand: afterwards nobody needs to know who lives where behind which code.
    body = [heading, _errand(sight) if may_act(sight.status) else "", _bar(sight)]
    told = f' data-queued="{escape(words["queued"])}" data-stale="{escape(words["stale"])}"'
    head = f'<meta name="format-detection" content="telephone=no"><script src="/k/courier.js" defer{told}></script>'
    return whole(title, sight.language, "".join(body), style=FORMS + STYLE, head=head)


def _errand(sight: Sight) -> str:
    """Where to, to whom, and what to heed."""
    place = ", ".join(filter(None, (sight.order["city"], sight.order["address"])))
    parts = [
        f'<p class="address">{escape(place)}</p><p class="who">{escape(_who(sight))}</p>',
        _hours(sight),
        _wishes(sight),
        _money(sight),
        _links(sight, place),
        _comment(sight),
    ]
    return "".join(parts)


def _who(sight: Sight) -> str:
    """Whom to ask for, and how many things there are."""
    count = sum(int(one.get("quantity") or 1) for one in sight.order["items"] or ())
    things = WORDS[sight.language]["items"].format(count=count) if count else ""
    return " · ".join(filter(None, (sight.order["name"], things)))


def _which(sight: Sight) -> str:
    attempt = WORDS[sight.language]["attempt"].format(attempt=sight.attempt)
    return f" · {escape(attempt)}" if sight.attempt > 1 else ""


def _hours(sight: Sight) -> str:
    words, slot = WORDS[sight.language], slot_of(sight.order)
    if needs_new_slot(sight.order):
        return f'<p class="hours">{escape(words["waiting_slot"])}</p>'
    if slot is None:
        return ""
    today = sight.now.astimezone(ZoneInfo(sight.shop["timezone"])).date()
    when = f"{day_words(slot.day, today, sight.language)}, {slot.start:%H:%M}–{slot.end:%H:%M}"
    return f'<p class="hours">{escape(words["hours"].format(when=when))}</p>'


def _wishes(sight: Sight) -> str:
    wishes = [one for one in wish_words.lines(sight.wishes, sight.language) if one.name != "call"]
    rows = [
        f'<li class="{"whole" if one.name in WIDE or len(one.text) > 18 else ""}">{escape(one.text)}</li>'
        for one in wishes
    ]
    if call := _call_line(sight):
        rows.insert(0, call)
    return f'<ul class="wishes">{"".join(rows)}</ul>' if rows else ""


def _call_line(sight: Sight) -> str:
    """Whether to call stands first, in large type: it is the customer's most frequent wish."""
    words = WORDS[sight.language]
    if Call.NEVER in {sight.wishes.call, sight.lasting}:
        return f'<li class="whole never">{escape(words["no_call"])}</li>'
    said = sight.wishes.call if sight.wishes.call is not Call.NO_STATEMENT else sight.lasting
    text = wish_words.CALLS[sight.language].get(said, "")
    return f'<li class="whole">{escape(text)}</li>' if text else ""


def _money(sight: Sight) -> str:
    words, order = WORDS[sight.language], sight.order
    if order["paid"] or order["payment"] != "cod":
        return f'<p class="money">{escape(words["paid"])}</p>' if order["paid"] else ""
    total = money(order["total"], order["currency"], sight.language)
    return f'<p class="money">{escape(words["collect"].format(sum=total))}</p>'


def _links(sight: Sight, place: str) -> str:
    """The map, and the telephone when a call is allowed now; otherwise the number is not on the page at all."""
    words, parts, note = WORDS[sight.language], [], ""
    if place:
        where = f"maps:?q={quote(place)}" if sight.apple else f"geo:0,0?q={quote(place)}"
        parts.append(f'<a href="{escape(where)}">{escape(words["map"])}</a>')
    if sight.order["phone"]:
        if sight.callable:
            parts.append(f'<a href="tel:{escape(quote(sight.order["phone"], safe="+"))}">{escape(words["call"])}</a>')
        elif Call.NEVER not in {sight.wishes.call, sight.lasting}:
            note = f'<p class="muted">{escape(_when_to_call(sight))}</p>'
    return f'<div class="links">{"".join(parts)}</div>{note}' if parts or note else ""


def _when_to_call(sight: Sight) -> str:
    words = WORDS[sight.language]
    if sight.order["calls_wait"]:
        return words["call_unread"]
    if sight.day_off:
        return words["no_calls_today"]
    if Call.ONLY_IF_URGENT in {sight.wishes.call, sight.lasting} and not sight.quiet:
        return words["call_at_door"]
    hours = ", ".join(f"{clock(start)}–{clock(end)}" for start, end in sight.hours_of_calls)
    return words["call_later"].format(hours=hours)


def _comment(sight: Sight) -> str:
    words, comment = WORDS[sight.language], sight.order["comment"]
    if not comment:
        return ""
    return f'<p class="muted">{escape(words["note"])}</p><blockquote>{escape(comment)}</blockquote>'


def _bar(sight: Sight) -> str:
    words = WORDS[sight.language]
    waiting = '<p class="notice offline" role="status" hidden></p>'
    if not may_act(sight.status):
        end = words.get(f"end_{sight.status}", "")
        return f'<div class="bar">{waiting}{_notice(sight) or _said(end)}</div>'
    buttons = _first_act(sight) + _other_acts(sight)
    return f'<div class="bar">{waiting}{_notice(sight)}{buttons}</div>'


def _first_act(sight: Sight) -> str:
    """The next thing that happens, as the largest button."""
    words = WORDS[sight.language]
    if Act.ARRIVED in sight.acts:
        return _form(sight, _button(Act.DELIVERED, words["delivered"], "main"))
    if Act.ON_MY_WAY in sight.acts:
        return _form(sight, _button(Act.ARRIVED, words["arrived"], "main"))
    chips = "".join(
        f'<label class="chip"><input type="radio" name="minutes" value="{one}"{" checked" if one == 60 else ""}>'
        f"<span>{escape(words['minutes'].format(one))}</span></label>"
        for one in carry.WINDOWS
    )
    window = f'<fieldset><legend>{escape(words["within"])}</legend><div class="chips">{chips}</div></fieldset>'
    return _form(sight, window + _button(Act.ON_MY_WAY, words["on_my_way"], "main"))


def _other_acts(sight: Sight) -> str:
    words = WORDS[sight.language]
    if not {Act.ON_MY_WAY, Act.ARRIVED} & set(sight.acts):
        return ""
    called = sight.callable
    hidden = f'<input type="hidden" name="called" value="{int(called)}">'
    nobody = _button(Act.NO_ANSWER, words["no_answer_called" if called else "no_answer"], "danger")
    refused = _button(Act.REFUSED, words["refused"], "danger")
    delivered = "" if Act.ARRIVED in sight.acts else _button(Act.DELIVERED, words["delivered"], "plain")
    return _form(sight, hidden + nobody + refused + delivered, kind="two")


def _form(sight: Sight, inner: str, kind: str = "") -> str:
    number = f'<input type="hidden" name="attempt" value="{sight.attempt}">'
    return f'<form method="post" class="{kind}">{number}{inner}</form>'


def _button(what: Act, text: str, kind: str) -> str:
    return f'<button name="act" value="{what}" class="{kind}">{escape(text)}</button>'


def _notice(sight: Sight) -> str:
    """What was just done, and half a minute to take it back."""
    words = WORDS[sight.language]
    for one in FINAL:
        event = sight.acts.get(one)
        left = UNDO - (sight.now - event["created_at"]) if event is not None else UNDO * -1
        if left.total_seconds() > 0:
            number = sight.attempt - 1 if one is Act.NO_ANSWER else sight.attempt
            undo = (
                f'<form method="post" data-left="{int(left.total_seconds())}">'
                f'<input type="hidden" name="attempt" value="{number}">'
                f'<button name="undo" value="{one}" class="plain">{escape(words["undo"])}</button></form>'
            )
            return _said(words[f"did_{one}"], undo)
    plain = words.get(sight.did, "") if sight.did in {"undone", "late", "again", "over", "nothing"} else ""
    return _said(plain)


def _said(text: str, more: str = "") -> str:
    return f'<div class="notice" role="status"><span>{escape(text)}</span>{more}</div>' if text else ""
