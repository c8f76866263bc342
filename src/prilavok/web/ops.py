"""For operators: is it alive, is it ready, what does it do."""

import msgspec
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, Histogram, generate_latest
from sqlalchemy import text
from sqlalchemy.engine import Connection
from starlette.responses import Response

from prilavok.web.ask import Ask
from prilavok.web.openapi import document

REQUESTS = Counter("prilavok_requests_total", "Requests by route and status", ["route", "status"])
SECONDS = Histogram("prilavok_request_seconds", "Time to answer", ["route"])


async def alive(_ask: Ask) -> Response:
    return Response(b'{"ok":true}', media_type="application/json")


async def ready(ask: Ask) -> Response:
    """200 when the database answers and the writer keeps up; else 503."""
    writer = ask.services.bus.writer
    await ask.services.bus.read_slowly(_touch)
    if writer.waiting > 10_000:
        return Response(b'{"ok":false,"detail":"the writer is behind"}', 503, media_type="application/json")
    return Response(b'{"ok":true}', media_type="application/json")


async def metrics(_ask: Ask) -> Response:
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


async def openapi(ask: Ask) -> Response:
    return Response(msgspec.json.encode(document(ask.services.version)), media_type="application/json")


def _touch(db: Connection) -> None:
    db.execute(text("SELECT 1"))
