"""The settings of a connection to a message centre."""

from typing import Annotated, Literal

from prilavok.channels.base import Certificates, Config, field_of


class SmppConfig(Config):
    host: Annotated[str, field_of("Server", "The host name of the message centre, from your contract.")]
    system_id: Annotated[str, field_of("System ID", "Your login there.")]
    password: Annotated[str, field_of("Password", "At most eight characters at most centres.", secret=True)]
    sender: Annotated[
        str,
        field_of(
            "Sender",
            "Your number (+380…, or a short one), or a name of up to 11 Latin letters, to which nobody can answer.",
        ),
    ]
    port: Annotated[int, field_of("Port", "Mostly 2775, with TLS mostly 3550.")] = 2775
    tls: Annotated[bool, field_of("TLS", "Encrypts the connection; ask the centre for its port.")] = False
    system_type: Annotated[str, field_of("System type", "Empty, unless your contract names one.")] = ""
    alphabet: Annotated[
        Literal["gsm", "latin1"],
        field_of("The centre's own alphabet", "GSM nearly everywhere; Latin-1 if £ or @ arrive as other signs."),
    ] = "gsm"
    certificates: Certificates = ""
