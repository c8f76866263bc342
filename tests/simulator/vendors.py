"""The emulated vendors, one line each: how a shop is connected to them. What holds for all is in test_faults.py."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

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
)
from prilavok.simulator import max as max_messenger
from prilavok.simulator.agencies import mailgun, postmark, sendgrid
from prilavok.simulator.gateways import smsaero, smsc, turbosms
from prilavok.simulator.telegram import TelegramEmulator
from tests.asking import until
from tests.channels.loopback import converse
from tests.simulator.roads import Street

HOUSE = "https://vendor.test"
MARTA = "+380671234567"
MARIA = "+79001234567"  # some gateways serve one country
MAIL = "marta@example.com"


def says(vendor: Any, text: str) -> Any:
    return vendor.user_says(MARTA, text)


def read_in_app(vendor: Any) -> Sequence[str]:
    return [one.text for one in vendor.talk(MARTA).bubbles if not one.mine]


@dataclass(frozen=True, slots=True)
class Vendor:
    """`write`: the customer does; without it a letter tells their number. `read`: what of the shop's they can read."""

    make: Callable[..., Any]
    settings: Mapping[str, Any]
    register: bool = False  # the channel itself tells the vendor of the hook
    write: Callable[[Any, str], Any] | None = says
    read: Callable[[Any], Sequence[str]] = read_in_app
    knocks: bool = True  # what customers write is brought to our hook; else we ask
    number: str = MARTA
    more: Mapping[str, Any] = field(default_factory=dict)

    async def open(self, shop: Any, kind: str) -> "FaultyStreet":
        street = FaultyStreet(shop, self)
        street.inbox = await shop.connect(kind, **self.settings)
        if hasattr(street.inbox.channel, "clock"):
            street.inbox.channel.clock = lambda: shop.clock().timestamp()
        if self.register:
            await converse(street.inbox.channel.connect(), street.roads)
        else:
            street.vendor.hook = shop.house.directory.hook_url(street.inbox.key) + street.vendor_word
        return street


class FaultyStreet(Street):
    inbox: Any
    slips: Any = None

    def __init__(self, shop: Any, about: Vendor) -> None:
        super().__init__(shop, about.make, **about.more)
        self.about = about
        self.vendor_word = f"?k={smsc.CALLBACK_PASSWORD}" if about.make is smsc.SmscEmulator else ""

    async def begin(self, text: str) -> str:
        """The conversation in which the customer has written this."""
        if self.about.write is None:
            self.slips = self.slips or await self.shop.connect("slip")
            taken = await self.shop.customer_writes(text, inbox=self.slips, who=self.about.number)
            return str(taken.conversation_id)
        await self.write(text)

        async def there() -> Any:
            found = await self.shop.conversations()
            return next((one["id"] for one in found if one["last_message"]["text"] == text), None)

        return str(await until(there))

    async def write(self, text: str) -> None:
        assert self.about.write is not None
        said = self.about.write(self.vendor, text)
        if hasattr(said, "__await__"):
            await said

    async def answer(self, conversation_id: str, text: str, **more: Any) -> Any:
        return await self.shop.agent_replies(conversation_id, text, inbox_id=self.inbox.id, **more)

    def reads(self, text: str) -> int:
        """How often the customer can read it; only the shop says these words."""
        return [one.strip() for one in self.about.read(self.vendor)].count(text)


class OneBot:
    """Telegram with one bot and one person, in the shape of the other emulators."""

    TOKEN = "987654321:AAExampleTokenForTests"

    def __init__(self, *, now: Any, post: Any, **_: Any) -> None:
        self.telegram = TelegramEmulator(now=now, post=post, first_pause=0.01)
        self.telegram.add_bot(self.TOKEN, username="shop_bot")
        self.person = self.telegram.add_user("Марта")
        self.fail, self.close = self.telegram.fail, self.telegram.close

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.telegram(scope, receive, send)

    async def user_says(self, _: str, text: str) -> None:
        await self.telegram.user_says(self.person.id, text)

    @property
    def texts(self) -> Sequence[str]:
        return [one.text for one in self.telegram.history(self.person.id) if one.from_bot]


