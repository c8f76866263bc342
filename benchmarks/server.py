"""The server under test: `prilavok serve`, and beside it the same hook without anything stored.

`python -m benchmarks.server`, configured by the same environment as `prilavok serve`.
"""

import dataclasses
import gc
import os
from collections.abc import Mapping
from typing import Any

from prilavok.__main__ import GARBAGE
from prilavok.app import build, make_app
from prilavok.channels.base import Hook, Inbound
from prilavok.flows.directory import Served
from prilavok.flows.intake import Intake
from prilavok.flows.receive import Taken
from prilavok.logs import set_up
from prilavok.server import Server
from prilavok.settings import Settings
from prilavok.web import hooks
from prilavok.web.application import _endpoint
from prilavok.web.routes import Route

BARE = "/bare/{key}"


class Nowhere(Intake):
    """Signature, parsing, preparing: everything but the store."""

    async def take(
        self, inbox: Served, hook: Hook, *, strict: bool = False, cursor: Mapping[str, Any] | None = None
    ) -> tuple[list[Taken], list[Inbound]]:
        del strict
        inbounds = await self._parse(inbox, hook)
        await self.prepared(inbox, hook, inbounds, cursor=cursor)
        return [], inbounds


def main() -> None:
    gc.set_threshold(GARBAGE, 20, 50)  # as `prilavok serve` does
    settings = Settings.from_environment(os.environ)
    set_up(settings)
    house = build(settings)
    nowhere = dataclasses.replace(house.services, intake=Nowhere(house.bus, house.folder))
    bare = _endpoint(nowhere, BARE, [Route("POST", BARE, hooks.hook, "signed")])
    app = make_app(house)
    app.routes.insert(1, bare)  # beside the real one, so that both are found as fast
    Server(app, settings).run()


if __name__ == "__main__":
    main()
