"""`prilavok demo`: a shop with a year of history, and everybody else's servers emulated on loopback, so that the real
connectors run: the customer's telephone with every messenger, text messages and calls, market places, and mail.
"""

import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from prilavok.app import House, build, make_app
from prilavok.channels.base import Account
from prilavok.flows import addresses, admit, assess, connect, connect_source
from prilavok.flows.unit import Unit
from prilavok.logs import set_up
from prilavok.settings import DEMO_DATA, Settings
from prilavok.simulator import authority
from prilavok.simulator.counter import Counter
from prilavok.simulator.furnish import Keys, Say, furnish
from prilavok.simulator.furnish_orders import OWNERS
from prilavok.simulator.history import make_history
from prilavok.simulator.mail import MailServer
from prilavok.simulator.memory import Memory
from prilavok.simulator.phone import PhoneApp
from prilavok.simulator.place import Line, Place
from prilavok.simulator.shop_system import Hook, ShopSystem
from prilavok.simulator.sim_card import SimCard
from prilavok.simulator.storefront import Ways
from prilavok.simulator.street import EVERY, LINES, Street, within_reach
from prilavok.simulator.telegram import TelegramEmulator
from prilavok.simulator.warehouse import Warehouse
from prilavok.simulator.whatsapp import WhatsAppEmulator
from prilavok.store import contacts, inboxes, orders, shops, sources
from prilavok.web.public.buttons import place_of

log = structlog.get_logger()

SEED = 2026
EMAIL, PASSWORD = "owner@example.com", "prilavok-demo"
BOT, BOT_NAME = "kardamon_bot", "Кардамон"
ADDRESS = "hello@kardamon.example"
TOKEN_OF_BOT = "100200300:demo-demo-demo-demo-demo-demo-demo"  # noqa: S105  known to our own emulator only
EMULATOR = "/simulator/telegram"
HURRIED = 5.0  # seconds between two looks at a market place: here nobody counts our questions
OUTLOOK = "Outlook"  # a second mailbox, of every channel's demo
SOURCE, NAME_OF_SOURCE = "generic", "kardamon.example"


@dataclass(frozen=True, slots=True)
class Size:
    """How much history the shop begins with. Every size has the same few open matters, so far as they fit."""

    contacts: int = 400
    conversations: int = 2000
    orders: int = 900


@dataclass(frozen=True, slots=True)
class Demo:
    """The application to serve, and what its visitor should know."""

    application: Starlette
    house: House
    telegram: TelegramEmulator
    sim: SimCard
    street: Street
    mail: MailServer
    settings: Settings
    email: str
    password: str
    before_stop: Callable[[], Awaitable[None]]


def real_time() -> datetime:
    return datetime.now(UTC)


def make_demo(
    settings: Settings,
    size: Size = Size(),
    clock: Callable[[], datetime] = real_time,
    say: Say = log.debug,
    *,
    every_channel: bool = False,
) -> Demo:
    """Furnishes an empty data folder (some seconds, in which `say` is told how far it is), then puts the house and the
    simulator together. What time it is, all of them are told by `clock`.
    """
    furnish_if_empty(settings, size, say, every_channel=every_channel)
    return put_together(settings, clock)


def furnish_if_empty(settings: Settings, size: Size, say: Say, *, every_channel: bool = False) -> None:
    open_if_empty(settings, size, say, within_reach(EVERY if every_channel else LINES, say))


