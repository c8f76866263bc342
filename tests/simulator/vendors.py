"""The emulated vendors, one line each: how a shop is connected to them. What holds for all is in test_faults.py."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from prilavok.simulator import max as max_messenger
from prilavok.simulator import meta, twilio, viber, vk, whatsapp
from tests.channels.loopback import converse
from tests.simulator.roads import Street

HOUSE = "https://vendor.test"


@dataclass(frozen=True, slots=True)
class Vendor:
    make: Callable[..., Any]
    settings: Mapping[str, Any]
    register: bool = False  # the channel itself tells the vendor of the hook
    write: str = "user_says"
    bubbles: Callable[[Any, str], Sequence[Any]] = lambda vendor, person: vendor.talk(person).bubbles
    more: Mapping[str, Any] = field(default_factory=dict)

    async def open(self, shop: Any, kind: str) -> Street:
        street = Street(shop, self.make, **self.more)
        street.inbox = await shop.connect(kind, **self.settings)
        if self.register:
            await converse(street.inbox.channel.connect(), street.roads)
        else:
            street.vendor.hook = shop.house.directory.hook_url(street.inbox.key)
        return street


def meta_of(platform: str) -> Callable[..., Any]:
    return lambda **common: meta.MetaEmulator(platform, **common)


META = {"access_token": meta.TOKEN, "app_secret": meta.APP_SECRET, "human_agent": True, "api_base": HOUSE}
VENDORS: Mapping[str, Vendor] = {
    "instagram": Vendor(meta_of("instagram"), {**META, "account_id": meta.IDS["instagram"]}),
    "max": Vendor(
        max_messenger.MaxEmulator,
        {"token": max_messenger.TOKEN, "mode": "webhook", "api_base": HOUSE},
        register=True,
        more={"prepares": 1},
    ),
    "messenger": Vendor(meta_of("messenger"), {**META, "page_id": meta.IDS["messenger"]}),
    "twilio": Vendor(
        twilio.TwilioEmulator,
        {"account_sid": twilio.ACCOUNT, "auth_token": twilio.TOKEN, "sender": twilio.NUMBER, "api_base": HOUSE},
        write="user_texts",
        bubbles=lambda vendor, person: vendor.thread(person).messages,
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
        bubbles=lambda vendor, person: vendor.chat(person).messages,
    ),
}
