"""Channels whose public words stand on the shop's own pages: read there, and written there by visitors."""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from prilavok.channels.base import Channel, Hook


class OnPages(Channel):
    @property
    @abstractmethod
    def at_once(self) -> bool:
        """Whether a visitor's words are shown before anybody of the shop has looked at them."""

    @abstractmethod
    def allows(self, origin: str | None) -> bool:
        """Whether a page of this origin (the `Origin` header) may show what is said."""

    @abstractmethod
    def key_of(self, product: str) -> str:
        """What the provider ids of everything about one product begin with."""

    @abstractmethod
    def hook(self, one: Mapping[str, Any], at: datetime) -> Hook:
        """What a visitor said, as a delivery like any other: id, product, kind, rating, text, name, order, verified."""
