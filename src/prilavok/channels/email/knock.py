"""Agencies that sign nothing, or not everything: what they call is an address with a password of our making in it
(Basic authentication), which they are told when the inbox is connected.
"""

import secrets
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec

from prilavok.channels.base import BadSignature, Hook, field_of
from prilavok.channels.email.agency import ADDRESS, Agency, AgencyConfig
from prilavok.channels.wire import same

HEADER = "authorization"  # of `bears_token`: the password of the hook's address
NAME = "prilavok"


HOOK_PASSWORD = field_of(
    "Password of the hook",
    "In the address that the agency calls; leave it empty and one is made and told to the agency.",
    secret=True,
    pattern=r"^([A-Za-z0-9_-]{16,})?$",
)


class KnockingConfig(AgencyConfig, kw_only=True):
    """Each adds `hook_password` behind its own keys: a form shows first what must be filled in."""

    address: Annotated[str, ADDRESS]

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower().encode("idna").decode("ascii") or "localhost"


class KnockingAgency(Agency):
    bears_token = True

    @classmethod
    def prepare(cls, config: Any) -> Any:
        if config.hook_password:
            return config
        return msgspec.structs.replace(config, hook_password=secrets.token_urlsafe(24))

    @property
    def door(self) -> str:
        """The hook's address with the password in it."""
        parts = urlsplit(self.inbox.hook_url)
        return parts._replace(netloc=f"{NAME}:{self.config.hook_password}@{parts.netloc}").geturl()

    def admit(self, hook: Hook) -> None:
        if not same(hook.headers.get(HEADER, ""), self.config.hook_password):
            raise BadSignature("the password of the hook does not fit")
