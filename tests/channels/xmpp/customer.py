"""A customer's XMPP program, as far as a test needs one: says anything, keeps whatever comes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from xml.etree.ElementTree import Element, fromstring, tostring

import slixmpp
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

from tests.asking import until
from tests.chat_servers import MARTA, SHOP, Prosody

CLIENT = "{jabber:client}"


class Customer:
    def __init__(self, jid: str, password: str) -> None:
        mechanisms = {"unencrypted_scram": True, "unencrypted_plain": True}
        self.client: Any = slixmpp.ClientXMPP(jid, password, plugin_config={"feature_mechanisms": mechanisms})
        self.client.enable_direct_tls = self.client.enable_starttls = False
        self.client.enable_plaintext = True
        for plugin in ("xep_0030", "xep_0280", "xep_0363"):
            self.client.register_plugin(plugin)
        self.came: list[Element] = []
        self.presences: list[Any] = []
        self.client.register_handler(Callback("test", MatchXPath("{jabber:client}message"), self._keep))
        self.client.add_event_handler("presence_available", self.presences.append)

    def _keep(self, stanza: Any) -> None:
        self.came.append(fromstring(tostring(stanza.xml)))

    def says(self, inner: str, *, id: str, to: str = SHOP, kind: str = "chat") -> None:
        xml = f'<message xmlns="jabber:client" to="{to}" id="{id}" type="{kind}">{inner}</message>'
        self.client.send(self.client.Message(xml=fromstring(xml)))

    async def gets(self, wanted: Callable[[Element], Any]) -> Element:
        """The first stanza that is as wanted, now or soon."""
        return await until(lambda: next((one for one in self.came if wanted(one)), None))

    async def text(self, body: str) -> Element:
        return await self.gets(lambda one: one.findtext(CLIENT + "body") == body)


@asynccontextmanager
async def customer(server: Prosody, jid: str = MARTA, password: str = "marta") -> AsyncIterator[Customer]:
    one = Customer(jid, password)
    begun: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    one.client.add_event_handler("session_start", lambda _: begun.done() or begun.set_result(None))
    one.client.connect("127.0.0.1", server.port)
    try:
        await asyncio.wait_for(begun, 20)
        one.client.send_presence()
        yield one
    finally:
        await one.client.disconnect(wait=1.0)
        one.client.abort()
        one.client._run_out_filters.cancel()
