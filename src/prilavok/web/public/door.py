"""How the signed pages are entered: the token in the address is the key, and what is posted comes from our own page."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.responses import HTMLResponse, RedirectResponse, Response

from prilavok.kit.ids import is_id
from prilavok.kit.text import storable
from prilavok.web.ask import Ask
from prilavok.web.errors import Refusal
from prilavok.web.guard import household, per_minute
from prilavok.web.public.page import HEADERS, POLICY, best_language, page

LARGEST_FORM = 16 * 1024  # bytes
WRONG_KEYS = per_minute(60)  # of one client
CHANGES = per_minute(60)  # through one key


@dataclass(frozen=True, slots=True)
class Key:
    """What a token opens: a thing of a shop."""

    shop_id: int
    id: str


def opened(ask: Ask, purpose: str, name: str) -> Key | None:
    """The key of this address; None for one that was changed, made for another purpose, or has expired. Refusal 429 for
    those who try many.
    """
    known = ask.services.seal.read(purpose, ask.path("token"), ask.services.now)
    if known is not None and is_id(str(known.get(name, ""))):
        return Key(int(known["s"]), str(known[name]))
    ask.services.guard.check_rate(WRONG_KEYS, "wrong key", household(ask.request.client))
    return None


def gone(ask: Ask) -> Response:
    """The same answer for a forged key, an expired one and a thing that is not there."""
    return shown(page("link_gone", asked_language(ask)), 404)


def shown(html: str, status: int = 200, *, policy: str = POLICY) -> Response:
    return HTMLResponse(html, status, {**HEADERS, "content-security-policy": policy})


async def form(ask: Ask, key: Key) -> dict[str, str]:
    """What was posted, the last of each name; from our own page or from a program, never from another site."""
    ask.services.guard.refuse_other_sites(ask.request.headers)
    return await fields(ask, key)


async def fields(ask: Ask, key: Key) -> dict[str, str]:
    ask.services.guard.check_rate(CHANGES, "signed page", str(key.shop_id), key.id)
    raw = await ask.raw(LARGEST_FORM)
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=200)
    except ValueError:
        raise Refusal(422, "This is no form that we know.") from None
    return {name: storable(value) for name, value in pairs}


def back(ask: Ask, word: str = "") -> Response:
    """After a change the page is asked for anew, so that going back or loading again repeats nothing."""
    place = ask.request.url.path + (f"?did={word}" if word else "")
    return RedirectResponse(place, 303, {"cache-control": "no-store", "referrer-policy": HEADERS["referrer-policy"]})


def asked_language(ask: Ask, default: str = "en") -> str:
    return best_language(ask.request.headers.get("accept-language", ""), default)


def spoken(ask: Ask, *known: str) -> str:
    """The first language that is known and ours, else what the browser asks for."""
    for one in known:
        if one[:2].lower() in {"ru", "uk", "en"}:
            return one[:2].lower()
    return asked_language(ask)
