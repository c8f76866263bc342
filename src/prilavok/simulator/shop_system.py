"""How the sample shop's own system speaks with Prilavok: over HTTP, as any shop's would."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
import msgspec
import structlog

log = structlog.get_logger()
PATIENCE = aiohttp.ClientTimeout(total=20)


class ShopSystem:
    """`token` gives an API token of the shop when it is first needed; `url` has no slash at its end."""

    def __init__(self, url: str, token: Callable[[], Awaitable[str]]) -> None:
        self.url = url
        self._make_token = token
        self._token = ""

    async def tell(self, number: str, order: Mapping[str, Any], events: list[dict[str, Any]]) -> bool:
        """The order first, then what happened to it. False when one of the two was refused, or nobody answered."""
        self._token = self._token or await self._make_token()
        path = f"{self.url}/api/v1/orders/{number}"
        calls: list[tuple[str, str, Any]] = [("PUT", path, order)] if order else []
        calls += [("POST", f"{path}/events", events)] if events else []
        async with aiohttp.ClientSession(timeout=PATIENCE) as session:
            for method, url, body in calls:
                if not await self._call(session, method, url, body):
                    return False
        return True

    async def _call(self, session: aiohttp.ClientSession, method: str, url: str, body: Any) -> bool:
        headers = {"authorization": f"Bearer {self._token}", "content-type": "application/json"}
        try:
            async with session.request(method, url, data=msgspec.json.encode(body), headers=headers) as answer:
                if answer.status < 300:
                    return True
                log.warning("the sample shop was refused", status=answer.status, detail=(await answer.text())[:300])
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("the sample shop did not get through", reason=repr(error))
        return False
