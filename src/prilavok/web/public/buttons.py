"""Messenger buttons for any page: /b/{id} opens the inbox's messenger (or the form), also as a script and as a QR code.

The address is ours and stays when the bot or the number behind it changes: what is printed goes on working.
"""

import io
import json
from functools import lru_cache
from string import Template
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from prilavok.channels.base import Channel
from prilavok.flows.directory import Served
from prilavok.kit.ids import is_id
from prilavok.kit.later import later
from prilavok.kit.links import MARK, without
from prilavok.web.ask import Ask
from prilavok.web.public.door import asked_language
from prilavok.web.public.page import HEADERS, page

if TYPE_CHECKING:
    import segno
else:
    segno = later("segno")

WRITE = {"ru": "Написать в {name}", "uk": "Написати у {name}", "en": "Write in {name}"}
ASK = {"ru": "Написать нам", "uk": "Написати нам", "en": "Write to us"}
SHARED = {
    "cache-control": "public, max-age=300",
    "cross-origin-resource-policy": "cross-origin",
    "access-control-allow-origin": "*",
    "x-content-type-options": "nosniff",
}
SCRIPT = Template(
    """(() => {
  const words = $words;
  const own = document.currentScript;
  const asked = (own.dataset.lang || document.documentElement.lang || navigator.language || "en").slice(0, 2);
  const link = document.createElement("a");
  link.href = $address;
  link.target = "_blank";
  link.rel = "noopener";
  link.className = "prilavok-button";
  link.textContent = own.dataset.text || words[asked] || words.en;
  if (!("plain" in own.dataset)) {
    Object.assign(link.style, {
      display: "inline-block", padding: "10px 20px", borderRadius: "8px", background: "#0f5c56", color: "#fff",
      font: "600 16px/1.5 system-ui, sans-serif", textDecoration: "none",
    });
  }
  own.after(link);
})();
"""
)


async def open_messenger(ask: Ask) -> Response:
    """Goes on to the messenger; its address is made anew each time."""
    inbox = await _shared(ask)
    if inbox is None:
        return Response(page("link_gone", asked_language(ask)), 404, HEADERS, media_type="text/html")
    return RedirectResponse(place_of(inbox), 302, {"cache-control": "no-cache", "referrer-policy": "no-referrer"})


async def script(ask: Ask) -> Response:
    inbox = await _shared(ask)
    if inbox is None:
        return Response("", 404, {**SHARED, "cache-control": "no-cache"}, media_type="text/javascript")
    address = f"{ask.services.settings.public_url}/b/{inbox.id}"
    source = SCRIPT.substitute(
        words=json.dumps(words_of(inbox.channel), ensure_ascii=False), address=json.dumps(address)
    )
    return Response(source, 200, SHARED, media_type="text/javascript")


async def code(ask: Ask) -> Response:
    """The QR code as SVG, for the screen and for printing at any size."""
    inbox = await _shared(ask)
    if inbox is None:
        return Response("", 404, {**SHARED, "cache-control": "no-cache"}, media_type="image/svg+xml")
    headers = {**SHARED, "content-security-policy": "default-src 'none'"}
    if ask.query("download"):
        headers["content-disposition"] = 'attachment; filename="qr.svg"'
    drawn = _drawn(f"{ask.services.settings.public_url}/b/{inbox.id}")
    return Response(drawn, 200, headers, media_type="image/svg+xml")


def place_of(inbox: Served) -> str:
    """Where a customer begins to write to this inbox; empty when it has no such address."""
    able = inbox.capabilities
    if able.page:
        return able.page.format(key=inbox.key)
    if not able.deep_link or not inbox.account_handle:
        return ""
    return without(inbox.channel.deep_link(inbox.account_handle, MARK), MARK)


def words_of(channel: Channel) -> dict[str, str]:
    if channel.capabilities.page:
        return ASK
    return {language: words.format(name=channel.title) for language, words in WRITE.items()}


async def _shared(ask: Ask) -> Served | None:
    inbox_id = ask.path("id")
    found = await ask.read(ask.services.directory.find, inbox_id) if is_id(inbox_id) else None
    return found if found is not None and found.state == "active" and place_of(found) else None


@lru_cache(maxsize=256)
def _drawn(address: str) -> bytes:
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", scale=8, border=4, dark="#000", light="#fff", xmldecl=False, title="QR"
    )
    return out.getvalue()
