"""The shop's telephone numbers wherever a customer may look for them: one form everywhere, with the hours of duty."""

from collections.abc import Sequence
from html import escape

from sqlalchemy.engine import Connection

from prilavok.domain.weekly import in_words
from prilavok.flows.directory import Directory
from prilavok.web.calls import ShopPhone, shop_phones

WORDS = {
    "ru": ("Телефоны", "звонок бесплатный"),
    "uk": ("Телефони", "дзвінок безкоштовний"),
    "en": ("Telephones", "free of charge"),
}


def line(one: ShopPhone, language: str) -> str:
    """The number as a link, and beside it whose it is, what it costs, when somebody answers."""
    # A line breaks between "Mon–Fri 9:00–20:00" and what follows, never inside.
    beside = " · ".join(
        "; ".join(f"<span class=whole>{escape(part)}</span>" for part in said.split("; "))
        for said in _beside(one, language)
    )
    return (
        f'<a href="{escape(one.href)}">{escape(one.shown)}</a>{f" <span class=muted>{beside}</span>" if beside else ""}'
    )


def for_widget(db: Connection, shop_id: int, directory: Directory, language: str) -> list[dict[str, str]]:
    """The same numbers for the chat on the shop's own pages."""
    said = language[:2].lower()
    return [
        {"href": one.href, "shown": one.shown, "beside": " · ".join(_beside(one, said))}
        for one in shop_phones(db, shop_id, directory)
    ]


def block(phones: Sequence[ShopPhone], language: str) -> str:
    """A part of a page; empty where the shop has no number."""
    if not phones:
        return ""
    rows = "".join(f"<p>{line(one, language)}</p>" for one in phones)
    return f'<section class="phones"><h2>{escape(WORDS.get(language, WORDS["en"])[0])}</h2>{rows}</section>'


def _beside(one: ShopPhone, language: str) -> list[str]:
    free = WORDS.get(language, WORDS["en"])[1] if one.kind == "toll_free" else ""
    return [said for said in (one.label, free, in_words(one.week, language)) if said]