def put_together(settings: Settings, clock: Callable[[], datetime] = real_time) -> Demo:
    telegram = TelegramEmulator(now=clock)
    telegram.add_bot(TOKEN_OF_BOT, username=BOT, name=BOT_NAME)
    page = authority.at(settings.public_url, clock)
    mail = MailServer(shop=ADDRESS, whose=page.whose)
    house = build(settings, demo=True)
    house.bus.clock = clock
    key = house.bus.read_now(_key_of, "webchat")
    hurry(house)
    street = Street(settings.public_url, lambda kind: _hook_url(house, kind), clock, _lines_of(house))
    memory = Memory(settings.data / "simulator", street.vendors)
    memory.recall()
    sim = street.sim_card()
    phone = PhoneApp(
        telegram,
        mail,
        sim,
        bot=BOT,
        shop_address=ADDRESS,
        inbox_key=key,
        now=clock,
        apps=street.apps(),
        agencies=street.agencies(),
        ways=house.bus.read_now(_ways, house),
    )
    warehouse = Warehouse(ShopSystem(lambda: _hook_of(house), clock).tell, clock)
    counter = Counter(phone, warehouse, lambda number: _pages_of(house, number))

    async def close_emulators() -> None:
        await telegram.close()
        await street.close()

    mounts: tuple[BaseRoute, ...] = (*counter.routes, *phone.routes, Mount(EMULATOR, app=telegram), *street.mounts)
    mounts += (Mount(authority.PATH, app=page),)
    application = make_app(house, mounts=mounts, around=_simulator(telegram, mail, sim, street, memory))
    return Demo(application, house, telegram, sim, street, mail, settings, EMAIL, PASSWORD, close_emulators)


def _simulator(
    telegram: TelegramEmulator, mail: MailServer, sim: SimCard, street: Street, memory: Memory
) -> Callable[[House], AbstractAsyncContextManager[None]]:
    """What runs for as long as the house does."""

    @asynccontextmanager
    async def simulator(running: House) -> AsyncIterator[None]:
        await mail.start()
        running.bus.read_now(_remember_people, telegram, sim.whatsapp)
        point_at(running, mail, await street.open())
        try:
            async with memory.kept():
                yield
        finally:
            await telegram.close()
            await street.close()
            with suppress(OSError):
                await mail.stop()

    return simulator


def hurry(house: House) -> None:
    """What is asked every minute is asked every few seconds: somebody is waiting to see it."""
    kinds = house.directory.kinds
    quicker = {
        name: type(kind.__name__, (kind,), {"every": HURRIED})
        for name, kind in kinds.items()
        if getattr(kind, "every", 0.0) > HURRIED
    }
    house.directory.kinds = {**kinds, **quicker}


def reloading() -> Starlette:
    """For `make dev`: the demo's application as uvicorn starts it anew after each change of the code."""
    settings = Settings.from_environment(os.environ, data=DEMO_DATA.absolute(), trusted_networks="127.0.0.0/8")
    set_up(settings)
    return make_demo(settings).application


def open_if_empty(settings: Settings, size: Size = Size(), say: Say = log.debug, lines: Sequence[Line] = LINES) -> bool:
    """Opens the demo's shop unless this data folder has a shop already; true when it did."""
    house = build(settings)
    house.bus.start()
    try:
        if house.bus.read_now(shops.everything):
            house.bus.do_and_wait(_add_lines, house, lines)
            house.bus.do_and_wait(_add_source, house)
            return False
        house.bus.do_and_wait(_open, house, PasswordHasher().hash(PASSWORD), size, say, lines)
        return True
    finally:
        house.bus.stop()
        house.engine.dispose()


def _open(unit: Unit, house: House, password_hash: str, size: Size, say: Say, lines: Sequence[Line]) -> None:
    say("An empty shop is furnished. This happens once:")
    say("  a year of its customers ...")
    history = make_history(SEED, datetime.now(UTC), size.contacts, size.conversations, size.orders)
    shop_id = admit.open_shop(unit, history.shop, timezone=history.timezone, currency=history.currency)
    agents = {
        one.key: admit.hire(unit, shop_id, one.email, one.name, one.role, password_hash=password_hash)
        for one in history.agents
    }
    names = {one.key: one.name for one in history.agents}
    say(f"  its {len({one.channel for one in history.inboxes} | {line.kind for line in lines})} channels ...")
    ids = {one.key: _connect(unit, house, shop_id, one.channel, one.name) for one in history.inboxes}
    scopes = {one.key: _scope(house, one.channel, ids[one.key]) for one in history.inboxes}
    assess.set_borders(unit, shop_id, {"tap_from": OWNERS.tap_from}, None)
    _add_lines(unit, house, lines)
    _add_source(unit, house)
    furnish(unit, history, Keys(shop_id, agents, ids, names), scopes, house.folder, say)


