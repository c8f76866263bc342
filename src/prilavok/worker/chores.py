"""Jobs that follow a commit: attachments are fetched from the vendor or from the address that was given, who wrote is
looked up where a delivery did not say it, vendors are asked what became of our messages where they do not tell, and
until when they let us in; what was said in public is moderated, our own answers amended; receipts that outran the
answer to their message are told again.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog

from prilavok.channels.base import Channel, Dialogue, Download, Fetched, Network, Request, Response, Standing
from prilavok.channels.transport import perform
from prilavok.domain.errors import NeedsOwner, TryLater, Undeliverable
from prilavok.domain.message import ReceiptCame
from prilavok.flows import confirm, deliver, expire, fetch, inquire, moderate
from prilavok.flows.bus import Bus
from prilavok.flows.inquire import Inquiry
from prilavok.flows.intake import take
from prilavok.flows.introduce import introduce
from prilavok.store import contacts, jobs, messages
from prilavok.store.files import Folder

log = structlog.get_logger()

LEASE = timedelta(minutes=5)
AT_ONCE = 8
TRIES = 8
FORSAKEN = timedelta(days=1)  # no download lasts so long
IDLE = 1.0  # seconds
LONGEST_QUESTION = 60.0  # seconds
TOO_LARGE = "larger than the files that are kept here"


class Chores:
    def __init__(self, bus: Bus, network: Network, folder: Folder, max_file: int) -> None:
        self.bus = bus
        self.network = network
        self.folder = folder
        self.max_file = max_file
        self._works = {"fetch": self._fetch, "profile": self._ask_name, moderate.JOB: self._moderate}
        self._works[expire.JOB] = self._ask_account
        self._works[confirm.OUTRAN] = partial(bus.do, confirm.tell_again)

    async def run(self) -> None:
        await asyncio.to_thread(self.folder.sweep, self.bus.clock() - FORSAKEN)
        while True:
            due = await self.bus.read(jobs.any_due, self.bus.clock())
            claimed: list[Mapping[Any, Any]] = list(await self.bus.do(fetch.due, LEASE, AT_ONCE)) if due else []
            if claimed:
                to_ask = [job for job in claimed if job["kind"] == "inquire"]
                to_fetch = [job for job in claimed if job["kind"] != "inquire"]
                asked: list[Inquiry] = await self.bus.do(inquire.gather, to_ask) if to_ask else []
                await asyncio.gather(*map(self._do, to_fetch), *map(self._inquire, asked))
            else:
                await asyncio.sleep(IDLE)

    async def _do(self, job: Mapping[Any, Any]) -> None:
        try:
            await self._works[job["kind"]](job)
        except TryLater as error:
            wait = error.after if error.after is not None else deliver.back_off(job["attempts"], 0.5)
            at = self.bus.clock() + timedelta(seconds=wait) if job["attempts"] < TRIES else None
            if at is None and job["kind"] == moderate.JOB:
                await self.bus.do(moderate.moderated, job, error.reason)
                return
            await self.bus.do(fetch.again, job, error.reason, at=at)
        except Exception:
            log.exception("job failed", kind=job["kind"], job=job["id"])
            await self.bus.do(fetch.again, job, "failed, see the log", at=None)

    async def _ask_name(self, job: Mapping[Any, Any]) -> None:
        identity = await self.bus.read(contacts.identity, job["shop_id"], job["data"]["identity_id"])
        inbox = await self.bus.read(self.bus.world.directory.get, job["shop_id"], job["inbox_id"])
        if identity is None or inbox is None:
            await self.bus.do(fetch.done, job)
            return
        try:
            who = await perform(inbox.channel.profile(identity["address"]), self.network)
        except (Undeliverable, NeedsOwner):  # Meta names those only who have agreed to it; the inbox works without
            await self.bus.do(fetch.done, job)
        else:
            await self.bus.do(introduce, job, identity["id"], who)

    async def _ask_account(self, job: Mapping[Any, Any]) -> None:
        inbox = await self.bus.read(self.bus.world.directory.get, job["shop_id"], job["inbox_id"])
        if inbox is None:
            await self.bus.do(fetch.done, job)
            return
        account, refused = None, ""
        try:
            account = await perform(inbox.channel.meet(), self.network)
        except NeedsOwner as error:
            refused = error.reason
        except Undeliverable as error:
            log.warning("a vendor does not say until when it lets us in", inbox=inbox.id, because=error.reason)
        except TryLater:
            if job["attempts"] < TRIES:
                raise
        await self.bus.do(expire.learned, job, account, refused)

    async def _inquire(self, asked: Inquiry) -> None:
        reports: Sequence[ReceiptCame] = ()
        reason = ""
        try:
            async with asyncio.timeout(LONGEST_QUESTION):
                reports = await perform(asked.inbox.channel.inquire(list(asked.jobs)), self.network)
        except (TryLater, Undeliverable, NeedsOwner) as error:
            reason = error.reason
        except Exception as error:
            reason = type(error).__name__
            log.exception("nothing learned about messages", inbox=asked.inbox.id)
        await self.bus.do(inquire.learned, asked, reports, reason)

    async def _moderate(self, job: Mapping[Any, Any]) -> None:
        inbox = await self.bus.read(self.bus.world.directory.get, job["shop_id"], job["inbox_id"])
        message = await self.bus.read(messages.get, job["shop_id"], job["data"]["message_id"])
        if inbox is None or message is None:
            await self.bus.do(moderate.moderated, job, "the inbox or the message is gone")
            return
        try:
            await perform(self._asked(job, inbox.channel, message), self.network)
        except (Undeliverable, NeedsOwner) as error:
            stops = isinstance(error, NeedsOwner)
            await self.bus.do(moderate.moderated, job, error.reason, pause=stops)
        else:
            await self.bus.do(moderate.moderated, job)

    @staticmethod
    def _asked(job: Mapping[Any, Any], channel: Channel, message: Mapping[Any, Any]) -> Dialogue[None]:
        """Of what a customer said, or of an answer of ours."""
        data = job["data"]
        if message["direction"] == "inbound":
            return channel.moderate(data["act"], message["provider_id"])
        answered = (message["content"] or {}).get("reply_to", "")
        return channel.amend(Standing(message["provider_id"], answered, data.get("address", "")), data.get("text", ""))

    async def _fetch(self, job: Mapping[Any, Any]) -> None:
        message = await self.bus.read(messages.get, job["shop_id"], job["data"]["message_id"])
        if message is None:
            await self.bus.do(fetch.done, job)
            return
        found: dict[str, Mapping[str, Any] | str] = {}
        for one in message["attachments"] or ():
            where = one.get("ref") or one.get("url")
            if one.get("id") or not where:
                continue
            try:
                found[where] = await self._keep(job, one)
            except (Undeliverable, NeedsOwner) as error:
                # A customer's address that leads nowhere is no reason to trouble the owner or to stop the inbox.
                found[where] = error.reason
        await self.bus.do(fetch.arrived, job["shop_id"], job["id"], message["id"], found)

    async def _keep(self, job: Mapping[Any, Any], one: Mapping[str, Any]) -> Mapping[str, Any]:
        with self.folder.landing() as place:
            fetched = await self._download(job, one, Landing(self.network, place, self.max_file))
            if len(fetched.data) > self.max_file:
                raise Undeliverable(TOO_LARGE)
            name, owner = one["name"] or fetched.name or "file", f"inbox:{job['inbox_id']}"
            return await asyncio.to_thread(partial(take, self.folder, job["shop_id"], name, fetched.data, owner=owner))

    async def _download(self, job: Mapping[Any, Any], one: Mapping[str, Any], network: Network) -> Fetched:
        inbox = await self.bus.read(self.bus.world.directory.get, job["shop_id"], job["inbox_id"])
        if one.get("ref"):
            if inbox is None:
                raise Undeliverable("the inbox is gone")
            return await perform(inbox.channel.fetch(one["ref"]), network)
        vouched = "" if inbox is None else inbox.channel.config.vouched
        request = Download("GET", one["url"], timeout=60.0, max_bytes=self.max_file, vouched=vouched)
        response = await network.http(request)
        if response.status in {429, 500, 502, 503, 504}:
            raise TryLater(f"the file's server answered {response.status}")
        if response.status != 200:
            raise Undeliverable(f"the file's server answered {response.status}")
        name = unquote(urlsplit(one["url"]).path.rpartition("/")[2])
        return Fetched.of(response, name=name)


@dataclass(frozen=True, slots=True)
class Landing:
    """The way out for one file: what a channel downloads goes to `place`, `most` bytes of it."""

    network: Network
    place: Path
    most: int

    async def http(self, request: Request) -> Response:
        if isinstance(request, Download):
            # One byte more than is kept: what is too large is told apart from what fits just so.
            request = replace(request, place=self.place, max_bytes=min(request.max_bytes, self.most + 1))
        return await self.network.http(request)

    async def resolve(self, host: str, port: int) -> str:
        return await self.network.resolve(host, port)
