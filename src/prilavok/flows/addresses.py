"""The signed pages that a customer or a courier is sent to. Whoever has the address may use it: it is the key."""

import hashlib
import hmac
from datetime import datetime, timedelta
from urllib.parse import quote

from prilavok.flows.unit import World
from prilavok.kit.seal import Seal

GOOD_FOR = timedelta(days=90)
COURIER_GOOD_FOR = timedelta(days=14)


def review_key(world: World, shop_id: int, order_id: str, now: datetime) -> str:
    """Proves to a product's card that its bearer bought there; it opens nothing. Goes into a link as `#review=KEY`."""
    return world.seal.sign("review", {"s": shop_id, "o": order_id}, expires=now + GOOD_FOR)


def order_page(world: World, shop_id: int, order_id: str, now: datetime) -> str:
    """Where the customer sees the order, confirms, changes or cancels it, and picks day and hour."""
    return f"{world.public_url}/o/{world.seal.sign('order', {'s': shop_id, 'o': order_id}, expires=now + GOOD_FOR)}"


def wishes_page(world: World, shop_id: int, contact_id: str, now: datetime) -> str:
    """Where a customer says how they may be written to."""
    return f"{world.public_url}/w/{world.seal.sign('wishes', {'s': shop_id, 'c': contact_id}, expires=now + GOOD_FOR)}"


def unsubscribe(world: World, shop_id: int, contact_id: str, now: datetime) -> str:
    """One press, or one POST by the mail program (RFC 8058): no more promotion."""
    return f"{world.public_url}/u/{world.seal.sign('wishes', {'s': shop_id, 'c': contact_id}, expires=now + GOOD_FOR)}"


def courier_page(world: World, shop_id: int, order_id: str, now: datetime) -> str:
    """What whoever brings the parcel needs, and their buttons."""
    token = world.seal.sign("courier", {"s": shop_id, "o": order_id}, expires=now + COURIER_GOOD_FOR)
    return f"{world.public_url}/k/{token}"


def file(world: World, shop_id: int, file_id: str, name: str) -> str:
    """Where a vendor that takes files by address fetches one of the shop's."""
    return f"{world.public_url}/files/{file_id}/{quote(name, safe='')}?s={sign_file(world.seal, shop_id, file_id)}"


def sign_file(seal: Seal, shop_id: int, file_id: str) -> str:
    """What an address of a file carries instead of a session."""
    mac = hmac.new(seal.derive("file"), f"{shop_id}:{file_id}".encode(), hashlib.sha256).hexdigest()[:32]
    return f"{shop_id}.{mac}"
