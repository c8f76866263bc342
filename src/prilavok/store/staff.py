"""Agents, their sessions and their tokens. Only hashes of secrets are stored."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.engine import Connection, RowMapping

from prilavok.store.questions import Question, Row
from prilavok.store.schema import agents, sessions, shops, tokens


def hashed(secret: str) -> str:
    """For random secrets of 256 bits a plain hash is enough; passwords go through argon2id."""
    return hashlib.sha256(secret.encode()).hexdigest()


_names = Question(select(agents.c.id, agents.c.name).where(agents.c.shop_id == bindparam("shop")))
_SHOWN = (agents, shops.c.name.label("shop_name"), shops.c.currency, shops.c.timezone)
_session = Question(
    select(sessions.c.token_hash, *_SHOWN)
    .join(agents, (agents.c.shop_id == sessions.c.shop_id) & (agents.c.id == sessions.c.agent_id))
    .join(shops, shops.c.id == sessions.c.shop_id)
    .where(
        sessions.c.token_hash == bindparam("hash"), sessions.c.expires_at > bindparam("now"), agents.c.active.is_(True)
    )
)
_api_token = Question(
    select(tokens.c.token_hash, *_SHOWN)
    .join(agents, (agents.c.shop_id == tokens.c.shop_id) & (agents.c.id == tokens.c.agent_id))
    .join(shops, shops.c.id == tokens.c.shop_id)
    .where(tokens.c.token_hash == bindparam("hash"), tokens.c.kind == "api", agents.c.active.is_(True))
)


def add_agent(db: Connection, row: Mapping[str, Any]) -> None:
    db.execute(insert(agents).values({"password_hash": None, "language": "", "theme": "auto", "active": True, **row}))


def agent(db: Connection, shop_id: int, agent_id: str) -> RowMapping | None:
    return db.execute(select(agents).where(agents.c.shop_id == shop_id, agents.c.id == agent_id)).mappings().first()


def by_email(db: Connection, email: str) -> Sequence[RowMapping]:
    """One person may work in several shops."""
    query = select(agents).where(func.lower(agents.c.email) == email.lower(), agents.c.active.is_(True))
    return db.execute(query.order_by(agents.c.shop_id)).mappings().all()


def of_shop(db: Connection, shop_id: int) -> Sequence[RowMapping]:
    query = select(agents).where(agents.c.shop_id == shop_id, agents.c.active.is_(True)).order_by(agents.c.name)
    return db.execute(query).mappings().all()


def names(db: Connection, shop_id: int) -> dict[str, str]:
    return {row["id"]: row["name"] for row in _names.rows(db, shop=shop_id)}


def change_agent(db: Connection, shop_id: int, agent_id: str, changes: Mapping[str, Any]) -> None:
    db.execute(update(agents).where(agents.c.shop_id == shop_id, agents.c.id == agent_id).values(**changes))


def add_session(db: Connection, row: Mapping[str, Any]) -> None:
    db.execute(insert(sessions).values(**row))


def session(db: Connection, token: str, now: datetime) -> Row | None:
    """The session of a cookie, joined with its agent and shop."""
    return _session.row(db, hash=hashed(token), now=now)


def end_session(db: Connection, token: str) -> RowMapping | None:
    statement = (
        delete(sessions)
        .where(sessions.c.token_hash == hashed(token))
        .returning(sessions.c.shop_id, sessions.c.agent_id, sessions.c.token_hash)
    )
    return db.execute(statement).mappings().first()


def end_sessions_of(db: Connection, shop_id: int, agent_id: str, *, except_hash: str = "") -> None:
    db.execute(
        delete(sessions).where(
            sessions.c.shop_id == shop_id, sessions.c.agent_id == agent_id, sessions.c.token_hash != except_hash
        )
    )


def forget_expired(db: Connection, now: datetime) -> None:
    db.execute(delete(sessions).where(sessions.c.expires_at < now))
    db.execute(delete(tokens).where(tokens.c.expires_at < now))


def add_token(db: Connection, row: Mapping[str, Any]) -> None:
    db.execute(insert(tokens).values({"name": "", "expires_at": None, "used_at": None, **row}))


def remove_tokens(db: Connection, shop_id: int, agent_id: str) -> int:
    own = (tokens.c.shop_id == shop_id, tokens.c.agent_id == agent_id, tokens.c.kind == "api")
    return db.execute(delete(tokens).where(*own)).rowcount


def api_token(db: Connection, token: str) -> Row | None:
    return _api_token.row(db, hash=hashed(token))


def use_signin(db: Connection, token: str, now: datetime) -> RowMapping | None:
    """Takes a one-time link: the second time it is gone."""
    statement = (
        delete(tokens)
        .where(tokens.c.token_hash == hashed(token), tokens.c.kind == "signin", tokens.c.expires_at > now)
        .returning(tokens.c.shop_id, tokens.c.agent_id)
    )
    return db.execute(statement).mappings().first()


def has_signin(db: Connection, token: str, now: datetime) -> bool:
    query = select(1).where(tokens.c.token_hash == hashed(token), tokens.c.kind == "signin", tokens.c.expires_at > now)
    return db.execute(query).first() is not None
