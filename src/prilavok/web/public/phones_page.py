"""The shop's telephone numbers, for everybody: a page, and the same as JSON for the shop's own site."""

from html import escape

import msgspec
from starlette.responses import Response

from prilavok.domain.errors import NotFound
from prilavok.domain.weekly import in_words
from prilavok.store import shops
from prilavok.web.ask import Ask
from prilavok.web.calls import shop_phones
from prilavok.web.public import page as pages
from prilavok.web.public.phones import WORDS, block
from prilavok.web.public.style import FORMS

NOTHING = {
    "ru": "Здесь пока нет ни одного номера.",
    "uk": "Тут поки немає жодного номера.",
    "en": "There is no number here yet.",
}


async def show(ask: Ask) -> Response:
    """GET /phones/{token}; with `?as=json` for programs."""
    known = ask.services.seal.read("phones", ask.path("token"), ask.services.now)
    shop = await ask.read(shops.get, int(known["s"])) if known is not None else None
    if shop is None:
        raise NotFound
    phones = await ask.read(shop_phones, shop["id"], ask.services.directory)
    if ask.query("as") == "json":
        told = ask.query("lang", shop["language"])
        shown = [
            {
                "number": one.number,
                "shown": one.shown,
                "label": one.label,
                "kind": one.kind,
                "hours": in_words(one.week, told),
            }
            for one in phones
        ]
        headers = {"access-control-allow-origin": "*", "cache-control": "public, max-age=300"}
        return Response(msgspec.json.encode({"items": shown}), media_type="application/json", headers=headers)
    language = pages.best_language(ask.request.headers.get("accept-language", ""), shop["language"])
    body = block(phones, language) or f"<p>{escape(NOTHING[language])}</p>"
    text = pages.whole(WORDS[language][0], language, f"<h1>{escape(shop['name'])}</h1>{body}", style=FORMS)
    return Response(text, media_type="text/html", headers=pages.HEADERS)
