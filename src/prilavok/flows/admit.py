"""Who may come in: shops, their staff, sessions, tokens, one-time links."""

from datetime import timedelta
from typing import Any

from prilavok.domain.errors import BadInput, NotFound
from prilavok.domain.events import SessionEnded
from prilavok.domain.shop import described
from prilavok.flows.unit import Unit
from prilavok.kit.ids import new_id, new_token
from prilavok.kit.text import storable
from prilavok.store import shops, staff

SESSION = timedelta(days=30)
LINK = timedelta(hours=24)
ROLES = ("owner", "admin", "agent")


def open_shop(
    unit: Unit, name: str, *, language: str = "uk", timezone: str = "Europe/Kyiv", currency: str = "UAH"
) -> int:
    said = described({"name": storable(name), "language": language, "timezone": timezone, "currency": currency})
    if shops.by_name(unit.db, said["name"]) is not None:
        raise BadInput(f"There is already a shop called “{said['name']}”.", field="name")
    return shops.add(unit.db, said.pop("name"), unit.now, **said)


def hire(
    unit: Unit,
    shop_id: int,
    email: str,
    name: str,
    role: str,
    *,
    password_hash: str | None = None,
    language: str = "",
) -> str:
    """A new colleague; returns their id. BadInput when the address is taken in this shop."""
    email = email.strip().lower()
    if "@" not in email:
        raise BadInput("That is not an e-mail address.", field="email")
    if role not in ROLES:
        raise BadInput(f"A role is one of {', '.join(ROLES)}.", field="role")
    if any(row["shop_id"] == shop_id for row in staff.by_email(unit.db, email)):
        raise BadInput("Somebody with this address already works here.", field="email")
    agent_id = new_id()
    staff.add_agent(
        unit.db,
        {
            "shop_id": shop_id,
            "id": agent_id,
            "email": email,
            "name": name or email.partition("@")[0],
            "role": role,
            "password_hash": password_hash,
            "language": language,
            "created_at": unit.now,
        },
    )
    return agent_id


def sign_in(unit: Unit, shop_id: int, agent_id: str, *, user_agent: str = "", address: str = "") -> str:
    """A fresh session (never one that the browser brought along); returns the cookie's value."""
    token = new_token(32)
    staff.add_session(
        unit.db,
        {
            "shop_id": shop_id,
            "token_hash": staff.hashed(token),
            "agent_id": agent_id,
            "created_at": unit.now,
            "expires_at": unit.now + SESSION,
            "user_agent": user_agent[:300],
            "address": address[:64],
        },
    )
    return token


def sign_out(unit: Unit, token: str) -> None:
    row = staff.end_session(unit.db, token)
    if row is not None:
        unit.emit(SessionEnded(shop_id=row["shop_id"], ref_id=row["agent_id"], session=row["token_hash"]))


def make_link(unit: Unit, shop_id: int, agent_id: str) -> str:
    """A one-time sign-in token, good for a day."""
    return _token(unit, shop_id, agent_id, "signin", "", LINK)


def make_token(unit: Unit, shop_id: int, agent_id: str, name: str = "") -> str:
    """An API token with the agent's rights. It is shown once: only its hash is stored."""
    return _token(unit, shop_id, agent_id, "api", name, None)


def revoke_tokens(unit: Unit, shop_id: int, agent_id: str) -> int:
    """All API tokens of one person end at once; returns how many there were."""
    return staff.remove_tokens(unit.db, shop_id, agent_id)


def follow_link(unit: Unit, token: str, *, user_agent: str = "", address: str = "") -> str:
    """Uses a one-time link up; returns the session's cookie."""
    row = staff.use_signin(unit.db, token, unit.now)
    if row is None:
        raise NotFound
    return sign_in(unit, row["shop_id"], row["agent_id"], user_agent=user_agent, address=address)


def edit_me(unit: Unit, shop_id: int, agent_id: str, changes: dict[str, Any], *, keep_session: str = "") -> None:
    """Name, language, theme; a new password ends every other session."""
    staff.change_agent(unit.db, shop_id, agent_id, changes)
    if "password_hash" in changes:
        staff.end_sessions_of(unit.db, shop_id, agent_id, except_hash=keep_session)
        unit.emit(SessionEnded(shop_id=shop_id, ref_id=agent_id, kept=keep_session))


def _token(unit: Unit, shop_id: int, agent_id: str, kind: str, name: str, lasts: timedelta | None) -> str:
    token = new_token(32)
    staff.add_token(
        unit.db,
        {
            "shop_id": shop_id,
            "token_hash": staff.hashed(token),
            "kind": kind,
            "agent_id": agent_id,
            "name": name,
            "created_at": unit.now,
            "expires_at": unit.now + lasts if lasts is not None else None,
        },
    )
    return token
