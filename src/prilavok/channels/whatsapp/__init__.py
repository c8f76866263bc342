"""WhatsApp through Meta's Cloud API: the customer writes to the shop's number, agents answer from the inbox.

`updates.py` reads what comes, `sending.py` writes what goes, `verdicts.py` says what Meta's error numbers mean,
`shapes.py` names the parts of the API that we use.
"""

import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from prilavok.channels import hub
from prilavok.channels.base import (
    Account,
    Capabilities,
    Channel,
    Config,
    Dialogue,
    Download,
    Fetched,
    Hook,
    HookAnswer,
    Inbound,
    InboxInfo,
    NeedsOwner,
    Outbound,
    RateLimit,
    Receipt,
    Response,
    Sent,
    TryLater,
    Undeliverable,
    Unknown,
    field_of,
)
from prilavok.channels.whatsapp import sending, updates
from prilavok.channels.whatsapp.notices import why_blocked
from prilavok.channels.whatsapp.prices import Prices, read_prices
from prilavok.channels.whatsapp.sending import Line, Templates
from prilavok.channels.whatsapp.shapes import Number, StoredMedia, Template
from prilavok.channels.whatsapp.shapes import Templates as RegisteredTemplates
from prilavok.channels.whatsapp.verdicts import settle
from prilavok.channels.wire import NOT_READABLE, storable

DOWNLOAD_LIMIT = 100 * 1024 * 1024  # bytes
OBJECT = re.compile(r"[0-9]{5,30}", re.ASCII)
METAS_HOSTS = (".fbsbx.com", ".facebook.com", ".fbcdn.net", ".whatsapp.net", ".whatsapp.com")

read_number = msgspec.json.Decoder(Number)
read_media = msgspec.json.Decoder(StoredMedia)
read_templates = msgspec.json.Decoder(RegisteredTemplates)


class WhatsAppConfig(Config):
    phone_number_id: Annotated[
        str,
        field_of("Phone number ID", "At Meta: WhatsApp → API setup. It is not the number itself."),
    ]
    access_token: Annotated[
        str,
        field_of("Access token", "A system user's permanent token, with whatsapp_business_messaging.", secret=True),
    ]
    app_secret: Annotated[
        str, field_of("App secret", "At Meta: App settings → Basic. It proves that a delivery is Meta's.", secret=True)
    ]
    waba_id: Annotated[
        str,
        field_of(
            "WhatsApp business account ID",
            "Beside the number's ID. With it Prilavok connects Meta's deliveries by itself.",
        ),
    ] = ""
    verify_token: Annotated[
        str,
        field_of(
            "Verify token",
            "Any word; type the same one at Meta beside the hook's address. Leave it empty and one is made.",
            secret=True,
        ),
    ] = ""
    template: Annotated[
        str,
        field_of(
            "Template after 24 hours",
            "The name of an approved template whose text holds one variable, {{1}}. Without it nothing is sent then.",
        ),
    ] = ""
    template_languages: Annotated[
        str,
        field_of("Languages of the template", "As registered at Meta, with commas between: ru, uk, en_US."),
    ] = "ru, uk, en"
    prices: Annotated[
        str,
        field_of(
            "Prices", "By Meta's list for your country: utility=0.0157, marketing=0.07 USD. Its statuses name no sum."
        ),
    ] = ""
    api_base: Annotated[str, field_of("Meta's server", "Change it only for a gateway or a simulator.")] = (
        "https://graph.facebook.com/v23.0"
    )
    link: Annotated[
        str, field_of("Link to the chat", "With {account} and {token} in it. Change it only for a simulator.")
    ] = "https://wa.me/{account}?text=%23{token}"


