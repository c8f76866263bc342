"""Texts of an owner's own, in the languages that the pages for customers speak."""

from typing import Annotated

import msgspec

from prilavok.channels.base import field_of


class Texts(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One text in the languages of our pages."""

    ru: Annotated[str, field_of("Русский", "Shown to those who read Russian.")] = ""
    uk: Annotated[str, field_of("Українська", "Shown to those who read Ukrainian.")] = ""
    en: Annotated[str, field_of("English", "Shown to everybody else.")] = ""

    def of(self, language: str) -> str:
        return str(getattr(self, language, "")) or self.en
