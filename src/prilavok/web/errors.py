"""Every refusal is a problem+json with a sentence for the person who caused it."""

from http import HTTPStatus

import msgspec
import structlog
from sqlalchemy.exc import DBAPIError, OperationalError
from starlette.responses import Response

from prilavok.domain.errors import BadInput, BadSignature, Conflict, NotFound
from prilavok.web.shapes import UNSET, Problem


class Refusal(Exception):
    """An answer other than 2xx, from inside a handler."""

    def __init__(self, status: int, detail: str, *, field: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.field = field
        self.headers = headers or {}


log = structlog.get_logger()

SIGN_IN = "Sign in first."
NOT_FOUND = "There is no such thing here."
AWAY = "The database does not answer at this moment. Nothing was lost that had been accepted; try again soon."


def as_refusal(error: Exception) -> Refusal | None:
    """What our own errors mean in HTTP; None for what is a fault of ours."""
    match error:
        case Refusal():
            return error
        case BadInput(reason=reason, field=field):
            return Refusal(422, reason, field=field)
        case Conflict(reason=reason):
            return Refusal(409, reason)
        case NotFound():
            return Refusal(404, NOT_FOUND)
        case DBAPIError() if _is_away(error):
            log.warning("the database is away", error=str(error.orig))
            return Refusal(503, AWAY, headers={"retry-after": "5"})
        case BadSignature():
            return Refusal(401, "The signature does not fit. Check the secret, and that the body is sent unchanged.")
        case _:
            return None


def _is_away(error: DBAPIError) -> bool:
    """The connection broke or was never made; a statement that the database refuses is a fault of ours."""
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", "")  # only PostgreSQL has one; None: nobody answered
    return isinstance(error, OperationalError) and (state is None or state.startswith(("08", "57P")))


def problem(refusal: Refusal) -> Response:
    title = HTTPStatus(refusal.status).phrase
    body = Problem(
        type="about:blank",
        title=title,
        status=refusal.status,
        detail=refusal.detail,
        field=refusal.field or UNSET,
    )
    return Response(
        msgspec.json.encode(body),
        refusal.status,
        {"cache-control": "no-store", **refusal.headers},
        media_type="application/problem+json",
    )