class WhatsApp(Channel):
    kind = "whatsapp"
    title = "WhatsApp"
    expires = True
    summary = "The shop's number in WhatsApp (Cloud API): delivered and read, buttons, templates after 24 hours."
    capabilities = Capabilities(
        address_kind="whatsapp",
        address_scope="shop",
        medium="whatsapp",
        starts=True,
        templates=True,
        reply_window_hours=24,
        receipts=frozenset({Receipt.SENT, Receipt.DELIVERED, Receipt.READ, Receipt.FAILED}),
        text_limit=4096,
        media_limit=100 * 1024 * 1024,
        buttons=10,
        cost="low",
        deep_link="https://wa.me/{account}?text=%23{token}",
        edits_in=True,
        deletes_in=True,
        rate=(RateLimit(80, 1.0, "inbox"), RateLimit(10, 60.0, "recipient")),
    )
    Config = WhatsAppConfig
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "done",
        "replay": "exempt, Meta signs no time; the message id keeps a repeat from counting twice",
        "batches": "done",
        "errors": "done",
        "files in": "done",
        "files out": "done",
        "buttons": "done",
        "receipts": "done",
        "edits": "done",
        "reactions": "done",
        "written in the application": "done",
        "deep link": "done",
        "templates": "done, their states stand beside the inbox",
        "price": "done, by the owner's price list: Meta's statuses name a category and no sum",
        "time to live": "exempt, it belongs to the template and is set at Meta",
        "customers without a number": "done, by the id that Meta gives them for this shop",
        "token expiry": "done, asked when the inbox is saved",
    }

    def __init__(self, config: WhatsAppConfig, inbox: InboxInfo) -> None:
        super().__init__(config, inbox)
        self.line = Line(config.api_base.rstrip("/"), config.phone_number_id, config.access_token)
        languages = tuple(filter(None, (one.strip() for one in config.template_languages.split(","))))
        self.templates = Templates(config.template.strip(), languages)
        try:
            self.prices = read_prices(config.prices)
        except NeedsOwner:
            self.prices = Prices()  # `check` says so; what customers write is read nevertheless

    @classmethod
    def prepare(cls, config: WhatsAppConfig) -> WhatsAppConfig:
        return (
            config if config.verify_token else msgspec.structs.replace(config, verify_token=secrets.token_urlsafe(24))
        )

    def check(self) -> Dialogue[Account]:
        if not OBJECT.fullmatch(self.config.phone_number_id):
            raise NeedsOwner(
                "The phone number ID is a long number without a plus; it is not the telephone number.",
                field="phone_number_id",
            )
        read_prices(self.config.prices)
        query = urlencode({"fields": "display_phone_number,verified_name,quality_rating"})
        response = yield self.line.get(f"{self.config.phone_number_id}?{query}")
        settle(response)
        number = self._read(read_number, response)
        note = "Meta rates this number RED: customers block or report it." if number.quality_rating == "RED" else ""
        if self.templates.name and self.config.waba_id:
            note = " ".join(filter(None, [note, (yield from self._look_at_template())]))
        digits = "".join(sign for sign in number.display_phone_number if sign in "0123456789")
        until = yield from hub.good_until(self.line.base, self.config.access_token)
        name = storable(number.verified_name) or "WhatsApp"
        return Account(name=name, handle=digits, note=note, expires_at=until)

    def _look_at_template(self) -> Dialogue[str]:
        """What the owner should know about the template; empty when all is well."""
        query = urlencode({"name": self.templates.name, "fields": "name,language,status,rejected_reason"})
        response = yield self.line.get(f"{self.config.waba_id}/message_templates?{query}")
        settle(response)
        found = [one for one in self._read(read_templates, response).data if one.name == self.templates.name]
        if not found:
            return f"Meta knows no template “{self.templates.name}”."
        states = {one.language: state_of(one) for one in found}
        wrong = [(one, states.get(one, "missing")) for one in self.templates.languages]
        if listed := ", ".join(f"{language} ({state})" for language, state in wrong if state != "approved"):
            return f"The template is not approved in: {listed}."
        return ""

    def connect(self) -> Dialogue[None]:
        """Points the account's deliveries at us. Meta asks our hook for the verify token while we wait."""
        if not OBJECT.fullmatch(self.config.waba_id):
            return
        fields = {"override_callback_uri": self.inbox.hook_url, "verify_token": self.config.verify_token}
        response = yield self.line.post(f"{self.config.waba_id}/subscribed_apps", fields)
        try:
            settle(response)
        except Undeliverable as error:
            raise NeedsOwner(f"{error.reason}. Meta needs to reach this address by https from outside.") from error

    def deep_link(self, account: str, token: str) -> str:
        return str(self.config.link).format(account=account, token=token)

    def why_no_template(self, language: str, notices: str) -> str:
        name = self.templates.name
        return why_blocked(name, self.templates.language(language), notices) if name else "no_template"

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        if hook.method == "GET":
            hub.verify_question(hook, self.config.verify_token)
            return [Unknown("Meta asked whether we are there")]
        hub.verify(hook, self.config.app_secret)
        return updates.inbound(hook.body, self.config.phone_number_id, self.prices, hook.received_at)

    def answer(self, hook: Hook) -> HookAnswer:
        return hub.answer(hook)

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        return (yield from sending.send(self.line, self.templates, outbound))

    def fetch(self, ref: str) -> Dialogue[Fetched]:
        """In two steps: the file's address, good for five minutes, and then the file."""
        response = yield self.line.get(quote(ref, safe=""))
        if response.status == 404:
            raise Undeliverable("WhatsApp no longer has this file.")
        settle(response)
        media = self._read(read_media, response)
        if not self._is_metas(media.url):
            raise Undeliverable("This file is not kept at Meta's address.")
        request = Download("GET", media.url, headers=self.line.login, timeout=120.0, max_bytes=DOWNLOAD_LIMIT)
        response = yield request
        if response.status in {404, 410}:
            raise TryLater("the file's address has run out", after=1.0)
        settle(response)
        return Fetched.of(response, type=storable(media.mime_type).partition(";")[0].strip())

    def _is_metas(self, url: str) -> bool:
        """Whom we show our token to."""
        where, ours = urlsplit(url), urlsplit(self.config.api_base)
        metas = where.scheme == "https" and f".{where.hostname or ''}".endswith(METAS_HOSTS)
        return metas or where[:2] == ours[:2]

    def _read(self, decoder: "msgspec.json.Decoder[Any]", response: Response) -> Any:
        try:
            return decoder.decode(response.body)
        except NOT_READABLE as error:
            raise TryLater("WhatsApp's answer has another shape than it promises") from error


def state_of(template: Template) -> str:
    """In lower case, with the reason where Meta gives one."""
    reason = template.rejected_reason if template.rejected_reason not in {"", "NONE"} else ""
    return storable(": ".join(filter(None, [template.status, reason]))).lower()[:100]
