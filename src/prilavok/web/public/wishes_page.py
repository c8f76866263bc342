"""The customer's own page: calls, channels, hours and consents. And the way out of promotion in one click."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from sqlalchemy.engine import Connection
from starlette.responses import Response

from prilavok.domain import reasons
from prilavok.domain.errors import BadInput
from prilavok.domain.facts import Preferences
from prilavok.domain.preferences import CONSENTS, preferences_from
from prilavok.domain.wishes import DAYS, Call
from prilavok.flows import wish
from prilavok.flows.addresses import wishes_page
from prilavok.flows.directory import Directory
from prilavok.flows.slots import zone_for
from prilavok.store import contacts, preferences, shops
from prilavok.web.ask import Ask
from prilavok.web.calls import ShopPhone, shop_phones
from prilavok.web.public.dates import moment
from prilavok.web.public.door import Key, back, fields, form, gone, opened, shown, spoken
from prilavok.web.public.page import whole
from prilavok.web.public.phones import block
from prilavok.web.public.style import FORMS
from prilavok.web.public.wishes_words import WORDS

ONE_CLICK = "List-Unsubscribe"  # RFC 8058: posted by a mail program, without our page and without cookies
CALLS = (Call.NO_STATEMENT, Call.BEFORE_ARRIVAL, Call.ONLY_IF_URGENT, Call.NEVER)
HOURS = tuple(f"{hour:02}:00" for hour in range(6, 24))


@dataclass(frozen=True, slots=True)
class Sight:
    shop: Mapping[Any, Any]
    contact: Mapping[Any, Any]
    said: Preferences
    row: Mapping[Any, Any] | None
    history: Sequence[Mapping[Any, Any]]
    channels: tuple[tuple[str, str], ...]  # word, title
    language: str
    now: datetime
    wishes_link: str
    did: str
    phones: Sequence[ShopPhone] = ()

    def when(self, at: datetime) -> str:
        return moment(at, self.now, zone_for(self.contact, self.shop), self.language)


async def show(ask: Ask) -> Response:
    sight = await _sight(ask)
    return gone(ask) if sight is None else shown(_render(sight))


async def save(ask: Ask) -> Response:
    key = await _entered(ask)
    if key is None:
        return gone(ask)
    given = await form(ask, key)
    before = await ask.read(preferences.get, key.shop_id, key.id)
    try:
        known = preferences_from(before["data"] if before is not None else None).consents
        await ask.do(wish.save, key.shop_id, key.id, _read(given, known), by=wish.CUSTOMER)
    except BadInput:
        return back(ask, "wrong")
    return back(ask, "saved")


async def ask_to_leave(ask: Ask) -> Response:
    """Looking changes nothing: mail scanners open every link."""
    sight = await _sight(ask)
    return gone(ask) if sight is None else shown(_render_exit(sight, gone_already=False))


async def leave(ask: Ask) -> Response:
    """By the button of the page, or by a mail program on its own."""
    key = await _entered(ask)
    if key is None:
        return gone(ask)
    given = await fields(ask, key)
    if given.get(ONE_CLICK) != "One-Click":
        ask.services.guard.refuse_other_sites(ask.request.headers)
    await ask.do(wish.unsubscribe, key.shop_id, key.id)
    sight = await _sight(ask)
    return gone(ask) if sight is None else shown(_render_exit(sight, gone_already=True))


async def _entered(ask: Ask) -> Key | None:
    """The customer of this link as they are known today."""
    key = opened(ask, "wishes", "c")
    person = await ask.read(contacts.present, key.shop_id, key.id) if key is not None else None
    return Key(key.shop_id, person["id"]) if key is not None and person is not None else None


async def _sight(ask: Ask) -> Sight | None:
    key = await _entered(ask)
    return await ask.read(_load, ask, key.shop_id, key.id) if key is not None else None


def _load(db: Connection, ask: Ask, shop_id: int, contact_id: str) -> Sight | None:
    contact, shop = contacts.contact(db, shop_id, contact_id), shops.get(db, shop_id)
    if contact is None or shop is None:
        return None
    row = preferences.get(db, shop_id, contact_id)
    said = preferences_from(row["data"] if row is not None else None)
    language = spoken(ask, contact["language"])
    return Sight(
        shop=shop,
        contact=contact,
        said=said,
        row=row,
        history=preferences.history(db, shop_id, contact_id),
        channels=tuple(_channels(db, ask.services.directory, contact, said, language)),
        language=language,
        now=ask.services.now,
        wishes_link=wishes_page(ask.services.bus.world, shop_id, contact_id, ask.services.now),
        did=ask.query("did"),
        phones=shop_phones(db, shop_id, ask.services.directory),
    )


def _channels(
    db: Connection, directory: Directory, contact: Mapping[Any, Any], said: Preferences, language: str
) -> Iterable[tuple[str, str]]:
    """Every way in which this shop could write to this person, and what they have named besides: a market's chat is one
    only for whoever writes there. Calls have their own question.
    """
    titles: dict[str, str] = {}
    shop_id = contact["shop_id"]
    scopes = {one["scope"] for one in contacts.identities_of(db, shop_id, contact["id"])}
    for inbox in directory.of_shop(db, shop_id):
        able = inbox.capabilities
        open_to_all = able.starts or able.deep_link or able.direct or able.page
        if not able.public and not able.voice and (open_to_all or inbox.scope in scopes):
            word = able.medium or inbox.kind
            titles.setdefault(word, reasons.way_name(word, inbox.channel.title, language))
    for word in (*said.preferred_channels, *said.forbidden_channels):
        own = word.upper() if len(word) < 4 else word.replace("_", " ").capitalize()
        titles.setdefault(word, reasons.way_name(word, own, language))
    return [(word, title[:1].upper() + title[1:]) for word, title in titles.items()]


def _read(given: Mapping[str, str], known: Mapping[str, bool]) -> dict[str, Any]:
    """The form as preferences: what it did not show is not in it, and stays. An empty box is a word only where there
    was another one before.
    """
    said: dict[str, Any] = {"call": given.get("call", "")}
    ways = {name.removeprefix("way:"): value for name, value in given.items() if name.startswith("way:")}
    said["preferred_channels"] = [word for word, value in ways.items() if value == "prefer"]
    said["forbidden_channels"] = [word for word, value in ways.items() if value == "refuse"]
    hours = {"from": given.get("from") or None, "to": given.get("to") or None, "days": given.get("days") or "any"}
    said["contact_window"] = hours
    boxes = {purpose: given.get(f"may:{purpose}") == "yes" for purpose in CONSENTS}
    said["consents"] = {purpose: box for purpose, box in boxes.items() if box or purpose in known}
    return said


def _render(sight: Sight) -> str:
    words = WORDS[sight.language]
    did = words.get(sight.did, "") if sight.did in {"saved", "wrong"} else ""
    notice = f'<p class="notice" role="status">{escape(did)}</p>' if did else ""
    body = [
        f'<p class="shop">{escape(sight.shop["name"])}</p><h1>{escape(words["title"])}</h1>{notice}',
        f'<p class="lead">{escape(words["lead"].format(shop=sight.shop["name"]))}</p>',
        '<form method="post">',
        _calls(sight),
        _ways(sight),
        _hours(sight),
        _consents(sight),
        f'<div class="acts"><button class="wide">{escape(words["save"])}</button></div></form>',
        block(sight.phones, sight.language),
        _footer(sight),
    ]
    return whole(words["title"], sight.language, "".join(body), style=FORMS)


def _calls(sight: Sight) -> str:
    words, now = WORDS[sight.language], sight.said.call
    if now is Call.REQUIRED:
        now = Call.NO_STATEMENT
    options = []
    for one in CALLS:
        text, _, small = words[f"call_{one}"].partition("|")
        checked = " checked" if one is now else ""
        hint = f"<small>{escape(small)}</small>" if small else ""
        options.append(
            f'<label class="choice"><input type="radio" name="call" value="{one}"{checked}>'
            f"<span>{escape(text)}{hint}</span></label>"
        )
    return f"<h2>{escape(words['call'])}</h2><fieldset>{''.join(options)}</fieldset>"


def _ways(sight: Sight) -> str:
    words, said = WORDS[sight.language], sight.said
    rows = []
    for word, title in sight.channels:
        now = "prefer" if word in said.preferred_channels else "refuse" if word in said.forbidden_channels else "allow"
        chips = "".join(
            f'<label class="chip"><input type="radio" name="way:{escape(word)}" value="{one}"'
            f"{' checked' if one == now else ''}><span>{escape(words[one])}</span></label>"
            for one in ("prefer", "allow", "refuse")
        )
        rows.append(
            f'<fieldset class="way"><legend>{escape(title)}</legend><div class="chips">{chips}</div></fieldset>'
        )
    if not rows:
        return ""
    hint = f'<p class="muted">{escape(words["channels_hint"])}</p>'
    return f"<h2>{escape(words['channels'])}</h2>{''.join(rows)}{hint}"


def _hours(sight: Sight) -> str:
    words, window = WORDS[sight.language], sight.said.contact_window
    start, end = (window.from_, window.to) if window is not None else (None, None)
    days = window.days if window is not None else "any"
    selects = [
        _select("from", words["from"], _hour_options(start, words["any_hour"])),
        _select("to", words["to"], _hour_options(end, words["any_hour"])),
        _select("days", words["days"], [(one, words[one], one == days) for one in DAYS]),
    ]
    return (
        f'<h2>{escape(words["hours"])}</h2><div class="when">{"".join(selects)}</div>'
        f'<p class="muted">{escape(words["hours_hint"])}</p>'
    )


def _hour_options(now: str | None, any_hour: str) -> list[tuple[str, str, bool]]:
    hours = sorted({*HOURS, now} if now else HOURS)
    return [("", any_hour, now is None), *((hour, hour, hour == now) for hour in hours)]


def _select(name: str, title: str, options: Iterable[tuple[str, str, bool]]) -> str:
    inner = "".join(
        f'<option value="{escape(value)}"{" selected" if chosen else ""}>{escape(text)}</option>'
        for value, text, chosen in options
    )
    return f'<label>{escape(title)}<select name="{name}">{inner}</select></label>'


def _consents(sight: Sight) -> str:
    words = WORDS[sight.language]
    boxes = "".join(
        f'<label class="choice"><input type="checkbox" name="may:{purpose}" value="yes"'
        f"{' checked' if sight.said.consents.get(purpose) else ''}><span>{escape(words[purpose])}</span></label>"
        for purpose in CONSENTS
    )
    return f"<h2>{escape(words['consents'])}</h2><fieldset>{boxes}</fieldset>"


def _footer(sight: Sight) -> str:
    words, parts = WORDS[sight.language], []
    if sight.row is not None:
        by = sight.row["by"].partition(":")[0]
        if f"by_{by}" in words:
            parts.append(f"<p>{escape(words[f'by_{by}'].format(when=sight.when(sight.row['updated_at'])))}</p>")
    if sight.history:
        rows = "".join(
            f"<li>{escape(words[one['purpose']])}: {escape(words['given' if one['given'] else 'withdrawn'])} "
            f"<time>{escape(sight.when(one['at']))}</time></li>"
            for one in sight.history
            if one["purpose"] in words
        )
        parts.append(f"<details><summary>{escape(words['history'])}</summary><ol>{rows}</ol></details>")
    return f"<footer>{''.join(parts)}</footer>" if parts else ""


def _render_exit(sight: Sight, *, gone_already: bool) -> str:
    words, shop = WORDS[sight.language], sight.shop["name"]
    lead = words["unsub_done" if gone_already else "unsub_lead"].format(shop=shop)
    button = (
        "" if gone_already else f'<form method="post" class="acts"><button>{escape(words["unsub_do"])}</button></form>'
    )
    link = f'<p><a href="{escape(sight.wishes_link)}">{escape(words["more"])}</a></p>'
    body = (
        f'<p class="shop">{escape(shop)}</p><h1>{escape(words["unsub_title"])}</h1>'
        f'<p class="lead" role="status">{escape(lead)}</p>{button}{link}'
    )
    return whole(words["unsub_title"], sight.language, body, style=FORMS)
