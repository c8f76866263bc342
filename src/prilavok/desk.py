"""What the command line does to an installation, beside serving it."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from prilavok.app import House
from prilavok.channels.base import Account
from prilavok.channels.transport import perform
from prilavok.domain.errors import BadInput, NotFound
from prilavok.flows import admit, connect
from prilavok.store import journal, shops, staff


def the_shop(house: House, name: str | None) -> Any:
    """The named shop (or its number), or the only one. BadInput says which there are."""
    rows = house.bus.read_now(shops.everything)
    if name is not None:
        rows = [row for row in rows if name in {row["name"], str(row["id"])}]
        if not rows:
            raise BadInput(f"There is no shop called “{name}”. Open it with: prilavok shop add “{name}”.")
    if len(rows) > 1:
        names = ", ".join(f"“{row['name']}”" for row in rows)
        raise BadInput(f"There are several shops: {names}. Say which with --shop.")
    return rows[0] if rows else None


def sign_in_link(house: House, email: str, shop_name: str | None) -> str:
    shop = the_shop(house, shop_name)
    shop_id = shop["id"] if shop is not None else house.bus.do_and_wait(admit.open_shop, "My shop")
    known = [row for row in house.bus.read_now(staff.by_email, email) if row["shop_id"] == shop_id]
    if known:
        agent_id = known[0]["id"]
    elif any(row["role"] == "owner" for row in house.bus.read_now(staff.of_shop, shop_id)):
        raise BadInput(f"The shop has another owner, and {email} does not work there.")
    else:
        agent_id = house.bus.do_and_wait(admit.hire, shop_id, email, "", "owner")
    token = house.bus.do_and_wait(admit.make_link, shop_id, agent_id)
    return f"{house.settings.public_url}/signin/{token}"


def hire_agent(house: House, email: str, name: str, role: str, shop_name: str | None) -> str:
    shop = the_shop(house, shop_name)
    if shop is None:
        raise BadInput("Open a shop first: prilavok shop add NAME.")
    agent_id = house.bus.do_and_wait(admit.hire, shop["id"], email, name, role)
    token = house.bus.do_and_wait(admit.make_link, shop["id"], agent_id)
    return f"{house.settings.public_url}/signin/{token}"


def api_token(house: House, email: str) -> str:
    rows = house.bus.read_now(staff.by_email, email)
    if not rows:
        raise BadInput(
            f"Nobody with the address {email} works in {house.settings.data}. Make an owner with: prilavok owner "
            f"{email}. Another installation is named by --data FOLDER; the demo's is prilavok-demo."
        )
    made: str = house.bus.do_and_wait(admit.make_token, rows[0]["shop_id"], rows[0]["id"], "command line")
    return made


def revoke_tokens(house: House, email: str) -> str:
    """Takes all API tokens of a person back."""
    count = 0
    for row in house.bus.read_now(staff.by_email, email):
        count += house.bus.do_and_wait(admit.revoke_tokens, row["shop_id"], row["id"])
    return f"revoked: {count}"


def connect_inbox(
    house: House, kind: str, name: str, pairs: Sequence[str], shop_name: str | None, *, check: bool
) -> str:
    """Checks the settings with the vendor, stores the inbox; "id hook-address" and, where one was made, the secret."""
    shop = the_shop(house, shop_name)
    if shop is None:
        raise BadInput("Open a shop first: prilavok shop add NAME.")
    directory = house.directory
    given = _values(pairs)
    try:
        config = connect.read_config(directory, kind, given)
    except BadInput as error:
        named = error.field.removeprefix("config.") if error.field.startswith("config.") else ""
        raise BadInput(f"{named}: {error.reason}" if named else error.reason) from None
    channel_kind = directory.kinds[kind]
    config = channel_kind.prepare(config)
    inbox_id = connect.new_inbox_id()
    channel = directory.make(
        kind, config, shop_id=shop["id"], inbox_id=inbox_id, key="", name=name, shop_name=shop["name"], shop=shop
    )

    async def ask() -> Account:
        try:
            account: Account = await perform(channel.meet(), house.network)
            return account
        finally:
            await house.network.close()

    account = asyncio.run(ask()) if check else Account(name=name)
    key = house.bus.do_and_wait(connect.connect, shop["id"], kind, name, config, account, inbox_id=inbox_id)
    lines = [f"id: {inbox_id}"]
    public = house.settings.public_url
    if place := channel_kind.capabilities.page:
        lines.append(f"page: {public}{place.format(key=key)}")
    elif channel_kind.capabilities.direct and channel_kind.capabilities.public:
        lines.append(f'snippet: <div data-prilavok-cards="{key}" data-product="SKU" data-name="NAME"></div>')
        lines.append(f'         <script src="{public}/cards.js" async></script>')
    elif channel_kind.capabilities.direct:
        lines.append(f'snippet: <script src="{public}/widget.js" data-inbox="{key}" async></script>')
    else:
        lines.append(f"hook: {directory.hook_url(key)}")
    lines += [
        f"{field}: {getattr(config, field)}"
        for field in sorted(connect.secret_fields(channel_kind))
        if not given.get(field) and getattr(config, field)
    ]
    return "\n".join(lines)


def replay_failed(house: House, ids: Sequence[str], shop_name: str | None) -> str:
    shop = the_shop(house, shop_name)
    if shop is None:
        raise NotFound
    chosen = list(ids) or house.bus.read_now(journal.unfinished, shop["id"], ["failed"])

    async def again() -> int:
        return sum([await house.intake.replay(shop["id"], one) for one in chosen])

    went_well = asyncio.run(again())
    return f"replayed: {went_well}\nfailed: {len(chosen) - went_well}"


def _values(pairs: Sequence[str]) -> dict[str, Any]:
    """key=value; a value that is JSON (a list, a number, true) is taken as such."""
    values: dict[str, Any] = {}
    for pair in pairs:
        name, separator, text = pair.partition("=")
        if not separator:
            raise BadInput(f"“{pair}” is not key=value.")
        if text[:1] in {"[", "{"} or text in {"true", "false"}:
            try:
                values[name] = json.loads(text)
            except ValueError as error:
                raise BadInput(f"The value of “{name}” is not JSON: {error}.") from error
        else:
            values[name] = text
    return values
