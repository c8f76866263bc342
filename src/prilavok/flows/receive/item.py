"""A delivery on its way into the store, and each of its messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from prilavok.channels.base import Hook
from prilavok.domain.message import Inbound, Received
from prilavok.flows.directory import Served
from prilavok.kit.ids import new_id
from prilavok.store import contacts


@dataclass(frozen=True, slots=True)
class Delivery:
    """One hook (or one polled answer), already parsed. `failure` says why it could not be: then it is only kept."""

    inbox: Served
    hook: Hook
    inbounds: Sequence[Inbound] = ()
    journal_id: str = field(default_factory=new_id)
    failure: str = ""
    cursor: Mapping[str, Any] | None = None
    replayed: bool = False  # the journal has it already
    files: Sequence[Mapping[str, Any]] = ()  # rows of files already on disk


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one message of a delivery."""

    provider_id: str
    message_id: str
    conversation_id: str
    duplicate: bool = False


@dataclass(slots=True)
class Item:
    delivery: Delivery
    received: Received
    identity: contacts.Known | None = None
    conversation: dict[str, Any] | None = None
    message_id: str = ""
    first: "Item | None" = None  # the one that this repeats, or whose album it belongs to
    opened: bool = False
    apart_from: str = ""  # the contact whose order had named this address
    duplicate: bool = False
