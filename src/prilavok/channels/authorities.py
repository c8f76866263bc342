"""Certificates that one inbox trusts besides the system's: of an authority of the owner's own, or of a state's.

They count for the connections of this inbox and of no other. They lengthen the list of those who may vouch for a
server; its name and its dates are checked as always.
"""

import os
import re
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

from prilavok.channels.config import field_of
from prilavok.domain.errors import NeedsOwner, TryLater
from prilavok.kit.later import later

if TYPE_CHECKING:
    from cryptography import x509
else:
    x509 = later("cryptography.x509")

LONGEST = 200_000  # characters
MOST = 30  # certificates
HINT = "If an authority of its own issued it, paste that authority's certificate under “Trusted certificates”."
BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----")

Certificates = Annotated[
    str,
    field_of(
        "Trusted certificates",
        "Only for a server whose certificate your system does not know: the certificates of the authority that issued "
        "it, as text with -----BEGIN CERTIFICATE-----. They count for this inbox alone.",
        format="textarea",
    ),
]
"""The setting `certificates` of a Config; `Config.vouched` reads it wherever it is."""


UNKNOWN_ISSUER = {2, 18, 19, 20, 21}  # what OpenSSL calls it when nobody it knows has issued a certificate


def issued_by_nobody_known(error: object) -> bool:
    return isinstance(error, ssl.SSLCertVerificationError) and error.verify_code in UNKNOWN_ISSUER


class Unvouched(TryLater):
    """Nobody whom we trust vouches for the server's certificate, or it belongs to another name."""


@dataclass(frozen=True, slots=True)
class Authority:
    name: str
    ends: datetime
    pem: str


def read(text: str) -> Sequence[Authority]:
    """Whom the text names, each once; NeedsOwner says what is wrong with it. An empty text names nobody."""
    if not text.strip():
        return ()
    if len(text) > LONGEST:
        raise NeedsOwner(f"Trusted certificates: at most {LONGEST} characters.")
    if "PRIVATE KEY-----" in text:
        raise NeedsOwner("Trusted certificates: there is a private key among them. Take it out.")
    found = BLOCK.findall(text)
    if not found or len(found) != text.count("-----BEGIN "):
        raise NeedsOwner(
            "Trusted certificates: paste text, each from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----."
        )
    if len(found) > MOST:
        raise NeedsOwner(f"Trusted certificates: at most {MOST} of them.")
    authorities = [_authority(number, block) for number, block in enumerate(found, 1)]
    return tuple({one.pem: one for one in authorities}.values())


def ends(authorities: Sequence[Authority], now: datetime) -> datetime | None:
    """When the first of them ends. NeedsOwner for one that has ended: it vouches for nobody."""
    for one in authorities:
        if one.ends <= now:
            raise NeedsOwner(f"Trusted certificates: “{one.name}” ended on {one.ends:%Y-%m-%d}. Paste the new one.")
    return min((one.ends for one in authorities), default=None)


def told_of(authorities: Sequence[Authority]) -> str:
    """What the owner reads of them; empty when there are none."""
    if not authorities:
        return ""
    if len(authorities) == 1:
        return f"One more certificate is trusted here, until {authorities[0].ends:%Y-%m-%d}: {authorities[0].name}."
    names = ", ".join(f"{one.name} ({one.ends:%Y-%m-%d})" for one in authorities)
    return f"Certificates trusted here besides the system's, {len(authorities)} with their last days: {names}."


def context(text: str) -> ssl.SSLContext:
    """For a client: the system's authorities and these. One text gives one object, which nobody may change."""
    return _context(text, os.environ.get("SSL_CERT_FILE", ""))


@lru_cache(maxsize=64)
def _context(text: str, system: str) -> ssl.SSLContext:
    del system  # read by create_default_context; here only so that another file makes another context
    made = ssl.create_default_context()
    add(made, text)
    return made


def add(context: ssl.SSLContext, text: str) -> None:
    """Lets a fresh context trust them as they are: an authority in the middle of a chain is trusted like its root."""
    if found := read(text):
        context.load_verify_locations(cadata="".join(one.pem for one in found))
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN


def _authority(number: int, block: str) -> Authority:
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        certificate = x509.load_pem_x509_certificate(block.encode())
        names = list(certificate.subject)
        pem = certificate.public_bytes(Encoding.PEM).decode()
        lasts = certificate.not_valid_after_utc.astimezone(UTC)
    except ValueError as error:
        raise NeedsOwner(f"Trusted certificates: number {number} cannot be read. Is it whole?") from error
    # 2.5.4.3 is the common name; some authorities have but an organisation.
    named = [one for one in names if one.oid.dotted_string == "2.5.4.3"] or names[-1:]
    name = "".join(sign for sign in str(named[0].value) if sign.isprintable())[:80] if named else ""
    return Authority(name or "?", lasts, pem)
