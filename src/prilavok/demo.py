"""`prilavok demo`: a shop with a year of history, and everybody else's servers emulated on loopback, so that the real
connectors run: the customer's telephone, Telegram, mail.
"""

import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from prilavok.app import House, build, make_app
from prilavok.channels.base import Account
from prilavok.flows import addresses, admit, assess, connect
from prilavok.flows.unit import Unit
from prilavok.logs import set_up
from prilavok.settings import Settings
from prilavok.simulator.counter import Counter
from prilavok.simulator.furnish import Keys, furnish
from prilavok.simulator.furnish_orders import OWNERS, SOURCE
from prilavok.simulator.history import make_history
from prilavok.simulator.mail import MailServer
from prilavok.simulator.phone import PhoneApp
from prilavok.simulator.shop_system import ShopSystem
from prilavok.simulator.telegram import TelegramEmulator
from prilavok.simulator.warehouse import Warehouse
from prilavok.store import contacts, inboxes, orders, shops, staff

SEED = 2026
EMAIL, PASSWORD = "owner@example.com", "prilavok-demo"
BOT, BOT_NAME = "kardamon_bot", "Кардамон"
ADDRESS = "hello@kardamon.example"
TOKEN_OF_BOT = "100200300:demo-demo-demo-demo-demo-demo-demo"  # noqa: S105  known to our own emulator only
EMULATOR = "/simulator/telegram"
DEFAULT_DATA = Path("prilavok-demo")


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
    mail: MailServer
    settings: Settings
    email: str
    password: str
    before_stop: Callable[[], Awaitable[None]]


def make_demo(settings: Settings, size: Size = Size()) -> Demo:
    """Furnishes an empty data folder (a moment), then puts the house and the simulator together."""
    open_if_empty(settings, size)
    telegram = TelegramEmulator()
    telegram.add_bot(TOKEN_OF_BOT, username=BOT, name=BOT_NAME)
    mail = MailServer(shop=ADDRESS)
    house = build(settings, demo=True)
    key = house.bus.read_now(_key_of, "webchat")
    phone = PhoneApp(telegram, mail, bot=BOT, shop_address=ADDRESS, inbox_key=key)
    system = ShopSystem(settings.public_url, lambda: _token(house))
    warehouse = Warehouse(system.tell, lambda: house.bus.clock())  # noqa: PLW0108  a journey sets another clock
    counter = Counter(phone, warehouse, lambda number: _pages_of(house, number))

    @asynccontextmanager
    async def simulator(running: House) -> AsyncIterator[None]:
        await mail.start()
        running.bus.read_now(_remember_people, telegram)
        point_at(running, mail)
        try:
            yield
        finally:
            await telegram.close()
            with suppress(OSError):
                await mail.stop()

    mounts: tuple[BaseRoute, ...] = (*counter.routes, *phone.routes, Mount(EMULATOR, app=telegram))
    return Demo(
        make_app(house, mounts=mounts, around=simulator),
        house,
        telegram,
        mail,
        settings,
        EMAIL,
        PASSWORD,
        telegram.close,
    )


def reloading() -> Starlette:
    """For `make dev`: the demo's application as uvicorn starts it anew after each change of the code."""
    settings = Settings.from_environment(os.environ, data=DEFAULT_DATA.absolute(), trusted_networks="127.0.0.0/8")
    set_up(settings)
    return make_demo(settings).application


def open_if_empty(settings: Settings, size: Size = Size()) -> bool:
    """Opens the demo's shop unless this data folder has a shop already; true when it did."""
    house = build(settings)
    house.bus.start()
    try:
        if house.bus.read_now(shops.everything):
            return False
        house.bus.do_and_wait(_open, house, PasswordHasher().hash(PASSWORD), size)
        return True
    finally:
        house.bus.stop()
        house.engine.dispose()


