"""The shop under load: a real `prilavok serve` in a process of its own, with its own data, or one that runs already."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from prilavok.channels import standard_webhooks
from prilavok.simulator.load.wire import Address, Connection, loopback, request

OWNER = "load@example.com"
PATIENCE = 30.0  # seconds until the server answers


@dataclass(frozen=True, slots=True)
class Shop:
    """Where the server is, who we are there, and its process when it is ours."""

    address: Address
    token: str
    pid: int | None = None

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """One call of the API; RuntimeError when it is refused."""
        connection = await Connection.open(self.address)
        try:
            raw = msgspec.json.encode(body) if body is not None else b""
            status, answer = await connection.ask(self.request(method, path, raw))
        finally:
            connection.close()
        if status >= 300:
            raise RuntimeError(f"{method} {path} was answered with {status}: {answer[:300].decode(errors='replace')}")
        return msgspec.json.decode(answer) if answer else None

    def request(self, method: str, path: str, body: bytes = b"", *, headers: Mapping[str, str] | None = None) -> bytes:
        """`headers` instead of our token alone."""
        return request(method, path, self.address, body, headers=headers or self.authorization)

    @property
    def authorization(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    async def add_inbox(self, kind: str, settings: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """id, key, hook_url and, where one was made, secret."""
        wanted = {"kind": kind, "name": f"Load {kind}", "config": settings or {}}
        added: dict[str, Any] = await self.call("POST", "/api/v1/inboxes", wanted)
        return added

    async def rows(self, inbox_id: str) -> int:
        """The messages that are really there: the numbers of the last one in every conversation of the inbox."""
        total: int = 0
        cursor = ""
        while True:
            page = await self.call("GET", f"/api/v1/conversations?inbox={inbox_id}&limit=100{cursor}")
            total += sum(one["last_seq"] for one in page["items"])
            if not page["next"]:
                return total
            cursor = f"&cursor={page['next']}"

    def resident(self) -> int:
        """Bytes of memory of the server's process; 0 when it is not ours."""
        if self.pid is None:
            return 0
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Hook:
    """The door of a generic `api` inbox, with its key."""

    address: Address
    path: str
    key: bytes

    def signed(self, message_id: str, sender: str, text: str) -> bytes:
        """A whole request with one message."""
        now = datetime.now(UTC)
        message = {"id": message_id, "at": now, "from": {"id": sender, "name": f"Customer {sender}"}, "text": text}
        body = msgspec.json.encode({"messages": [message]})
        signature = standard_webhooks.headers(self.key, f"msg_{message_id}", now, body)
        return request("POST", self.path, self.address, body, headers=signature)


async def open_hook(shop: Shop) -> tuple[str, Hook]:
    """A new `api` inbox: its id and its door."""
    added = await shop.add_inbox("api")
    return added["id"], Hook(shop.address, f"/hooks/{added['key']}", standard_webhooks.key_of(added["secret"]))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def own_shop(database_url: str = "", *, extra: dict[str, str] | None = None) -> Iterator[Shop]:
    """Starts a server on a fresh folder and ends it afterwards."""
    with tempfile.TemporaryDirectory(prefix="prilavok-load-") as folder:
        environment = {
            **os.environ,
            "PRILAVOK_DATA": folder,
            "PRILAVOK_DATABASE_URL": database_url,
            "PRILAVOK_VISITORS_PER_MINUTE": "10000000",
            "PRILAVOK_LOG_LEVEL": "warning",
            "PRILAVOK_TRUSTED_NETWORKS": "127.0.0.0/8",  # emulated vendors live there
            **(extra or {}),
        }
        command = [sys.executable, "-m", "prilavok"]
        subprocess.run([*command, "owner", OWNER], env=environment, check=True, capture_output=True)
        told = subprocess.run([*command, "token", OWNER], env=environment, check=True, capture_output=True, text=True)
        port = free_port()
        process = subprocess.Popen([*command, "serve", "--port", str(port)], env=environment)
        try:
            wait_for(process, ("127.0.0.1", port))
            yield Shop(("127.0.0.1", port), told.stdout.strip(), process.pid)
        finally:
            stop(process)


def running_shop(url: str, token: str) -> Shop:
    return Shop(loopback(url), token)


def wait_for(process: "subprocess.Popen[Any]", address: Address, patience: float = PATIENCE) -> None:
    """Returns when the server answers; RuntimeError when it ends instead."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        if asyncio.run(_answers(address)):
            return
        with_pause(process)
    raise RuntimeError(f"no answer from the server in {patience:.0f} seconds")


def with_pause(process: "subprocess.Popen[Any]") -> None:
    """Waits a moment, less when the process ends."""
    try:
        process.wait(0.05)
    except subprocess.TimeoutExpired:
        return


async def _answers(address: Address) -> bool:
    try:
        connection = await Connection.open(address)
        status, _ = await connection.ask(request("GET", "/healthz", address))
        connection.close()
    except OSError:
        return False
    return status == 200


def stop(process: "subprocess.Popen[Any]") -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