def _add_lines(unit: Unit, house: House, lines: Sequence[Line]) -> None:
    """These have no history; a demo that was opened before one of them was there gets it too."""
    known = {row["channel"] for row in inboxes.everything(unit.db)}
    shop_id = shops.everything(unit.db)[0]["id"]
    for line in lines:
        if line.kind not in known:
            _connect(unit, house, shop_id, line.kind, line.name)
    if set(lines) - set(LINES) and OUTLOOK not in {row["name"] for row in inboxes.of_shop(unit.db, shop_id)}:
        _connect(unit, house, shop_id, "email", OUTLOOK, _outlook)


def _lines_of(house: House) -> Sequence[Line]:
    """Whatever the shop has an inbox with, also when it was opened with more channels than it is started with now."""
    known = {row["channel"] for row in house.bus.read_now(inboxes.everything)}
    return [line for line in within_reach(EVERY, log.debug) if line.kind in known]


def _connect(unit: Unit, house: House, shop_id: int, kind: str, name: str, set_up: Any = None) -> str:
    directory = house.directory
    inbox_id = connect.new_inbox_id()
    values, account = set_up(house) if set_up else _set_up(house, kind)
    config = directory.kinds[kind].prepare(connect.read_config(directory, kind, values))
    connect.connect(unit, shop_id, kind, name, config, account, inbox_id=inbox_id)
    return inbox_id


def _webchat(_house: House) -> tuple[dict[str, Any], Account]:
    greeting = {
        "ru": "Здравствуйте! Спросите о чём угодно: чае, посуде, доставке.",
        "uk": "Добрий день! Питайте про що завгодно: чай, посуд, доставку.",
        "en": "Hello! Ask us anything: tea, pottery, delivery.",
    }
    questions = {
        "ru": ["Есть в наличии?", "Сколько стоит доставка?", "Где мой заказ?"],
        "uk": ["Є в наявності?", "Скільки коштує доставка?", "Де моє замовлення?"],
        "en": ["Is it in stock?", "What does delivery cost?", "Where is my order?"],
    }
    values = {"title": BOT_NAME, "greeting": greeting, "quick_replies": questions, "email": ADDRESS}
    return values, Account(name=BOT_NAME)


def _email(_house: House) -> tuple[dict[str, Any], Account]:
    values = {
        "address": ADDRESS,
        "from_name": BOT_NAME,
        "imap_host": "127.0.0.1",
        "smtp_host": "127.0.0.1",
        "imap_password": "demo",
        "imap_security": "none",
        "smtp_security": "none",
    }
    return values, Account(name=BOT_NAME, handle=ADDRESS)


def _outlook(house: House) -> tuple[dict[str, Any], Account]:
    """Waits for its owner, who signs in at the simulator's page."""
    page = authority.at(house.settings.public_url, real_time)
    more = {"address": authority.MAILBOX, "sign_in": "microsoft", "imap_password": "", **page.settings}
    return _email(house)[0] | more, Account(name=BOT_NAME, handle=authority.MAILBOX)


def _telegram(house: House) -> tuple[dict[str, Any], Account]:
    values = {
        "token": TOKEN_OF_BOT,
        "api_base": house.settings.public_url + EMULATOR,
        "link": house.settings.public_url + "/phone/telegram?start={token}",
        "secret_token": secrets.token_urlsafe(24),
    }
    return values, Account(name=BOT_NAME, handle=BOT)


def _set_up(house: House, kind: str) -> tuple[dict[str, Any], Account]:
    if kind in SETTINGS:
        return SETTINGS[kind](house)
    line = next(one for one in EVERY if one.kind == kind)
    values = line.settings(Place(kind, house.settings.public_url))
    return values, Account(name=BOT_NAME, handle=line.handle)


SETTINGS = {"webchat": _webchat, "email": _email, "telegram": _telegram}


EMULATED = {"telegram", *(line.kind for line in EVERY if line.make is not None)}
RESUMED = {line.kind for line in EVERY if line.resumes}


def _scope(house: House, kind: str, inbox_id: str) -> str:
    able = house.directory.kinds[kind].capabilities
    return able.address_kind if able.address_scope == "shop" else inbox_id


