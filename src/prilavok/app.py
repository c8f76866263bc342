"""The only file that names concrete classes: it builds the installation out of its parts."""

import asyncio
import gc
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from prilavok import __version__
from prilavok.channels import guide, table
from prilavok.channels.registry import all_channels
from prilavok.channels.spoken import spoken
from prilavok.channels.transport import Transport, perform
from prilavok.commerce.registry import all_sources
from prilavok.flows import consent
from prilavok.flows.arrivals import Arrivals
from prilavok.flows.bus import Bus
from prilavok.flows.directory import Directory
from prilavok.flows.intake import Intake
from prilavok.flows.suppliers import Suppliers
from prilavok.flows.unit import World
from prilavok.kit.clamd import Clamd
from prilavok.kit.ids import new_id
from prilavok.kit.later import later
from prilavok.kit.seal import Seal
from prilavok.settings import Settings
from prilavok.store.base import open_engine
from prilavok.store.files import Folder
from prilavok.store.migrate import migrate
from prilavok.web.application import make_application
from prilavok.web.ask import Services
from prilavok.web.guard import Guard
from prilavok.web.live import Hub
from prilavok.web.typing import tell_typing
from prilavok.worker import learn, timetable
from prilavok.worker.chores import Chores
from prilavok.worker.importing import Importer
from prilavok.worker.incidents import Planner
from prilavok.worker.listen import Listeners
from prilavok.worker.reconcile import Reconciler
from prilavok.worker.relay import make_relay
from prilavok.worker.scan import Scanner
from prilavok.worker.send import Deliverer
from prilavok.worker.steps import Steps

if TYPE_CHECKING:
    from prilavok.language import comment
else:
    comment = later("prilavok.language.comment")

log = structlog.get_logger()

# A third of a start, if it waited for them.
AFTERWARDS = ("aiohttp", "limits", "argon2", "phonenumbers", "prilavok.language.comment")


@dataclass(frozen=True, slots=True)
class House:
    """Everything that one process is made of, started and stopped by `running`."""

    settings: Settings
    engine: Engine
    seal: Seal
    directory: Directory
    bus: Bus
    hub: Hub
    folder: Folder
    network: Transport
    intake: Intake
    deliverer: Deliverer
    listeners: Listeners
    chores: Chores
    reconciler: Reconciler
    importer: Importer
    scanner: Scanner
    services: Services
    steps: Steps
    planner: Planner


def build(settings: Settings, *, demo: bool = False) -> House:
    """Migrates the database and puts the parts together; nothing runs yet."""
    engine = open_engine(settings.database_url)
    migrate(engine)
    seal = Seal(settings.secret_key, settings.previous_secret_keys)
    directory = Directory(all_channels(), seal, settings.public_url)
    process = f"{socket.gethostname()[:20]}-{os.getpid()}-{new_id()[-6:]}"
    relay = make_relay(settings.redis_url or None)
    hub = Hub(relay, process)
    relay.on_gap = hub.missed
    read_comment = lru_cache(maxsize=1024)(lambda text, language="": comment.read_comment(text, language))
    bus = Bus(engine, World(directory, seal, settings.public_url, read_comment), hub.tell)
    hub.bus = bus
    directory.keeping = lambda shop_id, inbox_id: partial(bus.do, consent.keep, shop_id, inbox_id)
    folder = Folder(settings.data / "files")
    network = Transport(settings.trusted_networks)
    intake = Intake(bus, folder, lambda dialogue: perform(dialogue, network))
    arrivals = Arrivals(bus, Suppliers(all_sources(), seal, settings.public_url))
    intake.replay_source = arrivals.replay
    deliverer = Deliverer(bus, network, folder, settings.send_timeout)
    scanner = _scanner(settings, bus, folder)
    deliverer.check_file = scanner.check
    listeners = Listeners(bus, intake, network, process)
    guard = Guard(settings.public_url, settings.redis_url, visitors_per_minute=settings.visitors_per_minute)
    services = Services(
        bus=bus,
        directory=directory,
        settings=settings,
        folder=folder,
        network=network,
        hub=hub,
        guard=guard,
        seal=seal,
        perform=lambda dialogue: perform(dialogue, network),
        check_file=scanner.check,
        intake=intake,
        arrivals=arrivals,
        channel_table=lambda language: spoken(table.rows(), language),
        steps_of=guide.steps,
        say_sources=lambda rows, language: spoken(rows, language, "sources."),
        source_steps=guide.source_steps,
        version=__version__,
        demo=demo,
    )
    listeners.on_typing = lambda inbox, address: tell_typing(services, inbox, address)
    steps, planner = Steps(bus), Planner(bus)
    hub.on_outbox = deliverer.ring
    hub.on_steps = steps.ring
    hub.on_incident = planner.ring
    hub.on_inbox = _on_inbox(directory, listeners, deliverer)
    works = (
        Chores(bus, network, folder, settings.max_file),
        Reconciler(bus, arrivals.suppliers, network),
        Importer(bus, folder, process),
        scanner,
    )
    parts = (engine, seal, directory, bus, hub, folder, network, intake, deliverer, listeners)
    return House(settings, *parts, *works, services, steps, planner)