def meta_of(platform: str) -> Callable[..., Any]:
    return lambda **common: meta.MetaEmulator(platform, **common)


def letter(vendor: Any, text: str) -> None:
    head = f"From: Marta <{MAIL}>\r\nTo: hello@lamps.test\r\nMessage-ID: <{text.encode().hex()}@example.com>\r\n"
    head += "References: <matter@example.com>\r\n"
    head += "Subject: Order\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    vendor.user_writes(f"{head}{text}\r\n".encode())


def mailed(vendor: Any) -> Sequence[str]:
    """As a mail program shows them: under one Message-ID there is one."""
    return list({one.message_id: one.text for one in vendor.sent}.values())


def texted(vendor: Any) -> Sequence[str]:
    return [one.text for number in (MARTA, MARIA) for one in vendor.thread(number).messages if not one.mine]


def answered_beneath(vendor: Any) -> Sequence[str]:
    return [answer.text for one in vendor.said.values() for answer in one.answers]


META = {"access_token": meta.TOKEN, "app_secret": meta.APP_SECRET, "human_agent": True, "api_base": HOUSE}
MAILS = {"address": "hello@lamps.test", "api_base": HOUSE, "acknowledge": False}
AGENCY: dict[str, Any] = {"register": True, "write": letter, "read": mailed}
GATEWAY: dict[str, Any] = {"write": None, "read": texted}
VENDORS: Mapping[str, Vendor] = {
    "google_business": Vendor(
        google_business.GoogleEmulator,
        {**google_business.CLIENT, "location": google_business.LOCATION, "url": f"{HOUSE}/token", "api_base": HOUSE},
        write=lambda vendor, text: vendor.user_reviews(MARTA, 3, text),
        read=answered_beneath,
        knocks=False,
    ),
    "instagram": Vendor(meta_of("instagram"), {**META, "account_id": meta.IDS["instagram"]}),
    "mailgun": Vendor(
        mailgun.MailgunEmulator,
        {**MAILS, "domain": mailgun.DOMAIN, "api_key": mailgun.API_KEY, "signing_key": mailgun.SIGNING_KEY},
        **AGENCY,
    ),
    "matrix": Vendor(
        matrix.MatrixEmulator,
        {"user": matrix.USER, "token": matrix.TOKEN, "api_base": HOUSE},
        knocks=False,
    ),
    "max": Vendor(
        max_messenger.MaxEmulator,
        {"token": max_messenger.TOKEN, "mode": "webhook", "api_base": HOUSE},
        register=True,
        more={"prepares": 1},
    ),
    "messenger": Vendor(meta_of("messenger"), {**META, "page_id": meta.IDS["messenger"]}),
    "ozon": Vendor(
        ozon.OzonEmulator, {"client_id": ozon.CLIENT_ID, "api_key": ozon.API_KEY, "api_base": HOUSE}, knocks=False
    ),
    "postmark": Vendor(postmark.PostmarkEmulator, {**MAILS, "server_token": postmark.TOKEN}, **AGENCY),
    "rozetka": Vendor(
        rozetka.RozetkaEmulator,
        {"username": rozetka.LOGIN, "password": rozetka.PASSWORD, "api_base": HOUSE},
        knocks=False,
    ),
    "sendgrid": Vendor(sendgrid.SendGridEmulator, {**MAILS, "api_key": sendgrid.API_KEY}, **AGENCY),
    "smsaero": Vendor(
        smsaero.SmsAeroEmulator,
        {"email": smsaero.EMAIL, "api_key": smsaero.API_KEY, "sender": smsaero.SENDER, "api_base": HOUSE},
        number=MARIA,
        knocks=False,
        **GATEWAY,
    ),
    "smsc": Vendor(
        smsc.SmscEmulator,
        {
            "login": smsc.LOGIN,
            "password": smsc.PASSWORD,
            "callback_password": smsc.CALLBACK_PASSWORD,
            "api_base": HOUSE,
        },
        write=lambda vendor, text: vendor.user_texts(MARTA, text),
        read=texted,
    ),
    "teams": Vendor(
        teams.TeamsEmulator,
        {
            "app_id": teams.APP_ID,
            "password": teams.SECRET,
            "tenant": teams.TENANT,
            "api_base": HOUSE,
            "openid": f"{HOUSE}/openid",
            "service_url": f"{HOUSE}/",
        },
    ),
    "telegram": Vendor(
        OneBot,
        {"token": OneBot.TOKEN, "mode": "webhook", "api_base": HOUSE},
        register=True,
        read=lambda vendor: vendor.texts,
        knocks=False,  # it brings its updates in its own way: test_telegram_emulator.py
    ),
    "turbosms": Vendor(
        turbosms.TurboSmsEmulator,
        {"token": turbosms.TOKEN, "sender": turbosms.SENDER, "api_base": HOUSE},
        knocks=False,
        **GATEWAY,
    ),
    "twilio": Vendor(
        twilio.TwilioEmulator,
        {"account_sid": twilio.ACCOUNT, "auth_token": twilio.TOKEN, "sender": twilio.NUMBER, "api_base": HOUSE},
        write=lambda vendor, text: vendor.user_texts(MARTA, text),
        read=texted,
    ),
    "viber": Vendor(
        viber.ViberEmulator,
        {"auth_token": viber.TOKEN, "sender": "Кардамон", "api_base": f"{HOUSE}/pa"},
        register=True,
    ),
    "vk": Vendor(
        vk.VkEmulator,
        {
            "group_id": str(vk.GROUP),
            "access_token": vk.TOKEN,
            "confirmation": vk.CODE,
            "api_base": f"{HOUSE}/method",
        },
        register=True,
    ),
    "whatsapp": Vendor(
        whatsapp.WhatsAppEmulator,
        {
            "phone_number_id": whatsapp.NUMBER_ID,
            "access_token": whatsapp.TOKEN,
            "app_secret": whatsapp.APP_SECRET,
            "api_base": HOUSE,
        },
        read=lambda vendor: [one.text for one in vendor.chat(MARTA).messages if not one.mine],
    ),
    "wildberries": Vendor(
        wildberries.WildberriesEmulator,
        {"token": wildberries.TOKEN, "chat_base": HOUSE, "api_base": HOUSE},
        knocks=False,
    ),
    "yandex_market": Vendor(
        yandex_market.YandexMarketEmulator,
        {"api_key": yandex_market.API_KEY, "business_id": str(yandex_market.BUSINESS), "api_base": HOUSE},
        knocks=False,  # a push holds ids only: what they stand for is asked for
    ),
}
EXEMPT: Mapping[str, str] = {
    "api": "its other end is the shop's own program: test_api.py",
    "asterisk": "a telephone exchange: a call that failed is not tried again, nothing is said twice",
    "binotel": "a telephone exchange",
    "cards": "no vendor: the shop's own pages",
    "echo": "no vendor: it answers itself",
    "email": "no HTTP: real and broken mail servers in tests/channels/email",
    "form": "no vendor: a page of ours",
    "mango": "a telephone exchange",
    "sip": "a telephone exchange",
    "smpp": "no HTTP: test_smpp.py, and a message centre that stays silent in tests/channels/test_smpp_line.py",
    "twilio_voice": "a telephone exchange",
    "webchat": "no vendor: the visitor's socket is ours",
    "xmpp": "no HTTP: test_xmpp.py, and a real server in tests/channels/xmpp",
    "zadarma": "a telephone exchange",
}
