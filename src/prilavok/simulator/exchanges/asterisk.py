"""Asterisk's ARI on loopback: events over a WebSocket, channels that are handed to the application and back."""

import asyncio
import base64
import json
from typing import Any
from uuid import uuid4

from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from prilavok.simulator.exchanges.exchange import EXTENSION, Call, Exchange
from prilavok.simulator.office import Asked, RefusedError, answer

USER, PASSWORD, APP = "prilavok", "demo-password-of-asterisk", "prilavok"
DIALSTATUS = {
    "answered": "ANSWER",
    "busy": "BUSY",
    "no answer": "NOANSWER",
    "cancel": "CANCEL",
    "failed": "CHANUNAVAIL",
}
CAUSES = {"answered": 16, "busy": 17, "no answer": 19, "cancel": 16, "failed": 20}
ORIGINATE = {"endpoint", "app", "appArgs", "callerId", "timeout"}


class AsteriskEmulator(Exchange):
    """`rung` is what the dialplan was told to ring, call by call."""

    title = "Asterisk"

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.rung: list[str] = []
        self.sockets: set[WebSocket] = set()
        self.listened = asyncio.Event()  # somebody has been here
        self._agents: dict[str, dict[str, str]] = {}  # our own channels that wait in the application
        self.route("GET", r"/ari/channels", self._list)
        self.route("POST", r"/ari/channels/(?P<id>[^/]+)", self._originate, sends=True)
        self.route("POST", r"/ari/channels/(?P<id>[^/]+)/variable", self._variable)
        self.route("POST", r"/ari/channels/(?P<id>[^/]+)/continue", self._continue)
        self.route("GET", r"/ari/recordings/stored/(?P<name>.+)/file", self._recorded)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await self._listen(WebSocket(scope, receive, send))
        else:
            await super().__call__(scope, receive, send)

    def new_id(self) -> str:
        return f"{int(self.now().timestamp())}.{uuid4().int % 10**9}"

    def began(self, call: Call) -> None:
        if call.by_shop:
            self._tell("Dial", caller=self._channel(call), peer=leg("trunk"), dialstatus="RINGING")
        else:
            self._tell("StasisStart", args=[], channel=self._channel(call))

    def taken(self, call: Call) -> None:
        peer = leg("trunk" if call.by_shop else EXTENSION)
        self._tell("Dial", caller=self._channel(call), peer=peer, dialstatus="ANSWER")

    def over(self, call: Call, how: str) -> None:
        if call.by_shop and how != "answered":
            self._tell("Dial", caller=self._channel(call), peer=leg("trunk"), dialstatus=DIALSTATUS[how])
        if how == "answered" and not call.by_shop:
            recording = {
                "name": f"calls/{call.id}",
                "format": "wav",
                "target_uri": f"channel:{call.id}",
                "state": "done",
            }
            self._tell("RecordingFinished", recording=recording)
        cause = 16 if call.by_shop else CAUSES[how]
        self._tell("ChannelDestroyed", cause=cause, cause_txt="", channel=self._channel(call))

    async def drop(self) -> None:
        """Every socket is lost, as when the network is."""
        for socket in list(self.sockets):
            await socket.close(1012)

    def _channel(self, call: Call) -> dict[str, Any]:
        number = call.extension if call.by_shop else call.number
        return {
            "id": call.id,
            "name": "PJSIP/trunk-0000000c",
            "state": "Up" if call.state == "talking" else "Ring",
            "caller": {"name": "", "number": number},
            "dialplan": {"context": "from-trunk", "exten": self.number, "priority": 2},
        }

    def _tell(self, kind: str, **fields: Any) -> None:
        at = self.now().strftime("%Y-%m-%dT%H:%M:%S.000%z")
        event = {"type": kind, "timestamp": at, "application": APP, "asterisk_id": "00:00:00:00:00:00", **fields}
        text = json.dumps(event)
        for socket in list(self.sockets):
            self.knocker.after(0, lambda socket=socket: self._kept(asyncio.ensure_future(socket.send_text(text))))  # type: ignore[misc]

    def _kept(self, task: "asyncio.Task[None]") -> None:
        self.knocker._tasks.add(task)
        task.add_done_callback(self.knocker._tasks.discard)

    async def _listen(self, socket: WebSocket) -> None:
        query = socket.query_params
        if socket.headers.get("authorization") != login() or query.get("app") != APP:
            await socket.close(4401)
            return
        await socket.accept()
        self.sockets.add(socket)
        self.listened.set()
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            pass  # a client that leaves is nothing to be told of
        finally:
            self.sockets.discard(socket)

    def _login(self, asked: Asked) -> None:
        if asked.request.headers.get("authorization") != login():
            raise RefusedError(401, {"error": "Authentication required"})

    def _list(self, asked: Asked) -> Response:
        self._login(asked)
        calls = [one for line in self.lines.values() for one in line.calls if not one.over]
        return answer([self._channel(one) for one in calls])

    def _originate(self, asked: Asked) -> Response:
        self._login(asked)
        wanted, id = asked.query, asked.parts["id"]
        self.requests.append({**wanted, "id": id})
        if set(wanted) - ORIGINATE or not wanted.get("endpoint") or wanted.get("app") != APP:
            raise RefusedError(400, {"message": "Invalid parameters"})
        if id in self._agents or self.known(id):
            raise RefusedError(409, {"message": "Channel with given unique ID already exists"})
        if not self.at_desk:
            self.knocker.after(0.3, lambda: self._tell("ChannelDestroyed", cause=19, cause_txt="", channel={"id": id}))
            return answer({"id": id, "state": "Down"})
        self._agents[id] = wanted
        channel = {"id": id, "name": f"{wanted['endpoint']}-0000000a", "state": "Up", "caller": {"number": EXTENSION}}
        self.knocker.after(0.3, lambda: self._tell("StasisStart", args=wanted["appArgs"].split(","), channel=channel))
        return answer({"id": id, "state": "Down"})

    def _variable(self, asked: Asked) -> Response:
        self._login(asked)
        if asked.query.get("variable") != "PRILAVOK_RING" or self.known(asked.parts["id"]) is None:
            raise RefusedError(404, {"message": "Channel not found"})
        self.rung.append(asked.query.get("value", ""))
        return Response(status_code=204)

    def _continue(self, asked: Asked) -> Response:
        self._login(asked)
        id = asked.parts["id"]
        if id in self._agents:
            extension = self._agents[id]["endpoint"].partition("/")[2]
            self.place(f"+{asked.query['extension']}", extension, id, id)
        elif self.known(id) is None:
            raise RefusedError(404, {"message": "Channel not found"})
        return Response(status_code=204)

    def _recorded(self, asked: Asked) -> Response:
        self._login(asked)
        return Response(self.recording(), media_type="audio/wav")


def login() -> str:
    return f"Basic {base64.b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"


def leg(extension: str) -> dict[str, str]:
    return {"id": uuid4().hex, "name": f"PJSIP/{extension}-0000000d", "state": "Up"}
