"""The deliverer: leases what is due, sends it, notes the outcome. Inboxes do not wait for each other: each has its own
pace and its own places (`places`), and one that is busy is left out of the next lease.
"""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog

from prilavok.channels.base import Attachment, Dialogue, Network, Outbound, Sent
from prilavok.channels.transport import perform
from prilavok.domain.errors import NeedsOwner, TryLater, Undeliverable
from prilavok.domain.scan import Checked
from prilavok.flows import addresses, deliver
from prilavok.flows.bus import Bus
from prilavok.flows.deliver import Parcel
from prilavok.store import files, outbox
from prilavok.store.files import Folder
from prilavok.worker.pace import Pace
from prilavok.worker.places import Place, Places

log = structlog.get_logger()

LEASED = 32  # at most in one go: what a crash may leave undecided
IDLE = 1.0  # seconds between looks when nothing rings
GRACE = 5.0  # seconds
LOOK_BACK = 1.0  # seconds between looks for leases that nobody ended, however much there is to do
SHORT_WAIT = 1.5  # seconds; a send that may go so soon waits here, a later one goes back


class Deliverer:
    def __init__(self, bus: Bus, network: Network, folder: Folder, longest_send: float = 75.0) -> None:
        """`longest_send`: seconds after which a send counts as one of unknown outcome."""
        self.bus = bus
        self.network = network
        self.folder = folder
        self.longest_send = longest_send
        self._paces: dict[str, Pace] = {}
        self._places = Places()
        self._tasks: set[asyncio.Task[None]] = set()
        self.check_file: Callable[[Mapping[Any, Any]], Awaitable[Checked]] | None = None
        self._bell = asyncio.Event()
        self._held: dict[str, datetime] = {}  # inbox → until when its vendor wants peace

    def ring(self) -> None:
        """Something was put into the outbox."""
        self._bell.set()

    async def run(self) -> None:
        """For ever; ends by cancellation. What is under way then may still come to its end, for `GRACE` seconds."""
        await self.bus.do(deliver.recover, everything=self.bus.inline)
        try:
            looked = asyncio.get_running_loop().time()
            while True:
                if (now := asyncio.get_running_loop().time()) > looked + LOOK_BACK:
                    if await self.bus.read(outbox.any_lapsed, self.bus.clock()):
                        await self.bus.do(deliver.recover)
                    looked = now
                leased = await self._lease()
                if not leased:
                    await self._wait()
        finally:
            # A send that is cut off would have to be called "perhaps sent".
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=GRACE)
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _lease(self) -> int:
        loop = asyncio.get_running_loop()
        room = self._places.room(loop.time())
        if room <= 0:
            return 0
        # Read first: an empty outbox costs no transaction.
        due = await self.bus.read(outbox.next_due)
        if due is None or due > self.bus.clock():
            return 0
        parcels: list[Parcel] = await self.bus.do(
            deliver.claim, self._busy(), min(room, LEASED), timedelta(seconds=self.longest_send)
        )
        too_many: list[str] = []
        for parcel in parcels:
            if not self._places.may_send(parcel.inbox, loop.time()):
                too_many.append(parcel.row["id"])
                continue
            place = self._places.take(parcel.inbox, loop.time())
            task = asyncio.create_task(self._send(parcel, place))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if too_many:
            await self.bus.do(deliver.release, too_many)
        return len(parcels) - len(too_many)

    def _busy(self) -> list[str]:
        now, clock = asyncio.get_running_loop().time(), self.bus.clock()
        self._held = {inbox: until for inbox, until in self._held.items() if until > clock}
        open_now = self.bus.world.directory.open_now()
        return [*self._places.full(open_now, now), *self._held]

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(IDLE):
                await self._bell.wait()
        self._bell.clear()

    async def _send(self, parcel: Parcel, place: Place) -> None:
        try:
            await self._try(parcel)
        except Exception:
            log.exception("outcome of a send could not be stored", outbox=parcel.row["id"])
        finally:
            self._places.give_back(place, asyncio.get_running_loop().time())
            self._bell.set()

    async def _try(self, parcel: Parcel) -> None:
        loop = asyncio.get_running_loop()
        pace = self._paces.setdefault(parcel.inbox.id, Pace(parcel.inbox.capabilities.rate))
        wait = pace.wait(parcel.outbound.address, loop.time())
        if wait > SHORT_WAIT:
            await self.bus.do(deliver.hold, parcel.row, wait)
            return
        # Counted before the wait: two that ask at once must not be given the same moment.
        pace.count(parcel.outbound.address, loop.time() + wait)
        if wait > 0:
            await asyncio.sleep(wait)
        try:
            outbound = await self._with_files(parcel)
            async with asyncio.timeout(self.longest_send):
                outcome = await perform(_dialogue(parcel, outbound), self.network)
        except TryLater as error:
            await self._later(parcel, error)
        except TimeoutError:
            await self._later(parcel, TryLater("no answer in time", perhaps_sent=True))
        except Undeliverable as error:
            await self.bus.do(deliver.undeliverable, parcel.row, error.reason, address_is_dead=error.address_is_dead)
        except NeedsOwner as error:
            log.warning("inbox paused", inbox=parcel.inbox.id, reason=error.reason)
            await self.bus.do(deliver.needs_owner, parcel.row, error.reason)
        except Exception as error:
            log.exception("channel failed while sending", channel=parcel.inbox.kind)
            await self._later(parcel, TryLater(f"{type(error).__name__} in the channel", perhaps_sent=True))
        else:
            await self.bus.do(deliver.sent, parcel.row, outcome)

    async def _later(self, parcel: Parcel, error: TryLater) -> None:
        if error.perhaps_sent and not parcel.inbox.capabilities.deduplicates:
            await self.bus.do(deliver.perhaps, parcel.row, error.reason)
            return
        if error.after is not None:  # "slow down" concerns the whole inbox
            self._held[parcel.inbox.id] = self.bus.clock() + timedelta(seconds=error.after)
        await self.bus.do(deliver.later, parcel.row, error.reason, error.after)

    async def _with_files(self, parcel: Parcel) -> Outbound:
        if not parcel.outbound.attachments:
            return parcel.outbound
        loaded = []
        for one in parcel.outbound.attachments:
            await self._checked(parcel, one)
            try:
                data = await asyncio.to_thread(self.folder.content, parcel.inbox.shop_id, one.file_id or "")
            except OSError as error:
                raise Undeliverable(f"the attached file “{one.name}” is not on this server's disk") from error
            # Some vendors take the bytes, which are read only while they go out; some an address to fetch them from.
            url = addresses.file(self.bus.world, parcel.inbox.shop_id, one.file_id or "", one.name)
            loaded.append(dataclasses.replace(one, data=data, url=url))
        return dataclasses.replace(parcel.outbound, attachments=tuple(loaded))

    async def _checked(self, parcel: Parcel, one: Attachment) -> None:
        """No virus goes out in the shop's name. TryLater while the scanner is away."""
        row = await self.bus.read(files.get, parcel.inbox.shop_id, one.file_id or "")
        if row is None or self.check_file is None:
            return
        match await self.check_file(row):
            case Checked.INFECTED:
                raise Undeliverable(f"the attached file “{one.name}” has a virus in it")
            case Checked.WAITING:
                raise TryLater(f"the attached file “{one.name}” waits for the virus scanner")


def _dialogue(parcel: Parcel, outbound: Outbound) -> Dialogue[Sent]:
    able: Any = parcel.inbox.channel
    dialogue: Dialogue[Sent] = able.deliver(outbound)
    return dialogue
