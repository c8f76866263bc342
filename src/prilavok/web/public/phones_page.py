"""The shop's telephone numbers, for everybody: a page, and the same as JSON for the shop's own site."""

from html import escape

import msgspec
from starlette.responses import Response

from prilavok.domain.errors import NotFound
from prilavok.store import shops
from prilavok.web.ask import Ask
from prilavok.web.calls import ShopPhone, shop_phones
from prilavok.web.public import page as pages

WORDS = {
    "ru": ("Телефоны", "Звонок бесплатный", "Здесь пока нет ни одного номера."),
    "uk": ("Телефони", "Дзвінок безкоштовний", "Тут поки немає жодного номера."),
    "en": ("Telephones", "Free of charge", "There is no number here yet."),
}


async def show(ask: Ask) -> Response:
    """GET /phones/{token}; with `?as=json` for programs."""
    known = ask.services.seal.read("phones", ask.path("token"), ask.services.now)
    shop = await ask.read(shops.get, int(known["s"])) if known is not None else None
    if shop is None:
        raise NotFound
    phones = await ask.read(shop_phones, shop["id"], ask.services.directory)
    if ask.query("as") == "json":
        shown = [{"number": one.number, "shown": one.shown, "label": one.label, "kind": one.kind} for one in phones]
        headers = {"access-control-allow-origin": "*", "cache-control": "public, max-age=300"}
        return Response(msgspec.json.encode({"items": shown}), media_type="application/json", headers=headers)
    language = pages.best_language(ask.request.headers.get("accept-language", ""), shop["language"])
    title, free, nothing = WORDS.get(language, WORDS["en"])
    body = "".join(_line(one, free) for one in phones)
    body = f"<ul>{body}</ul>" if body else f"<p>{escape(nothing)}</p>"
    text = pages.whole(title, language, f"<h1>{escape(shop['name'])}</h1>{body}")
    return Response(text, media_type="text/html", headers=pages.HEADERS)


def _line(one: ShopPhone, free: str) -> str:
    beside = " · ".join(filter(None, [one.label, free if one.kind == "toll_free" else ""]))
    return (
        f'<li class="done"><a href="{escape(one.href)}">{escape(one.shown)}</a> '
        f'<span class="muted">{escape(beside)}</span></li>'
    )
