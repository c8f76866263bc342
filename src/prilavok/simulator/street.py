"""Everybody else's houses in the demo, a row each: what stands there, and how the shop's inbox is set up for it.

street = Street(public_url, hook_of, now, EVERY)
street.mounts, street.apps

A new channel is a new row of `LINES`; an emulator that keeps to `messenger` gets an application on the telephone, with
its colour, by `title`. A row without `make` is a line that is ours alone.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from importlib.util import find_spec
from typing import Any

from starlette.routing import BaseRoute, Mount

from prilavok.simulator import (
    google_business,
    matrix,
    meta,
    ozon,
    rozetka,
    teams,
    twilio,
    viber,
    vk,
    whatsapp,
    wildberries,
    yandex_market,
    yandex_market_chats,
)
from prilavok.simulator import max as max_messenger
from prilavok.simulator import zadarma as calls
from prilavok.simulator.agencies import AgencyOffice
from prilavok.simulator.apps import App, Apps
from prilavok.simulator.beyond import BEYOND
from prilavok.simulator.exchanges import SHOP_NUMBER, Exchange, binotel
from prilavok.simulator.exchanges.exchange import EXTENSION
from prilavok.simulator.gateways import Gateway, turbosms
from prilavok.simulator.handset import hum
from prilavok.simulator.office import Office
from prilavok.simulator.place import PATH, Line, Place, standing
from prilavok.simulator.sim_card import SimCard
from prilavok.simulator.vk.contract import EVENTS, GROUP

SECRET = "demo-secret-of-a-hook"
MOBILE = "+380671234500"  # the shop's own number behind its second exchange
NOTICE = {
    "ru": "Здравствуйте! {{1}} Это сообщение отправил магазин «Кардамон».",
    "uk": "Добрий день! {{1}} Це повідомлення надіслала крамниця «Кардамон».",
    "en": "Hello! {{1}} This message was sent by Kardamon.",
}
FORM = {
    "ru": "Опишите, что случилось: за ответом можно следить по ссылке.",
    "uk": "Опишіть, що сталося: за відповіддю можна стежити за посиланням.",
    "en": "Tell us what happened: you can follow the answer by a link.",
}


def made_whatsapp(place: Place, now: Callable[[], datetime]) -> whatsapp.WhatsAppEmulator:
    made = whatsapp.WhatsAppEmulator(hook=place.hook, address=place.address, now=now)
    for language, body in NOTICE.items():
        made.add_template(whatsapp.ApprovedTemplate("notice", language, body))
    return made


def made_vk(place: Place, now: Callable[[], datetime]) -> vk.VkEmulator:
    made = vk.VkEmulator(address=place.address, now=now)
    made.hook, made.secret, made.status, made.events = place.hook, SECRET.replace("-", ""), "ok", set(EVENTS)
    return made


def made_max(place: Place, now: Callable[[], datetime]) -> max_messenger.MaxEmulator:
    made = max_messenger.MaxEmulator(address=place.address, now=now)
    made.hook, made.secret = place.hook, SECRET
    return made


def made_meta(place: Place, now: Callable[[], datetime]) -> meta.MetaEmulator:
    return meta.MetaEmulator(place.kind, hook=place.hook, address=place.address, now=now)


def made_matrix(place: Place, now: Callable[[], datetime]) -> matrix.MatrixEmulator:
    return matrix.MatrixEmulator(address=place.address, now=now)


def made_ozon(place: Place, now: Callable[[], datetime]) -> ozon.OzonEmulator:
    made = ozon.OzonEmulator(address=place.address, now=now)
    made.hook = place.hook
    return made


def made_wildberries(place: Place, now: Callable[[], datetime]) -> wildberries.WildberriesEmulator:
    return wildberries.WildberriesEmulator(address=place.address, now=now)


def made_yandex(place: Place, now: Callable[[], datetime]) -> yandex_market.YandexMarketEmulator:
    made = yandex_market.YandexMarketEmulator(address=place.address, now=now)
    made.hook = place.hook
    return made


def made_rozetka(place: Place, now: Callable[[], datetime]) -> rozetka.RozetkaEmulator:
    return rozetka.RozetkaEmulator(address=place.address, now=now)


def made_google(place: Place, now: Callable[[], datetime]) -> google_business.GoogleEmulator:
    return google_business.GoogleEmulator(address=place.address, now=now)


def of_meta(place: Place) -> dict[str, Any]:
    name = {"messenger": "page_id", "instagram": "account_id"}[place.kind]
    keys = {"access_token": meta.TOKEN, "app_secret": meta.APP_SECRET, "human_agent": True}
    return {name: meta.IDS[place.kind], **keys}


LINES = (
    Line("twilio", "SMS", twilio.NUMBER, standing(twilio.TwilioEmulator), lambda _: {
        "account_sid": twilio.ACCOUNT, "auth_token": twilio.TOKEN, "sender": twilio.NUMBER,
    }),
    Line("whatsapp", "WhatsApp", whatsapp.SHOP_NUMBER, made_whatsapp, lambda place: {
        "phone_number_id": whatsapp.NUMBER_ID, "waba_id": whatsapp.ACCOUNT_ID, "access_token": whatsapp.TOKEN,
        "app_secret": whatsapp.APP_SECRET, "template": "notice", "link": place.base + "/phone/whatsapp?text=%23{token}",
    }),
    Line("zadarma", "Телефон", SHOP_NUMBER, standing(calls.ZadarmaEmulator, recording=hum), lambda _: {
        "key": calls.KEY, "secret": calls.SECRET, "extension": EXTENSION,
        "numbers": [
            {"number": "0800211234", "kind": "toll_free"},
            {"number": SHOP_NUMBER, "label": "Київ"},
        ],
        "duty": [
            {"ring": EXTENSION, "days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "until": "20:00"},
            {"ring": EXTENSION, "days": ["sat", "sun"], "from": "10:00", "until": "18:00"},
        ],
    }),
    Line("turbosms", "SMS «Kardamon»", turbosms.SENDER, standing(turbosms.TurboSmsEmulator), lambda _: {
        "token": turbosms.TOKEN, "sender": turbosms.SENDER, "viber_sender": turbosms.SENDER,
    }),
    Line("binotel", "Мобільний", MOBILE, standing(binotel.BinotelEmulator, recording=hum, number=MOBILE), lambda _: {
        "key": binotel.KEY, "secret": binotel.SECRET, "company": binotel.COMPANY, "extension": EXTENSION,
        "numbers": [{"number": MOBILE, "label": "Київстар", "kind": "mobile"}],
        "duty": [{"ring": EXTENSION, "from": "09:00", "until": "20:00"}],
    }),
    Line("viber", "Viber", viber.URI, standing(viber.ViberEmulator), lambda place: {
        "auth_token": viber.TOKEN, "sender": "Кардамон", "api_base": place.address + "/pa",
    }, "Viber", "#7560e0", linked=True),
    Line("vk", "VK", vk.SCREEN_NAME, made_vk, lambda place: {
        "group_id": str(GROUP), "access_token": vk.TOKEN, "admin_token": vk.ADMIN_TOKEN, "confirmation": vk.CODE,
        "secret": SECRET.replace("-", ""), "api_base": place.address + "/method",
    }, "VK", "#2b76d9", linked=True),
    Line("max", "MAX", max_messenger.USERNAME, made_max, lambda _: {
        "token": max_messenger.TOKEN, "mode": "webhook", "secret": SECRET,
    }, "MAX", "#5a48d6", linked=True),
    Line("messenger", "Facebook", meta.IDS["messenger"], made_meta, of_meta, "Facebook", "#1a6fe0", linked=True),
    Line("instagram", "Instagram", "kardamon_shop", made_meta, of_meta, "Instagram", "#c13a75", linked=True),
    Line("teams", "Teams", teams.APP_ID, standing(teams.TeamsEmulator), lambda place: {
        "app_id": teams.APP_ID, "password": teams.SECRET, "tenant": teams.TENANT,
        "openid": place.address + "/openid", "service_url": place.address,
    }, "Teams", "#5558af", linked=True),
    Line("matrix", "Matrix", matrix.USER, made_matrix, lambda place: {
        "user": matrix.USER, "token": matrix.TOKEN, "link": place.base + "/phone/app/matrix",
    }, "Matrix", "#2f3e46"),
    Line("ozon", "Ozon", "", made_ozon, lambda _: {
        "client_id": ozon.CLIENT_ID, "api_key": ozon.API_KEY,
    }, "Ozon", "#1a5fd0"),
    Line("wildberries", "Wildberries", "", made_wildberries, lambda place: {
        "token": wildberries.TOKEN, "chat_base": place.address,
    }, "Wildberries", "#8e2a9e"),
    Line("yandex_market", "Яндекс Маркет", "", made_yandex, lambda _: {
        "api_key": yandex_market.API_KEY, "business_id": str(yandex_market_chats.BUSINESS),
    }, "Маркет", "#a8700a"),
    Line("rozetka", "Rozetka", "", made_rozetka, lambda _: {
        "username": rozetka.LOGIN, "password": rozetka.PASSWORD,
    }, "Rozetka", "#1d8a3c"),
    Line("google_business", "Google", "", made_google, lambda place: {
        **google_business.CLIENT, "location": google_business.LOCATION, "url": place.address + "/token",
    }, "Google", "#2f7d4f"),
    Line("form", "Форма обращения", values=lambda _: {"intro": FORM}),
    Line("cards", "Отзывы на сайте", values=lambda _: {"publish": "at once"}),
)  # fmt: skip

EVERY = (*LINES, *BEYOND)


def within_reach(lines: Sequence[Line], say: Callable[[str], None]) -> Sequence[Line]:
    """Those whose libraries are here; of the others `say` is told how they come."""
    missing = [line for line in lines if line.library and find_spec(line.library) is None]
    for line in missing:
        say(f"  {line.name} stays shut, its library is missing: pip install prilavok[{line.extra}]")
    return [line for line in lines if line not in missing]


class Street:
    """`lines` stand in it. `hook_of` gives the address where the shop listens for a kind."""

    def __init__(
        self,
        base: str,
        hook_of: Callable[[str], str],
        now: Callable[[], datetime],
        lines: Sequence[Line] = LINES,
    ) -> None:
        self.lines = lines
        self.vendors: dict[str, Office] = {
            line.kind: line.make(Place(line.kind, base, hook_of(line.kind) + line.word), now)
            for line in lines
            if line.make is not None
        }

    @property
    def mounts(self) -> tuple[BaseRoute, ...]:
        return tuple(Mount(PATH.format(kind=kind), app=vendor) for kind, vendor in self.vendors.items())

    def sim_card(self) -> SimCard:
        """What hangs on the telephone's own number."""
        vendors: dict[str, Any] = dict(self.vendors)
        texts = {kind: one for kind, one in vendors.items() if isinstance(one, twilio.TwilioEmulator | Gateway)}
        exchanges = {kind: one for kind, one in vendors.items() if isinstance(one, Exchange)}
        return SimCard(texts, vendors["whatsapp"], exchanges, voice=hum)

    def agencies(self) -> dict[str, AgencyOffice]:
        """Mail agencies by the shop's address that each serves."""
        return {one.mailbox: one for one in self.vendors.values() if isinstance(one, AgencyOffice)}

    def apps(self) -> Apps:
        vendors: dict[str, Any] = dict(self.vendors)
        return Apps([
            App(line.kind, line.title, vendors[line.kind], vendors[line.kind], line.colour)
            for line in self.lines
            if line.title
        ])  # fmt: skip

    async def open(self) -> Mapping[str, Mapping[str, Any]]:
        """Opens the doors that only exist while the demo runs; what the inboxes of their kinds must know of them."""
        return {kind: await vendor.open() for kind, vendor in self.vendors.items()}

    async def close(self) -> None:
        for vendor in self.vendors.values():
            await vendor.close()
