"""Settings: inboxes with their health, the journal of deliveries, the outbox, people."""

from datetime import timedelta
from typing import Any

import msgspec
from starlette.responses import Response

from prilavok.channels.base import Account, Keep, NeedsOwner, TryLater, Undeliverable, kept_nowhere
from prilavok.domain.errors import BadInput, NotFound
from prilavok.domain.expiry import warning
from prilavok.flows import connect, consent
from prilavok.flows import reply as replying
from prilavok.flows.directory import Directory
from prilavok.flows.halt import halt
from prilavok.flows.unit import Unit
from prilavok.store import inboxes, journal, outbox, shops
from prilavok.web.ask import Ask, IdText
from prilavok.web.errors import Refusal


class Consented(msgspec.Struct):
    vendor: str
    given: bool
    since: str
    back: str  # where that page sends the browser back to


class Inbox(msgspec.Struct, kw_only=True):
    id: str
    name: str
    channel: str
    state: str
    reason: str
    account: dict[str, str]
    hook_url: str | None
    key: str
    created_at: Any
    config: dict[str, Any]
    expires_at: Any = None  # of the vendor's token
    expires_in: int | None = None  # the warning that is due: 14, 3 or 0 days before
    consent: "Consented | None" = None  # where its owner signs in at the vendor's page
    secret: str | msgspec.UnsetType = msgspec.UNSET


class NewInbox(msgspec.Struct):
    kind: str
    name: str
    config: dict[str, Any] = {}
    reservation: str = ""  # of the guide: the hook's address that the vendor was told already


class Guide(msgspec.Struct):
    language: str  # of the steps
    steps: list[str]
    hook_url: str | None
    reservation: str
    consent_url: str | None = None  # where the vendor sends the browser back to


class InboxChanges(msgspec.Struct):
    name: str | None = None
    config: dict[str, Any] | None = None
    state: str | None = None


class InboxCheck(msgspec.Struct):
    kind: str
    config: dict[str, Any] = {}
    inbox_id: IdText | None = None


class Checked(msgspec.Struct, omit_defaults=True):
    ok: bool
    account: dict[str, str] | None = None
    reason: str | None = None
    field: str | None = None  # the setting to blame, as a problem names it


class Replay(msgspec.Struct):
    ids: list[IdText] | None = None


class Replayed(msgspec.Struct):
    replayed: int
    failed: int


async def channels(ask: Ask) -> dict[str, Any]:
    return {"items": ask.services.channel_table(ask.language)}


async def guide(ask: Ask) -> Guide:
    """What to press at the vendor's, and the address to tell it before anything is saved."""
    kind = ask.services.directory.kinds.get(ask.query("kind"))
    if kind is None:
        raise NotFound
    language, steps = ask.services.steps_of(kind.kind, ask.language)
    key, reservation = connect.reserve(ask.services.seal, ask.shop_id, ask.services.now)
    hooked = kind.capabilities.hooked
    hook_url = ask.services.directory.hook_url(key) if hooked else None
    told = reservation if hooked else ""
    back = _back(ask.services.directory) if kind.consents else None
    return Guide(language=language, steps=list(steps), hook_url=hook_url, reservation=told, consent_url=back)


async def list_inboxes(ask: Ask) -> dict[str, Any]:
    rows = await ask.read(inboxes.of_shop, ask.shop_id)
    return {"items": [_shown(ask, row) for row in rows if row["channel"] in ask.services.directory.kinds]}


async def show_inbox(ask: Ask) -> Inbox:
    return _shown(ask, await row_of(ask))


async def add_inbox(ask: Ask) -> Inbox:
    given: NewInbox = ask.body
    directory = ask.services.directory
    config = connect.read_config(directory, given.kind, given.config)
    config = directory.kinds[given.kind].prepare(config)
    inbox_id = connect.new_inbox_id()
    proof = given.reservation
    key = connect.reserved(ask.services.seal, ask.shop_id, proof, ask.services.now) if proof else ""
    account, config = await ask_vendor(ask, given.kind, config, inbox_id, given.name)
    key = await ask.do(
        connect.connect, ask.shop_id, given.kind, given.name, config, account, inbox_id=inbox_id, key=key
    )
    await tell_vendor(ask, given.kind, config, inbox_id, key, given.name)
    inbox = _shown(ask, await row_of(ask, inbox_id))
    made = [name for name in connect.secret_fields(directory.kinds[given.kind]) if not given.config.get(name)]
    secrets = [value for name in made if (value := getattr(config, name))]
    inbox.secret = secrets[0] if secrets else msgspec.UNSET
    return inbox


