"""VK: the messages of the shop's community, and the comments on its wall, its photographs, videos and goods.

`updates.py` reads what comes (`attached.py` the files, `comments.py` what is public), `sending.py` writes what goes,
`verdicts.py` says what VK's numbers mean, `shapes.py` names the parts of the API that we use.
"""

import secrets
from collections.abc import Iterable, Mapping
from typing import Annotated, ClassVar

import msgspec

from prilavok.channels.base import (
    Account,
    BadSignature,
    Capabilities,
    Channel,
    Comments,
    Config,
    Dialogue,
    Hook,
    HookAnswer,
    Inbound,
    InboxInfo,
    NeedsOwner,
    Outbound,
    RateLimit,
    Receipt,
    Sender,
    Sent,
    Standing,
    Undeliverable,
    field_of,
)
from prilavok.channels.vk import comments, sending, shapes, updates
from prilavok.channels.vk.sending import TEXT, VERSION, Line
from prilavok.channels.vk.shapes import Envelope
from prilavok.channels.vk.verdicts import settle
from prilavok.channels.wire import NOT_READABLE, same, storable

CONFIRMATION = "confirmation"
EVENTS = sorted(set(updates.MEANINGS) - {CONFIRMATION})
RIGHTS = {"messages": "messages", "manage": "community management", "photos": "photos", "docs": "files", "wall": "wall"}
SPAM = 0  # the reason that a reported comment is given

read_envelope = msgspec.json.Decoder(Envelope)
read_groups = msgspec.json.Decoder(shapes.Groups)
read_permissions = msgspec.json.Decoder(shapes.Permissions)
read_code = msgspec.json.Decoder(shapes.Code)
read_servers = msgspec.json.Decoder(shapes.Servers)
read_new_server = msgspec.json.Decoder(shapes.NewServer)
read_people = msgspec.json.Decoder(list[shapes.Person])
read_one = msgspec.json.Decoder(int)


class VkConfig(Config):
    group_id: Annotated[
        str,
        field_of("Community number", "The digits in the address vk.com/club123456789.", pattern=r"^\d{1,15}$"),
    ]
    access_token: Annotated[
        str,
        field_of(
            "Access key",
            "At VK: Manage → API usage → Access keys, with messages, management, photos, files and wall.",
            secret=True,
        ),
    ]
    confirmation: Annotated[
        str,
        field_of(
            "Confirmation string",
            "At VK: Manage → API usage → Callback API: the string that the server should return.",
            pattern=r"^[A-Za-z0-9]{0,40}$",
        ),
    ] = ""
    secret: Annotated[
        str,
        field_of(
            "Secret key",
            "Proves that an event is VK's. Leave it empty and one is made.",
            secret=True,
            pattern=r"^[A-Za-z0-9]{0,50}$",
        ),
    ] = ""
    admin_token: Annotated[
        str,
        field_of(
            "Administrator's token",
            "To answer under photographs, videos and goods, to change, delete and report comments: VK lets people do "
            "that, not communities.",
            secret=True,
        ),
    ] = ""
    api_base: Annotated[str, field_of("VK's server", "Change it only for a gateway or a simulator.")] = (
        "https://api.vk.com/method"
    )
    link: Annotated[
        str, field_of("Link to the chat", "With {account} and {token} in it. Change it only for a simulator.")
    ] = "https://vk.me/{account}?ref={token}"


