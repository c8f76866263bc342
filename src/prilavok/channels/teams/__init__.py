"""Microsoft Teams: the shop's bot, with which customers (mostly firms) talk one to one. Through the Bot Framework.

`proof.py` says whether a delivery is Microsoft's, `activities.py` reads it, `sending.py` writes replies, `shapes.py`
names the parts that we read. Replies go to the server that each conversation names, if it is one of Microsoft's.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit

import msgspec

from prilavok.channels.base import (
    Account,
    BadSignature,
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
    Request,
    Sent,
    TryLater,
    Undeliverable,
    field_of,
)
from prilavok.channels.teams import activities, proof, sending
from prilavok.channels.teams.proof import Keyring
from prilavok.channels.teams.sending import Pass
from prilavok.channels.teams.shapes import Activity, read_activity
from prilavok.channels.wire import NOT_READABLE, decode, same

APP = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
MICROSOFTS_HOSTS = (
    ".smba.trafficmanager.net",
    ".botframework.com",
    ".botframework.us",
    ".teams.microsoft.com",
    ".teams.microsoft.us",
)
REMEMBERED = 10_000  # conversations whose server is known
DOWNLOAD_LIMIT = 100 * 1024 * 1024  # bytes
WELCOME = {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "✓"}


class TeamsConfig(Config):
    app_id: Annotated[
        str, field_of("App ID", "In Azure: your bot → Configuration → Microsoft App ID. A long code with dashes.")
    ]
    password: Annotated[
        str,
        field_of(
            "Client secret",
            "In Azure: App registrations → your app → Certificates & secrets. Copy the value, not the ID.",
            secret=True,
        ),
    ]
    tenant: Annotated[
        str,
        field_of(
            "Directory (tenant) ID", "Beside the app ID. Empty only for a multi-tenant bot made before August 2025."
        ),
    ] = ""
    api_base: Annotated[str, field_of("Microsoft's sign-in", "Change it only for another cloud or a simulator.")] = (
        "https://login.microsoftonline.com"
    )
    openid: Annotated[
        str, field_of("Microsoft's keys", "The OpenID document. Change it only for another cloud or a simulator.")
    ] = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    service_url: Annotated[
        str,
        field_of(
            "Teams' server",
            "For replies whose conversation has not named its own. Change it only for another cloud or a simulator.",
        ),
    ] = "https://smba.trafficmanager.net/teams/"
    link: Annotated[
        str, field_of("Link to the bot", "With {account} and {token} in it. Change it only for a simulator.")
    ] = "https://teams.microsoft.com/l/chat/0/0?users=28:{account}&message=%23{token}"


class Teams(Channel):
    kind = "teams"
    title = "Microsoft Teams"
    summary = "The shop's bot in Teams: firms write to it, agents answer as the bot; buttons, edits, reactions."
    bears_token = True
    capabilities = Capabilities(
        address_kind="chat",
        receipts=frozenset({Receipt.SENT, Receipt.FAILED}),
        text_limit=10_000,
        buttons=sending.MOST_BUTTONS,
        deep_link="https://teams.microsoft.com/l/chat/0/0?users=28:{account}&message=%23{token}",
        edits_in=True,
        deletes_in=True,
        typing_in=True,
        rate=(RateLimit(50, 1.0, "inbox"), RateLimit(7, 1.0, "recipient")),
    )
    Config = TeamsConfig
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "done",
        "replay": "exempt, Microsoft's token is good for an hour; the activity's id keeps a repeat from counting twice",
        "batches": "exempt, one delivery is one activity",
        "errors": "done",
        "files in": "done",
        "files out": "done, pictures up to 1 MB in the message, all else as a card that opens its signed address",
        "buttons": "done",
        "receipts": "exempt, Teams tells a bot nothing after it took a message",
        "edits": "done",
        "deletions": "done",
        "reactions": "done",
        "deep link": "done",
        "token expiry": "exempt, Microsoft tells nobody when a client secret ends; a refusal says that it has",
        "teams and group chats": "exempt, a conversation here is between the shop and one person",
        "a real tenant": "todo, tried against the emulator only",
    }

    def __init__(self, config: TeamsConfig, inbox: InboxInfo) -> None:
        super().__init__(config, inbox)
        self.clock = time.time
        self.keyring = Keyring()
        self._pass = Pass()
        self._servers: OrderedDict[str, str] = OrderedDict()  # by conversation, the newest last

    def check(self) -> Dialogue[Account]:
        if not APP.fullmatch(self.config.app_id.strip()):
            raise NeedsOwner("The app ID has 36 signs, like 00000000-0000-0000-0000-000000000000.", field="app_id")
        yield from self._token()
        try:
            yield from proof.ask(self.keyring, self.config.openid, self.clock())
        except TryLater as error:
            raise NeedsOwner(f"{error.reason}. Without Microsoft's keys no message can be believed.") from error
        return Account(
            name="Microsoft Teams",
            handle=self.config.app_id.strip(),
            note=f"Azure → your bot → Configuration → Messaging endpoint: {self.inbox.hook_url}",
        )

    def deep_link(self, account: str, token: str) -> str:
        return str(self.config.link).format(account=account, token=token)

    def acquaint(self, hook: Hook) -> Dialogue[None]:
        token = proof.bearer(hook.headers)
        now = self.clock()
        if token and self.keyring.lacks(proof.key_id(token), now) and proof.meant_for(token, self.config.app_id):
            yield from proof.ask(self.keyring, self.config.openid, now)

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        claims, signed = proof.proven(self.keyring, proof.bearer(hook.headers), self.config.app_id, hook.received_at)
        activity: Activity = decode(read_activity, hook.body)
        told = claims.get("serviceurl")
        if not isinstance(told, str) or not same(activity.service_url, told) or not self._trusts(told):
            raise BadSignature("the token is for another server")
        if signed.endorses and activity.channel not in signed.endorses:
            raise BadSignature("the key does not speak for this channel")
        if activity.conversation.id:
            self._servers[activity.conversation.id] = told
            self._servers.move_to_end(activity.conversation.id)
            while len(self._servers) > REMEMBERED:
                self._servers.popitem(last=False)
        return list(activities.inbound(activity, hook.received_at))

    def answer(self, hook: Hook) -> HookAnswer:
        """An invocation wants its answer in the 200; else Teams tells the customer that something went wrong."""
        try:
            asked = read_activity.decode(hook.body)
        except NOT_READABLE:
            return HookAnswer()
        if asked.type == "invoke" and asked.name == "adaptiveCard/action":
            return HookAnswer(body=msgspec.json.encode(WELCOME))
        return HookAnswer()

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        server = self._servers.get(outbound.address) or self.config.service_url
        body = sending.activity(outbound, self.config.app_id)
        response = yield from self._with_token("POST", f"{server.rstrip('/')}/{sending.path(outbound)}", body)
        return sending.sent(response, outbound)

    def fetch(self, ref: str) -> Dialogue[Fetched]:
        """A picture in a message. Our token is shown to Microsoft's servers only."""
        if not self._trusts(ref):
            raise Undeliverable("This file is not kept at Microsoft's address.")
        response = yield from self._with_token("GET", ref, None)
        if response.status in {404, 410}:
            raise Undeliverable("Teams no longer has this file.")
        sending.settle(response)
        return Fetched.of(response)

    def _with_token(self, method: str, url: str, body: Any) -> Dialogue[Any]:
        """A token may be withdrawn before its end: then once more with a new one."""
        for last in (False, True):
            headers = {"authorization": f"Bearer {(yield from self._token())}"}
            request: Request
            if body is None:
                request = Download(method, url, headers=headers, timeout=120.0, max_bytes=DOWNLOAD_LIMIT)
            else:
                headers["content-type"] = "application/json"
                request = Request(method, url, headers=headers, body=msgspec.json.encode(body))
            response = yield request
            if response.status != 401 or last:
                break
            self._pass = Pass()
        return response

    def _token(self) -> Dialogue[str]:
        login = sending.login_url(self.config.api_base, self.config.tenant)
        return (yield from sending.sign_in(login, self.config.app_id, self.config.password, self._pass, self.clock()))

    def _trusts(self, url: str) -> bool:
        """Whether a server may have our token: one of Microsoft's, by https, or the one in the settings."""
        where = activities.origin(url)
        if not where:
            return False
        if where == activities.origin(self.config.service_url):
            return True
        return where.startswith("https://") and f".{urlsplit(where).hostname}".endswith(MICROSOFTS_HOSTS)