def _scanner(settings: Settings, bus: Bus, folder: Folder) -> Scanner:
    patience = timedelta(seconds=settings.unchecked_after) if settings.unchecked_after else None
    return Scanner(bus, folder, Clamd(settings.clamd) if settings.clamd else None, patience)


def _on_inbox(directory: Directory, listeners: Listeners, deliverer: Deliverer) -> Callable[[int, str], None]:
    def changed(shop_id: int, inbox_id: str) -> None:
        directory.forget(shop_id, inbox_id)
        listeners.changed(shop_id, inbox_id)
        deliverer.ring()

    return changed


def warm(house: House) -> None:
    """Loads what a start did not wait for, behind the open door and in a thread: the first message of a channel, the
    first request to a vendor and the first comment find it there.
    """
    try:
        for name in AFTERWARDS:
            import_module(name)
        len(house.directory.kinds)  # to count them it loads them all
    except Exception:  # each will be tried again by whoever needs it
        log.exception("not everything could be loaded beforehand")
    gc.collect()
    gc.freeze()  # what lives as long as the process need not be looked through again and again


@asynccontextmanager
async def running(house: House, *, work: bool = True) -> AsyncIterator[House]:
    """Starts the writer, the relay and, with `work`, the deliverer, the listeners, the chores and the timetable."""
    async with AsyncExitStack() as stack:
        house.bus.start()
        stack.callback(house.engine.dispose)
        stack.callback(house.bus.stop)
        stack.push_async_callback(house.network.close)
        await house.hub.relay.start()
        stack.push_async_callback(house.hub.relay.stop)
        await house.hub.start()
        stack.push_async_callback(house.hub.stop)
        if work:
            tasks = [
                asyncio.create_task(_lasting(name, run))
                for name, run in (
                    ("deliverer", house.deliverer.run),
                    ("listeners", house.listeners.run),
                    ("steps", house.steps.run),
                    ("chores", house.chores.run),
                    ("reconciler", house.reconciler.run),
                    ("importer", house.importer.run),
                    ("scanner", house.scanner.run),
                    ("timetable", lambda: timetable.keep(house.bus)),
                    ("incidents", house.planner.run),
                    ("learning", lambda: learn.keep(house.bus)),
                )
            ]
            stack.push_async_callback(_end, tasks)
        yield house


def make_app(
    house: House,
    *,
    work: bool = True,
    mounts: tuple[BaseRoute, ...] = (),
    around: Callable[[House], Any] | None = None,
) -> Starlette:
    """The ASGI application of a house. `around` is entered before it starts: the demo's simulator."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if around is not None:
                await stack.enter_async_context(around(house))
            await stack.enter_async_context(running(house, work=work))
            yield

    return make_application(house.services, lifespan, mounts=mounts)


async def _lasting(name: str, run: Callable[[], Awaitable[Any]]) -> None:
    """A part that must not end: after a fault (the database was away) it begins again."""
    while True:
        try:
            await run()
        except Exception:
            log.exception("part failed; it begins again", part=name)
            await asyncio.sleep(2.0)


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
