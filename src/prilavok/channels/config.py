"""What an owner sets for an inbox: typed, drawn as a form by its JSON schema, and careful with secrets."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, ClassVar

import msgspec

from prilavok.domain.errors import BadInput

Secret = Annotated[str, msgspec.Meta(extra_json_schema={"format": "password", "writeOnly": True})]
"""A field that is sealed at rest, never logged and never sent back to a browser."""


def field_of(
    title: str, description: str = "", *, secret: bool = False, pattern: str | None = None, **extra: Any
) -> msgspec.Meta:
    """What the settings form shows for a Config field: its title and one sentence of help. `asked=True` keeps a field
    in sight that has a default, which the form would fold away.
    """
    more = {"format": "password", "writeOnly": True} if secret else {}
    return msgspec.Meta(
        title=title,
        description=description or None,
        pattern=pattern,
        extra_json_schema={**more, **extra} or None,
    )


ADDRESSES = frozenset({"api_base", "chat_base", "service_url", "jid", "url", "shop", "host", "imap_host", "smtp_host"})


class Config(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Base of every channel's settings; the JSON schema of the subclass draws the form."""

    addresses: ClassVar[frozenset[str]] = ADDRESSES  # settings that say where secrets are sent
    answerers: ClassVar[frozenset[str]] = frozenset()  # further ones that say whose answer a message waits for

    @classmethod
    def needed(cls, values: Mapping[str, Any]) -> frozenset[str]:  # noqa: ARG003  mostly the same whatever is chosen
        """The settings that must be filled in, given the others."""
        return frozenset(field.name for field in msgspec.structs.fields(cls) if field.required)

    @property
    def vouched(self) -> str:
        """The certificates that this inbox trusts besides the system's (see `authorities`), where they can be set."""
        return str(getattr(self, "certificates", ""))

    def __repr__(self) -> str:
        """Without secrets: settings end up in tracebacks."""
        shown = (f"{name}={value!r}" for name, value in self.__rich_repr__())
        return f"{type(self).__name__}({', '.join(shown)})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        hidden = secret_fields(type(self))
        return [(name, getattr(self, name)) for name in self.__struct_fields__ if name not in hidden]


@cache
def secret_fields(config: type[Config]) -> frozenset[str]:
    """The names of the settings that are sealed at rest and never shown."""
    schema = msgspec.json.schema(config)
    properties = schema["$defs"][config.__name__].get("properties", {})
    return frozenset(name for name, about in properties.items() if about.get("writeOnly"))


def laid_over(config: type[Config], stored: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """New settings over the stored ones. A secret that is left empty keeps its value, but only for the address that it
    was given for: nobody may have it sent to a place of their own. BadInput names a secret that must be typed anew.
    """
    kept = {name for name in secret_fields(config) if not values.get(name)}
    given = {name: value for name, value in values.items() if name not in kept}
    if any(name in given and given[name] != stored.get(name) for name in config.addresses):
        if forgotten := kept & config.needed({**stored, **given}):
            raise BadInput("The address is another one: type the secrets anew.", field=f"config.{min(forgotten)}")
        stored = {name: value for name, value in stored.items() if name not in kept}
    return {**stored, **given}
