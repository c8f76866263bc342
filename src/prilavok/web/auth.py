"""Who asks: an agent's cookie, an agent's API token, or nobody."""

from typing import Any

from sqlalchemy.engine import Connection
from starlette.requests import HTTPConnection

from prilavok.store import staff
from prilavok.web.ask import Services, Viewer
from prilavok.web.errors import Refusal

COOKIE = "prilavok_session"
LONGEST_TOKEN = 200  # characters


async def viewer_of(connection: HTTPConnection, services: Services) -> Viewer | None:
    """The agent behind a request or a socket. Refusal when a token is given that is none (any more), or when a cookie
    comes with a request of another site.
    """
    given = connection.headers.get("authorization", "")
    if given:
        scheme, _, token = given.partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > LONGEST_TOKEN:
            raise Refusal(401, "Send “Authorization: Bearer TOKEN”.", headers={"www-authenticate": "Bearer"})
        row = await services.bus.read(staff.api_token, token.strip())
        if row is None:
            raise Refusal(401, "This token is not valid any more.", headers={"www-authenticate": "Bearer"})
        return _viewer(row, session_hash="")
    cookie = connection.cookies.get(COOKIE, "")
    if not cookie or len(cookie) > LONGEST_TOKEN:
        return None
    if connection.scope["type"] == "websocket":
        if not services.guard.own_origin(connection.headers):
            raise Refusal(403, "This socket was opened by another site.")
    else:
        services.guard.check_origin(connection.scope["method"], connection.headers)
    row = await services.bus.read(_session, cookie, services)
    return _viewer(row, session_hash=row["token_hash"]) if row is not None else None


def _session(db: Connection, cookie: str, services: Services) -> Any:
    return staff.session(db, cookie, services.now)


def _viewer(row: Any, *, session_hash: str) -> Viewer:
    return Viewer(
        shop_id=row["shop_id"],
        id=row["id"],
        name=row["name"],
        email=row["email"],
        role=row["role"],
        language=row["language"],
        theme=row["theme"],
        shop_name=row["shop_name"],
        currency=row["currency"],
        timezone=row["timezone"],
        session_hash=session_hash,
    )