async def change_inbox(ask: Ask) -> Inbox:
    given: InboxChanges = ask.body
    row = await row_of(ask)
    config = account = None
    state = given.state
    if given.config is not None:
        kind = ask.services.directory.kinds[row["channel"]]
        asked = kind.consent_of(ask.services.directory.open_config(row, kind))
        config = kind.prepare(connect.merge_config(ask.services.directory, kind, row, given.config))
        account, config = await ask_vendor(ask, row["channel"], config, row["id"], given.name or row["name"])
        if asked and not asked.refresh_token and not account.waits:
            state = state or "active"  # it waited for nothing else
    await ask.do(
        connect.change_inbox,
        ask.shop_id,
        row["id"],
        name=given.name,
        config=config,
        account=account,
        state=state,
    )
    if config is not None:
        await tell_vendor(ask, row["channel"], config, row["id"], row["key"], given.name or row["name"])
    return _shown(ask, await row_of(ask))


async def remove_inbox(ask: Ask) -> None:
    await ask.do(connect.disconnect, ask.shop_id, ask.id())


async def check_inbox(ask: Ask) -> Checked:
    given: InboxCheck = ask.body
    directory = ask.services.directory
    if given.inbox_id is not None:
        row = await row_of(ask, given.inbox_id)
        config = connect.merge_config(directory, directory.kinds[row["channel"]], row, given.config)
    else:
        config = connect.read_config(directory, given.kind, given.config)
        config = directory.kinds[given.kind].prepare(config)
    try:
        account, _ = await ask_vendor(ask, given.kind, config, given.inbox_id or connect.new_inbox_id(), "")
    except Refusal as refusal:
        return Checked(ok=False, reason=refusal.detail, field=refusal.field)
    note = account.waits or account.note
    return Checked(ok=True, account={"name": account.name, "handle": account.handle, "note": note})


async def health(ask: Ask) -> dict[str, Any]:
    row = await row_of(ask)
    now = ask.services.now
    found = await ask.services.bus.read_slowly(inboxes.health, ask.shop_id, row["id"], now)
    first = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=23)
    hours = [
        {"at": at, **found["hours"].get(at, {"received": 0, "sent": 0, "failed": 0})}
        for at in (first + timedelta(hours=offset) for offset in range(24))
    ]
    totals = {name: sum(hour[name] for hour in hours) for name in ("received", "sent", "failed")}
    served = await ask.read(ask.services.directory.get, ask.shop_id, row["id"])
    polled = served is not None and served.channel.listens
    return {
        "state": row["state"],
        "reason": row["reason"],
        "polled": polled,
        "listening": polled and row["listener_until"] is not None and row["listener_until"] > now,
        "last_received_at": row["last_received_at"] or await ask.read(inboxes.last_received, ask.shop_id, row["id"]),
        "last_sent_at": row["last_sent_at"] or next((hour["at"] for hour in reversed(hours) if hour["sent"]), None),
        "expires_at": row["expires_at"],
        "expires_in": warning(row["expires_at"], now),
        "received_24h": totals["received"],
        "sent_24h": totals["sent"],
        "failed_24h": totals["failed"],
        "waiting": found["waiting"],
        "dead": found["dead"],
        "failed_hooks": found["failed_hooks"],
        "unknown": await ask.read(journal.unknown_of, ask.shop_id, row["id"]),
        "hours": hours,
    }


async def list_outbox(ask: Ask) -> dict[str, Any]:
    state = ask.query("state", "dead")
    states = {"waiting": ["waiting", "leased"], "dead": ["dead"], "perhaps": ["perhaps"]}.get(state)
    if states is None:
        raise BadInput("A message in the outbox is waiting, dead or perhaps (sent).", field="state")
    rows = await ask.services.bus.read_slowly(outbox.page, ask.shop_id, states)
    items = [
        {
            "id": row["id"],
            "message": {"id": row["message_id"], "text": row["text"][:300]},
            "conversation_id": row["conversation_id"],
            "inbox": {"id": row["inbox_id"], "name": row["inbox_name"], "channel": row["channel"]},
            "state": row["state"],
            "attempts": row["attempts"],
            "due_at": row["due_at"],
            "reason": row["reason"] or "",
        }
        for row in rows
    ]
    return {"items": items}


async def retry_outbox(ask: Ask) -> None:
    row = await ask.read(outbox.get, ask.shop_id, ask.id())
    if row is None:
        raise NotFound
    await ask.do(replying.retry, ask.shop_id, row["message_id"])


async def drop_outbox(ask: Ask) -> None:
    await ask.do(_drop, ask.shop_id, ask.id())


async def list_journal(ask: Ask) -> dict[str, Any]:
    state = ask.query("state", "failed")
    if state not in {"failed", "done", "ignored", "pending"}:
        raise BadInput("A delivery is failed, done, ignored or pending.", field="state")
    rows = await ask.services.bus.read_slowly(
        journal.page, ask.shop_id, state=state, inbox_id=ask.query_id("inbox"), before=ask.query_id("cursor"), limit=51
    )
    items = [
        {
            "id": row["id"],
            "inbox": {"id": row["inbox_id"], "name": row["inbox_name"], "channel": row["channel"]},
            "received_at": row["received_at"],
            "state": row["state"],
            "reason": row["reason"] or "",
            "size": row["size"],
            "attempts": row["attempts"],
        }
        for row in rows[:50]
    ]
    return {"items": items, "next": items[-1]["id"] if len(rows) > 50 else None}