def _open(unit: Unit, house: House, password_hash: str, size: Size) -> None:
    history = make_history(SEED, datetime.now(UTC), size.contacts, size.conversations, size.orders)
    shop_id = admit.open_shop(unit, history.shop, timezone=history.timezone, currency=history.currency)
    agents = {
        one.key: admit.hire(unit, shop_id, one.email, one.name, one.role, password_hash=password_hash)
        for one in history.agents
    }
    names = {one.key: one.name for one in history.agents}
    ids = {one.key: _connect(unit, house, shop_id, one.channel, one.name) for one in history.inboxes}
    scopes = {one.key: _scope(house, one.channel, ids[one.key]) for one in history.inboxes}
    assess.set_borders(unit, shop_id, {"tap_from": OWNERS.tap_from}, None)
    furnish(unit, history, Keys(shop_id, agents, ids, names), scopes, house.folder)


def _connect(unit: Unit, house: House, shop_id: int, kind: str, name: str) -> str:
    directory = house.directory
    inbox_id = connect.new_inbox_id()
    values, account = SETTINGS[kind](house)
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


def _telegram(house: House) -> tuple[dict[str, Any], Account]:
    values = {
        "token": TOKEN_OF_BOT,
        "api_base": house.settings.public_url + EMULATOR,
        "link": house.settings.public_url + "/phone/telegram?start={token}",
        "secret_token": secrets.token_urlsafe(24),
    }
    return values, Account(name=BOT_NAME, handle=BOT)


SETTINGS = {"webchat": _webchat, "email": _email, "telegram": _telegram}


def _scope(house: House, kind: str, inbox_id: str) -> str:
    able = house.directory.kinds[kind].capabilities
    return able.address_kind if able.address_scope == "shop" else inbox_id


def point_at(house: House, mail: MailServer) -> None:
    """The mail server has new ports at each start, and its mailbox is empty again."""
    for row in house.bus.read_now(inboxes.everything):
        new: dict[str, Any] = {}
        if row["channel"] == "email":
            new = {"imap_port": mail.imap_port, "smtp_port": mail.smtp_port}
        elif row["channel"] == "telegram":
            new, _ = _telegram(house)
        if new:
            kind = house.directory.kinds[row["channel"]]
            config = connect.merge_config(house.directory, kind, row, new)
            _store(house, row, config)


def _store(house: House, row: Any, config: Any) -> None:
    sealed = house.directory.seal_config(row["shop_id"], row["id"], config)
    with house.engine.connect() as db:
        inboxes.change(
            db, row["shop_id"], row["id"], {"config": sealed, "cursor": None, "state": "active", "reason": ""}
        )
    house.directory.forget(row["shop_id"], row["id"])


async def _token(house: House) -> str:
    """What the sample shop's own system shows when it tells of its orders."""
    owner = house.bus.read_now(staff.by_email, EMAIL)[0]
    token: str = await house.bus.do(admit.make_token, owner["shop_id"], owner["id"], "the sample shop")
    return token


def _pages_of(house: House, number: str) -> dict[str, str]:
    """Where the courier and the agents find an order of the sample shop."""
    shop_id = house.bus.read_now(shops.everything)[0]["id"]
    order_id = house.bus.read_now(orders.by_key, shop_id, SOURCE, number)
    if order_id is None:
        return {}
    world, now = house.bus.world, house.bus.clock()
    return {
        "courier": addresses.courier_page(world, shop_id, order_id, now),
        "order": f"{house.settings.public_url}/orders/{order_id}",
    }


def _key_of(db: Any, kind: str) -> str:
    return next(str(row["key"]) for row in inboxes.everything(db) if row["channel"] == kind)


def _remember_people(db: Any, telegram: TelegramEmulator) -> None:
    """Whoever wrote in Telegram before can be answered there: the emulator must know them again."""
    for row in inboxes.everything(db):
        if row["channel"] != "telegram":
            continue
        for one in contacts.addresses_in(db, row["shop_id"], row["id"]):
            telegram.add_user(one["display"] or "—", user_id=int(one["address"]))
            chat = telegram.chat(int(one["address"]))
            chat.started = True
            chat.blocked = not one["reachable"]
