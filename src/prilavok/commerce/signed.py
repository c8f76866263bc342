"""What every source has in common whose deliveries are signed with a secret of ours (Standard Webhooks)."""

from typing import Any

import msgspec

from prilavok.commerce.base import Account, Dialogue, NeedsOwner, Source, SourceInfo, standard_webhooks


class Signed(Source):
    """Its settings have a `secret`; an empty one is filled in."""

    def __init__(self, config: Any, info: SourceInfo) -> None:
        super().__init__(config, info)
        self.key = standard_webhooks.key_of(config.secret)

    @classmethod
    def prepare(cls, config: Any) -> Any:
        return config if config.secret else msgspec.structs.replace(config, secret=standard_webhooks.new_secret())

    def check(self) -> Dialogue[Account]:
        """Asks nobody: there is no vendor."""
        if not self.key:
            raise NeedsOwner("The signing secret must be whsec_ and base64 of 16 bytes or more; empty makes one.")
        yield from ()
        return Account(name=self.info.name)
