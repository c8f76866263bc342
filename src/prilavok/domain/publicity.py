"""What everybody can read: what a conversation remembers of it, and what the shop may do about it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from prilavok.domain.capabilities import Comments
from prilavok.domain.message import Public

ACTS = ("hide", "show", "delete", "report")  # what a shop may do to what others wrote
PRAISE = 4  # stars from which on a review without a word asks for nothing
CHANGES = ("rating", "answerable", "answered", "url")  # what a vendor may tell anew


def remembered(public: Public) -> dict[str, Any]:
    """As it stands in a conversation's context; what is not known is left out."""
    known = {
        "kind": public.kind,
        "root": public.root,
        "rating": public.rating,
        "product": {name: text for name, text in public.product.items() if text},
        "order": public.order,
        "url": public.url,
        "about": public.about,
        "answered": public.answered,
    }
    return {name: value for name, value in known.items() if value} | {"answerable": public.answerable}


def renewed(before: Mapping[str, Any], news: Mapping[str, Any]) -> dict[str, Any]:
    """What is remembered after the vendor told more: the shop's own answer stands until the vendor says otherwise."""
    return {**before, **{name: news[name] for name in CHANGES if name in news}}


def waits(public: Public, text: str, attachments: int = 0) -> bool:
    """Whether somebody of the shop has something to do: not where no answer is taken or one stands already, and not
    for stars of praise without a word.
    """
    bare_praise = (public.rating or 0) >= PRAISE and not text.strip() and not attachments
    return public.answerable and not public.answered and not bare_praise


def why_no_answer(comments: Comments | None, about: Mapping[str, Any], standing: int) -> str:
    """Why nothing can be said there for everybody to read; empty when it can. `standing`: our answers to it so far."""
    if comments is None or not about.get("answerable", True):
        return "not_answerable"
    given = max(standing, 1 if about.get("answered") else 0)
    return "answered_already" if comments.answers is not None and given >= comments.answers else ""


def may_take_aside(comments: Comments | None, said_at: datetime, now: datetime) -> bool:
    """Whether the vendor carries a private answer to what was said in public then."""
    return comments is not None and comments.private_reply and now - said_at <= timedelta(days=comments.private_days)