async def raw_delivery(ask: Ask) -> Response:
    row = await ask.read(journal.entry, ask.shop_id, ask.id())
    if row is None:
        raise NotFound
    return Response(
        row["body"],
        media_type="application/octet-stream",
        headers={
            "content-disposition": f'attachment; filename="{row["id"]}.raw"',
            "x-content-type-options": "nosniff",
            "content-security-policy": "sandbox; default-src 'none'",
        },
    )


async def replay(ask: Ask) -> Replayed:
    given: Replay = ask.body
    ids = given.ids
    if ids is None:
        ids = await ask.services.bus.read_slowly(journal.unfinished, ask.shop_id, ["failed"])
    outcomes = [await ask.services.intake.replay(ask.shop_id, one) for one in ids]
    return Replayed(replayed=sum(outcomes), failed=len(outcomes) - sum(outcomes))


async def ask_vendor(ask: Ask, kind: str, config: Any, inbox_id: str, name: str) -> tuple[Account, Any]:
    """Checks settings before they are saved; what the vendor exchanged meanwhile stands in those that come back.
    Refusal 422 with the vendor's reason in plain words.
    """
    exchanged: dict[str, str] = {}

    async def keep(setting: str, before: str, after: str) -> str:
        if after:  # if it is the stored one that was exchanged, it is worth nothing more, whatever comes of this
            exchanged[setting] = after
            await ask.do(consent.keep, ask.shop_id, inbox_id, setting, before, after)
        return after or before

    channel = await channel_of(ask, kind, config, inbox_id, "", name, keep=keep)
    try:
        account: Account = await ask.services.perform(channel.meet())
    except NeedsOwner as error:
        raise Refusal(422, error.reason, field=f"config.{error.field}" if error.field else "config") from error
    except Undeliverable as error:
        raise Refusal(422, error.reason, field="config") from error
    except TryLater as error:
        raise Refusal(422, f"The other side did not answer as it should: {error.reason}", field="config") from error
    return account, msgspec.structs.replace(config, **exchanged)


async def tell_vendor(ask: Ask, kind: str, config: Any, inbox_id: str, key: str, name: str) -> None:
    """Sets the vendor's hook. What fails pauses the inbox with its reason, so that the owner sees it."""
    try:
        await ask.services.perform((await channel_of(ask, kind, config, inbox_id, key, name)).connect())
    except (NeedsOwner, Undeliverable, TryLater) as error:
        await ask.do(halt, ask.shop_id, inbox_id, error.reason)


async def channel_of(
    ask: Ask, kind: str, config: Any, inbox_id: str, key: str, name: str, *, keep: Keep = kept_nowhere
) -> Any:
    directory: Directory = ask.services.directory
    shop = await ask.read(shops.get, ask.shop_id)
    return directory.make(
        kind,
        config,
        shop_id=ask.shop_id,
        inbox_id=inbox_id,
        key=key,
        name=name,
        shop_name=ask.me.shop_name,
        shop=shop,
        keep=keep,
    )


async def row_of(ask: Ask, inbox_id: str | None = None) -> Any:
    row = await ask.read(inboxes.get, ask.shop_id, inbox_id or ask.id())
    if row is None or row["channel"] not in ask.services.directory.kinds:
        raise NotFound
    return row


def _shown(ask: Ask, row: Any) -> Inbox:
    directory = ask.services.directory
    kind = directory.kinds[row["channel"]]
    config = directory.open_config(row, kind)
    asked = kind.consent_of(config)
    return Inbox(
        id=row["id"],
        name=row["name"],
        channel=row["channel"],
        state=row["state"],
        reason=row["reason"],
        account={"name": row["account_name"], "handle": row["account_handle"]},
        hook_url=directory.hook_url(row["key"]) if kind.capabilities.hooked else None,
        key=row["key"],
        created_at=row["created_at"],
        config=connect.shown_config(kind, config),
        expires_at=row["expires_at"],
        expires_in=warning(row["expires_at"], ask.services.now),
        consent=Consented(asked.vendor, bool(asked.refresh_token), asked.since, _back(directory)) if asked else None,
    )


def _back(directory: Directory) -> str:
    return f"{directory.public_url}{connect.BACK}"


def _drop(unit: Unit, shop_id: int, row_id: str) -> None:
    row = outbox.get(unit.db, shop_id, row_id)
    if row is None:
        raise NotFound
    if row["state"] == "perhaps":
        replying.leave(unit, shop_id, row["message_id"])
    elif row["state"] == "dead":
        outbox.remove(unit.db, shop_id, row_id)
    else:
        replying.take_back(unit, shop_id, row["message_id"])
