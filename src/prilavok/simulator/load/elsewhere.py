"""Vendors that are not in the demo's street: Telegram and mail (which stand beside it there), mail agencies, a text
gateway, exchanges. `NOT_DRIVEN` names the channels that have no deliveries to press with, each with its reason.
"""

from prilavok.simulator.agencies import AgencyOffice
from prilavok.simulator.load import offices
from prilavok.simulator.place import Line

ADDRESS = "hello@lamps.test"
OURS = {"address": ADDRESS, "acknowledge": False}
ANSWERS = {"twilio_voice": b"<Response/>"}  # where the vendor reads what it is answered
NOT_DRIVEN = {
    "cards": "everybody may write on the shop's own pages, so each word costs its writer some work, by design",
    "form": "its page takes a few messages a minute from one address, by design",
    "smsaero": "it passes no answers on: nothing comes in",
    "turbosms": "it passes no answers on: nothing comes in",
    "webchat": "its visitors speak through sockets: the scenario visitor-agent drives them",
}
VENDORS = (
    Line(
        "telegram",
        "Telegram",
        make=lambda _, now: offices.TelegramOffice(),  # noqa: ARG005  it has a clock of its own
        values=lambda _: {"token": offices.TOKEN, "mode": "webhook", "secret_token": offices.HOOK_SECRET},
    ),
    Line(
        "echo",
        "Echo",
        make=lambda _, now: offices.EchoOffice(),  # noqa: ARG005
        values=lambda place: {"secret": offices.ECHO_SECRET, "reply_url": place.address + "/reply"},
        based=False,
    ),
    Line(
        "email",
        "E-mail",
        make=lambda _, now: offices.MailOffice(ADDRESS),  # noqa: ARG005
        values=lambda _: {**OURS, "poll_seconds": 5},
        based=False,
    ),
)


def write(office: AgencyOffice | offices.MailOffice, number: int, person: str, text: str) -> None:
    """One letter. `number` makes its Message-ID."""
    head = f"From: {person}@example.com\r\nTo: {office.mailbox}\r\nMessage-ID: <load-{number}@example.com>\r\n"
    kind = "Content-Type: text/plain; charset=utf-8"
    office.user_writes(f"{head}Subject: A question of {person}\r\n{kind}\r\n\r\n{text}\r\n".encode())
