"""The words that the shop says by itself: built in, or the owner's own in their place."""

from typing import Annotated

import msgspec
from sqlalchemy.engine import Connection

from prilavok.domain.capabilities import Capabilities
from prilavok.domain.errors import BadInput
from prilavok.domain.phrases import KINDS, SAMPLES, VARIABLES, built_in, holes, render
from prilavok.domain.phrases.length import is_short, length
from prilavok.domain.rendering import LANGUAGES
from prilavok.flows.directory import Directory
from prilavok.flows.unit import Unit
from prilavok.kit.text import storable
from prilavok.store import rulebook
from prilavok.web.ask import Ask

ANY = Capabilities(address_kind="opaque", buttons=10, text_limit=4096)  # for a text that is meant for every channel
LONGEST = 4000  # characters
PARTS = 4  # of an SMS, which an owner may spend


class Template(msgspec.Struct):
    kind: str
    language: str
    channel: str
    built_in: str
    text: str
    limit: int


class TemplateList(msgspec.Struct):
    items: list[Template]


class OwnText(msgspec.Struct):
    kind: str
    language: str
    channel: Annotated[str, msgspec.Meta(max_length=32)] = ""
    text: Annotated[str, msgspec.Meta(max_length=LONGEST)] = ""


class Preview(msgspec.Struct):
    text: str
    characters: int
    limit: int
    parts: int
    buttons: list[str]


async def list_templates(ask: Ask) -> TemplateList:
    return await ask.services.bus.read_slowly(_listed, ask.shop_id, ask.services.directory)


async def save(ask: Ask) -> TemplateList:
    given = await _checked(ask)
    seen = _preview(given, await _able(ask, given.channel), ask.me.shop_name)
    if given.text and seen.characters > seen.limit * (PARTS if seen.parts > 1 else 1):
        raise BadInput(f"With its variables filled in this text has {seen.characters} characters.", field="text")
    await ask.do(_save, ask.shop_id, given, ask.me.id)
    return await list_templates(ask)


async def preview(ask: Ask) -> Preview:
    given = await _checked(ask)
    return _preview(given, await _able(ask, given.channel), ask.me.shop_name)


async def _checked(ask: Ask) -> OwnText:
    given: OwnText = ask.body
    given.text = storable(given.text).strip()
    if given.kind not in KINDS:
        raise BadInput("There is no such occasion.", field="kind")
    if given.language not in LANGUAGES:
        raise BadInput(f"We write in: {', '.join(LANGUAGES)}.", field="language")
    if unknown := holes(given.text):
        known = ", ".join(f"{{{name}}}" for name in sorted(VARIABLES))
        raise BadInput(f"“{unknown[0]}” stands for nothing. What may stand in braces: {known}.", field="text")
    return given


async def _able(ask: Ask, channel: str) -> Capabilities:
    if not channel:
        return ANY
    media = await ask.read(_media, ask.shop_id, ask.services.directory)
    if channel not in media:
        raise BadInput("No inbox of this shop is such a channel.", field="channel")
    return media[channel]


def _preview(given: OwnText, able: Capabilities, shop: str) -> Preview:
    own = {(given.kind, given.language, given.channel): given.text} if given.text else {}
    values = {**SAMPLES[given.language], "shop": shop}
    rendered = render([given.kind], given.language, able, values, own, order_id="sample", channel=given.channel)
    size = length(rendered.text, able)
    buttons = [one.text for one in rendered.buttons]
    return Preview(rendered.text, size.characters, size.limit, size.parts, buttons)


def _save(unit: Unit, shop_id: int, given: OwnText, agent_id: str) -> None:
    rulebook.save_text(
        unit.db, shop_id, given.kind, given.language, given.channel, given.text, by=agent_id, now=unit.now
    )


def _listed(db: Connection, shop_id: int, directory: Directory) -> TemplateList:
    own = rulebook.own_texts(db, shop_id)
    media = {"": ANY, **_media(db, shop_id, directory)}
    items = []
    for kind in KINDS:
        for language in LANGUAGES:
            for channel, able in media.items():
                short = is_short(able)
                text = own.get((kind, language, channel), "")
                limit = length("", able).limit
                items.append(Template(kind, language, channel, built_in(kind, language, short=short), text, limit))
    return TemplateList(items)


def _media(db: Connection, shop_id: int, directory: Directory) -> dict[str, Capabilities]:
    """The channels of this shop by the words that people use; none that is heard rather than read."""
    able = [(inbox.capabilities.medium or inbox.kind, inbox.capabilities) for inbox in directory.of_shop(db, shop_id)]
    return {medium: one for medium, one in able if not one.voice and not one.public}