def point_at(house: House, mail: MailServer, opened: Mapping[str, Mapping[str, Any]]) -> None:
    """Mail servers and message centres have new ports at each start (`opened`: settings by channel), and the mailbox is
    empty again. What was heard of a line that goes on is kept: which calls are open, say, for those that are over
    meanwhile.
    """
    for row in house.bus.read_now(inboxes.everything):
        new: dict[str, Any] = {}
        if row["channel"] == "email":
            new = {"imap_port": mail.imap_port, "smtp_port": mail.smtp_port}
        elif row["channel"] in EMULATED:
            new, _ = _set_up(house, row["channel"])
            new |= opened.get(row["channel"], {})
        if new:
            kind = house.directory.kinds[row["channel"]]
            config = connect.merge_config(house.directory, kind, row, new)
            _store(house, row, config, row["cursor"] if row["channel"] in RESUMED else None)


def _store(house: House, row: Any, config: Any, cursor: Any) -> None:
    sealed = house.directory.seal_config(row["shop_id"], row["id"], config)
    with house.engine.connect() as db:
        inboxes.change(
            db, row["shop_id"], row["id"], {"config": sealed, "cursor": cursor, "state": "active", "reason": ""}
        )
    house.directory.forget(row["shop_id"], row["id"])


def _add_source(unit: Unit, house: House) -> None:
    """The sample shop's own system posts signed deliveries."""
    suppliers = house.services.arrivals.suppliers
    shop_id = shops.everything(unit.db)[0]["id"]
    if all(row["kind"] != SOURCE for row in sources.of_shop(unit.db, shop_id)):
        config = suppliers.kinds[SOURCE].prepare(suppliers.read_config(SOURCE, {}))
        account = Account(name=NAME_OF_SOURCE)
        source_id = connect_source.new_source_id()
        connect_source.connect_source(unit, suppliers, shop_id, SOURCE, NAME_OF_SOURCE, config, account, source_id)


def _hook_of(house: House) -> Hook:
    """Where the sample shop's own system posts, and what it signs with."""
    row = _source(house)
    suppliers = house.services.arrivals.suppliers
    return Hook(suppliers.hook_url(row["key"]), suppliers.open_config(row).secret)


def _source(house: House) -> Any:
    shop_id = house.bus.read_now(shops.everything)[0]["id"]
    return next(row for row in house.bus.read_now(sources.of_shop, shop_id) if row["kind"] == SOURCE)


def _pages_of(house: House, number: str) -> dict[str, str]:
    """Where the courier and the agents find an order of the sample shop."""
    row = _source(house)
    shop_id = row["shop_id"]
    order_id = house.bus.read_now(orders.by_key, shop_id, row["id"], number)
    if order_id is None:
        return {}
    world, now = house.bus.world, house.bus.clock()
    return {
        "courier": addresses.courier_page(world, shop_id, order_id, now),
        "order": f"{house.settings.public_url}/orders/{order_id}",
    }


def _hook_url(house: House, kind: str) -> str:
    return house.directory.hook_url(house.bus.read_now(_key_of, kind))


def _key_of(db: Any, kind: str) -> str:
    return next(str(row["key"]) for row in inboxes.everything(db) if row["channel"] == kind)


def _ways(db: Any, house: House) -> Ways:
    """What the sample shop's own pages offer: every messenger whose chat a link can open, the form, the cards."""
    found = [house.directory.find(db, row["id"]) for row in inboxes.everything(db)]
    talks = [one for one in found if one is not None and not one.capabilities.page and place_of(one)]
    messengers = tuple((one.channel.title, f"{house.settings.public_url}/b/{one.id}") for one in talks)
    return Ways(_key_of(db, "form"), _key_of(db, "cards"), messengers)


def _remember_people(db: Any, telegram: TelegramEmulator, whatsapp: WhatsAppEmulator) -> None:
    """Whoever wrote in Telegram before can be answered there: the emulator must know them again."""
    for row in inboxes.everything(db):
        if row["channel"] == "whatsapp":
            for one in contacts.addresses_in(db, row["shop_id"], row["id"]):
                whatsapp.chat(one["address"], one["display"]).last_said = one["last_at"]
        if row["channel"] != "telegram":
            continue
        for one in contacts.addresses_in(db, row["shop_id"], row["id"]):
            telegram.add_user(one["display"] or "—", user_id=int(one["address"]))
            chat = telegram.chat(int(one["address"]))
            chat.started = True
            chat.blocked = not one["reachable"]
