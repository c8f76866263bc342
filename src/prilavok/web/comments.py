"""What everybody can read: moderated where the vendor allows it, answered in private once a public answer stands."""

from typing import Any, Literal

import msgspec

from prilavok.flows import aside as taking_aside
from prilavok.flows import moderate as moderating
from prilavok.flows import reply as replying
from prilavok.flows.unit import Unit
from prilavok.web import looks, shapes
from prilavok.web.ask import Ask, IdText, Viewer


class Act(msgspec.Struct):
    """`text`: the new words of an answer of the shop's own, with `edit`."""

    act: Literal["hide", "show", "delete", "report", "edit"]
    text: str = ""


class Aside(msgspec.Struct):
    """`comment_id`: the message that is answered; without it, what a customer said there last."""

    text: str
    attachments: list[IdText] = []
    comment_id: IdText | None = None


async def moderate(ask: Ask) -> shapes.Message:
    """Asked of the vendor after this answer; a line in the conversation tells what came of it."""
    given: Act = ask.body
    await ask.do(moderating.moderate, ask.shop_id, ask.id(), (ask.me.id, ask.me.name), given.act, given.text)
    return await ask.read(looks.one_message, ask.shop_id, ask.id())


async def aside(ask: Ask) -> shapes.Message:
    """The message, in the private conversation where it was written."""
    message_id = await ask.do(_write_aside, ask.me, ask.id(), ask.body)
    return await ask.read(looks.one_message, ask.shop_id, message_id)


def _write_aside(unit: Unit, me: Viewer, conversation_id: str, given: Aside) -> str:
    by = (me.id, me.name)
    found = taking_aside.take_aside(unit, me.shop_id, conversation_id, by, given.comment_id)
    content: dict[str, Any] = {"private_to": found.private_to} if found.private_to else {}
    draft = replying.Draft(text=given.text, inbox_id=found.inbox_id, file_ids=given.attachments, content=content)
    author = replying.Author("agent", me.id, me.name)
    return replying.reply(unit, me.shop_id, found.conversation_id, author, draft)
