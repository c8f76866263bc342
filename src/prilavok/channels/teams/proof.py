"""Whether a delivery is Microsoft's: a token signed with one of the keys that it publishes, which change over time.

`parse` may ask nobody, so the keys are asked for before it (`Channel.acquaint`) and kept here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import jwt
import msgspec
from jwt.algorithms import RSAAlgorithm

from prilavok.channels.base import Dialogue, Request, Response, TryLater
from prilavok.channels.wire import NOT_READABLE
from prilavok.domain.errors import BadSignature

ISSUER = "https://api.botframework.com"
CLOCKS_DIFFER = 300.0  # seconds, as Microsoft's rules say
KEPT = 24 * 3600.0  # seconds that keys are believed without asking again
ASKED = 60.0  # seconds between two questions for a key that we do not know
MOST_KEYS = 100
MOST_ASKING = 20  # questions at once


class Metadata(msgspec.Struct):
    jwks_uri: str = ""


class PublicKeys(msgspec.Struct):
    keys: list[dict[str, Any]] = []


@dataclass(frozen=True, slots=True)
class PublicKey:
    key: Any
    endorses: frozenset[str] = frozenset()  # channels it may speak for; empty: all


read_metadata = msgspec.json.Decoder(Metadata)
read_keys = msgspec.json.Decoder(PublicKeys)


@dataclass(slots=True)
class Keyring:
    """The vendor's public keys by their ids, and when (seconds of the clock) they were asked for."""

    known: dict[str, PublicKey] = field(default_factory=dict)
    fresh_since: float = float("-inf")
    asked_at: float = float("-inf")
    asking: int = 0  # questions under way

    def lacks(self, kid: str, now: float) -> bool:
        """Whether it is time to ask. Strangers with invented key ids make us ask once a minute, not each time. Whoever
        comes while a question is under way asks too: their key may be what the answer brings. TryLater for too many.
        """
        if kid not in self.known and self.asking:
            if self.asking >= MOST_ASKING:
                raise TryLater("Microsoft is being asked for its keys", after=1.0)
            return True
        wanted = kid not in self.known or now - self.fresh_since > KEPT
        return wanted and not 0 <= now - self.asked_at < ASKED

    def learn(self, document: bytes, now: float) -> None:
        """What can be used of a JSON Web Key Set takes the place of what was known."""
        try:
            listed = read_keys.decode(document).keys[:MOST_KEYS]
        except NOT_READABLE as error:
            raise TryLater("Microsoft's list of keys has another shape than it promises") from error
        found = {}
        for one in listed:
            kid, endorsed = one.get("kid"), one.get("endorsements", [])
            if one.get("kty") != "RSA" or not isinstance(kid, str) or not isinstance(endorsed, list):
                continue
            try:
                key = RSAAlgorithm.from_jwk({name: it for name, it in one.items() if name in {"kty", "n", "e"}})
            except (jwt.PyJWTError, ValueError, TypeError, KeyError):
                continue  # a key of a kind to come is no reason to forget the others
            found[kid] = PublicKey(key, frozenset(each for each in endorsed if isinstance(each, str)))
        if not found:
            raise TryLater("Microsoft's list of keys holds none that can be used")
        self.known, self.fresh_since = found, now


def ask(keyring: Keyring, openid: str, now: float) -> Dialogue[None]:
    """The OpenID document, and behind it the keys. TryLater when they cannot be had and none are known."""
    keyring.asked_at = now
    keyring.asking += 1
    try:
        response = yield Request("GET", openid, timeout=8.0)
        where = read(response).jwks_uri
        response = yield Request("GET", where, timeout=8.0)
        if response.status != 200:
            raise TryLater(f"Microsoft answered {response.status} instead of its keys")
        keyring.learn(response.body, now)
    except TryLater:
        if not keyring.known:
            raise
    finally:
        keyring.asking -= 1


def read(response: Response) -> Metadata:
    if response.status != 200:
        raise TryLater(f"Microsoft answered {response.status} instead of its OpenID document")
    try:
        found = read_metadata.decode(response.body)
    except NOT_READABLE as error:
        raise TryLater("Microsoft's OpenID document has another shape than it promises") from error
    if not found.jwks_uri:
        raise TryLater("Microsoft's OpenID document names no keys")
    return found


def bearer(headers: Mapping[str, str]) -> str:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def key_id(token: str) -> str:
    """Which key is said to have signed the token; empty for what is none."""
    try:
        kid = jwt.get_unverified_header(token).get("kid", "")
    except (jwt.PyJWTError, ValueError, RecursionError):
        return ""
    return kid if isinstance(kid, str) else ""


def meant_for(token: str, audience: str) -> bool:
    """Whether it claims, unproven, to be for us: else its key need not be looked up."""
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        return False
    return bool(audience) and claims.get("aud") == audience


def proven(keyring: Keyring, token: str, audience: str, at: datetime) -> tuple[Mapping[str, Any], PublicKey]:
    """The token's claims and the key that signed them. BadSignature when it is not for us, of now, by Microsoft."""
    signed = keyring.known.get(key_id(token))
    if signed is None or not audience:
        raise BadSignature
    try:
        claims = jwt.decode(
            token,
            signed.key,
            algorithms=["RS256"],
            audience=audience,
            issuer=ISSUER,
            # Times are checked below, against when the delivery came: it may be read again from the journal.
            options={
                "require": ["exp", "nbf", "iss", "aud"],
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise BadSignature(f"the token is not valid: {type(error).__name__}") from error
    ends, begins, now = claims["exp"], claims["nbf"], at.timestamp()
    if not (is_time(ends) and is_time(begins) and begins - CLOCKS_DIFFER <= now <= ends + CLOCKS_DIFFER):
        raise BadSignature("the token is not of now")
    return claims, signed


def is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