class Vk(Channel):
    kind = "vk"
    title = "VK"
    summary = "The community's messages and the comments it gets: buttons, reactions, read receipts."
    capabilities = Capabilities(
        address_kind="chat",
        receipts=frozenset({Receipt.SENT, Receipt.READ, Receipt.FAILED}),
        text_limit=TEXT,
        media_limit=50 * 1024 * 1024,
        buttons=10,
        deep_link="https://vk.me/{account}?ref={token}",
        edits_in=True,
        typing_in=True,
        deduplicates=True,
        comments=Comments(
            text_limit=4096, moderates=frozenset({"delete", "report"}), amends=frozenset({"edit", "delete"})
        ),
        nameless=True,
        rate=(RateLimit(20, 1.0, "inbox"),),
    )
    Config = VkConfig
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "done",
        "replay": "exempt, VK signs no time; the message id keeps a repeat from counting twice",
        "batches": "exempt, VK calls once for each event",
        "errors": "done",
        "files in": "done",
        "files out": "done",
        "buttons": "done",
        "receipts": "done",
        "edits": "done",
        "deletions": "exempt, VK tells a community of none but those of comments",
        "deep link": "done",
        "comments on the wall": "done",
        "comments under photographs, videos and goods": "done, answered with an administrator's token",
        "discussions": "exempt, a board has no comments but pages of its own; counted on the health page",
        "own answers changed": "done, with an administrator's token",
        "names": "done, asked for once, for VK's events carry a number only",
    }

    def __init__(self, config: VkConfig, inbox: InboxInfo) -> None:
        super().__init__(config, inbox)
        self.line = Line(config.api_base.rstrip("/"), config.access_token)

    @classmethod
    def prepare(cls, config: VkConfig) -> VkConfig:
        return config if config.secret else msgspec.structs.replace(config, secret=secrets.token_hex(20))

    def check(self) -> Dialogue[Account]:
        """Which community the key opens, what it may, and the string that VK wants to hear."""
        found = yield from self.line.call("groups.getById", {"group_id": self.config.group_id}, read_groups)
        group = next((one for one in found.groups if str(one.id) == self.config.group_id), None)
        if group is None:
            raise NeedsOwner("VK: this access key belongs to another community than this number.")
        rights = yield from self.line.call("groups.getTokenPermissions", {}, read_permissions)
        missing = [RIGHTS[name] for name in RIGHTS if name not in {one.name for one in rights.permissions}]
        if missing:
            raise NeedsOwner(f"VK: the access key lacks these rights: {', '.join(missing)}. Make a new one with them.")
        about = {"group_id": self.config.group_id}
        wanted = (yield from self.line.call("groups.getCallbackConfirmationCode", about, read_code)).code
        if self.config.confirmation != wanted:
            raise NeedsOwner(f"VK: the confirmation string of this community is {storable(wanted)[:40]}. Enter it.")
        servers = yield from self.line.call("groups.getCallbackServers", about, read_servers)
        ours = next((one for one in servers.items if one.url == self.inbox.hook_url), None)
        failed = ours is not None and ours.status == "failed"
        note = "VK has paused its deliveries, for our server did not answer. Save the inbox to go on." if failed else ""
        return Account(name=storable(group.name) or "VK", handle=storable(group.screen_name), note=note)

    def connect(self) -> Dialogue[None]:
        """Registers our hook among the community's servers, and asks for the events that we understand."""
        about = {"group_id": self.config.group_id}
        servers = yield from self.line.call("groups.getCallbackServers", about, read_servers)
        known = next((one for one in servers.items if one.url == self.inbox.hook_url), None)
        fields = {**about, "url": self.inbox.hook_url, "title": "Prilavok", "secret_key": self.config.secret}
        try:
            if known is None:
                made = yield from self.line.call("groups.addCallbackServer", fields, read_new_server)
                number = made.server_id
            else:
                number = known.id
                yield from self.line.call("groups.editCallbackServer", {**fields, "server_id": number}, read_one)
            wanted = {**about, "server_id": number, "api_version": VERSION, **dict.fromkeys(EVENTS, 1)}
            yield from self.line.call("groups.setCallbackSettings", wanted, read_one)
        except Undeliverable as error:
            raise NeedsOwner(f"{error.reason}. VK must reach {self.inbox.hook_url} from outside.") from error

    def deep_link(self, account: str, token: str) -> str:
        return str(self.config.link).format(account=account, token=token)

    def greets(self, hook: Hook) -> bool:
        """VK's question for the confirmation string may come without the secret."""
        envelope = self._read(hook)
        asks = envelope is not None and envelope.type == CONFIRMATION and not envelope.secret
        return asks and envelope is not None and str(envelope.group_id) == self.config.group_id

    def parse(self, hook: Hook) -> Iterable[Inbound]:
        """The secret stands in the body."""
        envelope = self._read(hook)
        if envelope is None or str(envelope.group_id) != self.config.group_id or not self.config.secret:
            raise BadSignature
        if not self.greets(hook) and not same(envelope.secret, self.config.secret):
            raise BadSignature
        return updates.inbound(envelope, hook.received_at, by_person=bool(self.config.admin_token))

    def answer(self, hook: Hook) -> HookAnswer:
        """Exactly `ok`, or VK repeats the event; to its question the confirmation string."""
        envelope = self._read(hook)
        asked = envelope is not None and envelope.type == CONFIRMATION
        return HookAnswer(body=self.config.confirmation.encode() if asked else b"ok", content_type="text/plain")

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        if outbound.private_to:
            raise Undeliverable("VK lets a community write only to whoever has written to it or allowed it.")
        if outbound.public:
            return (yield from sending.comment(self.line, self.config.group_id, self.config.admin_token, outbound))
        return (yield from sending.send(self.line, outbound))

    def moderate(self, act: str, provider_id: str) -> Dialogue[None]:
        found = comments.parts_of(provider_id)
        if found is None:
            raise Undeliverable("This is no comment of this community's.")
        if not self.config.admin_token:
            raise Undeliverable(sending.PEOPLE_ONLY)
        where, owner, _, number = found
        fields = {"owner_id": owner, "comment_id": number, **({"reason": SPAM} if act == "report" else {})}
        method = f"{comments.METHODS[where]}.{'deleteComment' if act == 'delete' else 'reportComment'}"
        response = yield self.line.ask(method, fields, token=self.config.admin_token)
        settle(response, read_one, about_comment=True)

    def amend(self, answer: Standing, text: str) -> Dialogue[None]:
        yield from sending.amend(self.line, self.config.admin_token, answer.provider_id, text)

    def profile(self, address: str) -> Dialogue[Sender]:
        """The name, where the page still stands."""
        if not address.isdecimal():
            raise Undeliverable("VK knows people by their numbers.")
        found = yield from self.line.call("users.get", {"user_ids": address}, read_people)
        person = next((one for one in found if str(one.id) == address and not one.deactivated), None)
        if person is None:
            raise Undeliverable("VK does not say who that is.")
        return Sender(address=address, name=storable(f"{person.first_name} {person.last_name}".strip()))

    def _read(self, hook: Hook) -> Envelope | None:
        try:
            return read_envelope.decode(hook.body)
        except NOT_READABLE:
            return None
