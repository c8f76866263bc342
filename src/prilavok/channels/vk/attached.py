"""What hangs on a message or a comment of VK's: files by their address, everything else as a link."""

from collections.abc import Iterator, Sequence

import msgspec

from prilavok.channels.base import Attachment
from prilavok.channels.vk.shapes import Attached, Named
from prilavok.channels.wire import NOT_READABLE, storable

WEB = ("https://", "http://")
IMAGES = {"jpg", "jpeg", "png", "gif", "webp"}

read_attached = msgspec.json.Decoder(Attached)


def attachments(raw: Sequence[msgspec.Raw]) -> Iterator[Attachment]:
    """Their addresses run out after a while, so they are fetched at once."""
    for one in readable(raw):
        found = _file(one)
        if found is not None and (found.url or "").startswith(WEB):
            yield found


def _file(one: Attached) -> Attachment | None:
    if one.photo is not None:
        sizes = [*one.photo.sizes, *([one.photo.orig_photo] if one.photo.orig_photo else [])]
        largest = max(sizes, key=lambda size: size.width * size.height, default=None)
        url = storable(largest.url) if largest is not None else ""
        return Attachment(f"photo-{one.photo.id}.jpg", "image/jpeg", url=url, kind="image")
    if one.audio_message is not None:
        voice = one.audio_message
        return Attachment("voice.ogg", "audio/ogg", url=storable(voice.link_ogg or voice.link_mp3), kind="voice")
    if one.doc is not None:
        doc = one.doc
        kind = "image" if doc.ext.lower() in IMAGES else "file"
        size = doc.size if 0 < doc.size < 1 << 40 else None
        return Attachment(storable(doc.title) or f"file-{doc.id}", size=size, url=storable(doc.url), kind=kind)
    if one.graffiti is not None:
        return Attachment("graffiti.png", "image/png", url=storable(one.graffiti.url), kind="image")
    if one.sticker is not None:
        largest = max(one.sticker.images, key=lambda size: size.width, default=None)
        url = storable(largest.url) if largest is not None else ""
        return Attachment("sticker.png", "image/png", url=url, kind="sticker")
    return None


def links(raw: Sequence[msgspec.Raw]) -> Iterator[str]:
    """One line for each thing that is no file: its title and where it stands."""
    for one in readable(raw):
        found = _file(one)
        if found is not None and (found.url or "").startswith(WEB):
            continue
        yield storable(_line(one))[:1000]


def _line(one: Attached) -> str:
    for kind, thing in (("video", one.video), ("wall", one.wall), ("product", one.market)):
        if thing is not None:
            owner = thing.owner_id or thing.to_id or thing.from_id
            return f"{thing.title} https://vk.com/{kind}{owner}_{thing.id}".strip()
    if one.link is not None:
        return _titled(one.link)
    if one.audio is not None:
        return f"♪ {one.audio.artist} – {one.audio.title}"
    return f"[{one.type[:40] or 'attachment'}]"


def _titled(link: Named) -> str:
    return f"{link.title} {link.url}".strip()


def readable(raw: Sequence[msgspec.Raw]) -> Iterator[Attached]:
    """One that has another shape must not lose its neighbours."""
    for one in raw:
        try:
            yield read_attached.decode(one)
        except NOT_READABLE:
            yield Attached(type="attachment")
