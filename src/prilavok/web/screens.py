"""The agents' socket: WS /api/v1/live."""

from typing import Any

import msgspec
from starlette.requests import HTTPConnection

from prilavok.kit.ids import is_id
from prilavok.store import conversations
from prilavok.web.ask import Services
from prilavok.web.auth import viewer_of
from prilavok.web.errors import Refusal
from prilavok.web.guard import FRAMES
from prilavok.web.live import AgentScreen
from prilavok.web.socket import Socket

LONGEST_FRAME = 4096  # characters
SIGN_IN = 4401


class Frame(msgspec.Struct):
    kind: str
    conversation_id: str | None = None


read_frame = msgspec.json.Decoder(Frame)


async def live(services: Services, scope: Any, receive: Any, send: Any) -> None:
    socket = Socket(scope, receive, send)
    connection = HTTPConnection(scope)
    try:
        viewer = await viewer_of(connection, services)
    except Refusal as refusal:
        await socket.refuse(SIGN_IN, refusal.detail)
        return
    if viewer is None:
        await socket.refuse(SIGN_IN, "sign in again")
        return
    await socket.accept()
    seq = connection.query_params.get("seq", "")
    screen = AgentScreen(socket, viewer.shop_id, viewer.id, viewer.name, viewer.session_hash)
    await services.hub.join(screen, int(seq) if seq.isascii() and seq.isdecimal() and len(seq) < 19 else None)
    try:
        async for text in socket.frames(LONGEST_FRAME):
            if services.guard.allow(FRAMES, "screen", viewer.id):
                await _hear(services, screen, text)
    finally:
        services.hub.leave(screen)


async def _hear(services: Services, screen: AgentScreen, text: str) -> None:
    try:
        frame = read_frame.decode(text)
    except (msgspec.DecodeError, RecursionError):
        screen.socket.put('{"kind":"error","detail":"This frame is not one of ours."}')
        return
    conversation_id = frame.conversation_id if is_id(frame.conversation_id) else None
    match frame.kind:
        case "typing" if conversation_id:
            await _typing(services, screen, conversation_id)
        case "viewing":
            screen.viewing = conversation_id
            services.hub.show_presence(screen.shop_id)


async def _typing(services: Services, screen: AgentScreen, conversation_id: str) -> None:
    """Colleagues see it, and the visitor whose window is open."""
    row = await services.bus.read(conversations.get, screen.shop_id, conversation_id)
    if row is None:
        return
    who = {"kind": "agent", "id": screen.agent_id, "name": screen.name}
    services.hub.fleeting(screen.shop_id, {"kind": "typing", "conversation_id": conversation_id, "who": who})
    if row["reply_identity_id"]:
        what = {"kind": "typing", "who": {"name": screen.name}}
        services.hub.fleeting(screen.shop_id, what, identity_id=row["reply_identity_id"])
