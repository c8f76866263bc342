"""How the sample shop's own system speaks with Prilavok: signed deliveries to a hook, as any shop's would."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import aiohttp
import msgspec
import structlog

from prilavok.channels import standard_webhooks
from prilavok.kit.ids import new_token

log = structlog.get_logger()
PATIENCE = aiohttp.ClientTimeout(total=20)


class Hook(NamedTuple):
    """Where deliveries go, and the secret (`whsec_...`) that signs them."""

    url: str
    secret: str


class ShopSystem:
    """`hook` is asked anew for each delivery: the owner may have changed the secret."""

    def __init__(self, hook: Callable[[], Hook], now: Callable[[], datetime]) -> None:
        self.hook, self.now = hook, now

    async def tell(self, number: str, order: Mapping[str, Any], events: list[dict[str, Any]]) -> bool:
        """False when the delivery was refused, or nobody answered."""
        delivery: dict[str, Any] = {"events": [{"order": number, **event} for event in events]}
        if order:
            delivery["order"] = {"external_id": number, **order}
        body = msgspec.json.encode(delivery)
        url, secret = self.hook()
        signed = standard_webhooks.headers(standard_webhooks.key_of(secret), new_token(16), self.now(), body)
        headers = {**signed, "content-type": "application/json"}
        try:
            async with (
                aiohttp.ClientSession(timeout=PATIENCE) as session,
                session.post(url, data=body, headers=headers) as answer,
            ):
                if answer.status < 300:
                    return True
                log.warning("the sample shop was refused", status=answer.status, detail=(await answer.text())[:300])
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("the sample shop did not get through", reason=repr(error))
        return False
