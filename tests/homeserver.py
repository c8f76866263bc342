"""A real Synapse from its wheel, on loopback with SQLite, once a run. Import the fixture into a conftest."""

import hashlib
import hmac
import json
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from tests.services import answers, free_port, stop, wait_for

SHARED_SECRET = "a registration secret of this run"
STARTS = 90.0  # seconds; it imports a great deal
NO_LIMITS = {"per_second": 10_000, "burst_count": 10_000}


class RefusedError(Exception):
    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status


@dataclass(frozen=True)
class Person:
    """Somebody with an account, who asks the homeserver as their program would."""

    url: str
    user: str
    token: str

    def ask(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, type: str = "") -> Any:
        data = raw if raw is not None else json.dumps(body).encode() if body is not None else None
        headers = {"authorization": f"Bearer {self.token}", "content-type": type or "application/json"}
        address = self.url + (path if path.startswith("/") else f"/_matrix/{path}")
        request = urllib.request.Request(address, data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                raise RefusedError(error.code, error.read()) from None

    def opens_chat(self, *people: str, encrypted: bool = False) -> str:
        """A room with these people invited; its id."""
        lock = [{"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}]
        body = {
            "preset": "trusted_private_chat",
            "is_direct": True,
            "invite": list(people),
            "initial_state": lock if encrypted else [],
        }
        return str(self.ask("POST", "client/v3/createRoom", body)["room_id"])

    def says(self, room: str, text: str, **more: Any) -> str:
        return self.sends(room, "m.room.message", {"msgtype": "m.text", "body": text, **more})

    def sends(self, room: str, type: str, content: Any) -> str:
        path = f"client/v3/rooms/{quote(room)}/send/{type}/{uuid4().hex}"
        return str(self.ask("PUT", path, content)["event_id"])

    def reads(self, room: str, event: str) -> None:
        self.ask("POST", f"client/v3/rooms/{quote(room)}/receipt/m.read/{quote(event)}", {})

    def sees(self, room: str) -> list[Any]:
        """The room's events, the newest first."""
        return list(self.ask("GET", f"client/v3/rooms/{quote(room)}/messages?dir=b&limit=100")["chunk"])

    def members(self, room: str) -> set[str]:
        return set(self.ask("GET", f"client/v3/rooms/{quote(room)}/joined_members")["joined"])


@dataclass
class Homeserver:
    url: str

    def person(self, name: str) -> Person:
        """A new account; the same name twice makes two people."""
        name = f"{name}-{uuid4().hex[:8]}"
        admin = Person(self.url, "", "")
        nonce = self._register(admin)["nonce"]
        signed = "\0".join([nonce, name, "password", "notadmin"]).encode()
        mac = hmac.new(SHARED_SECRET.encode(), signed, hashlib.sha1).hexdigest()
        made = self._register(
            admin, {"nonce": nonce, "username": name, "password": "password", "admin": False, "mac": mac}
        )
        return Person(self.url, made["user_id"], made["access_token"])

    def _register(self, admin: Person, body: Any = None) -> Any:
        return admin.ask("GET" if body is None else "POST", "/_synapse/admin/v1/register", body)


def configured(folder: Path, port: int) -> dict[str, Any]:
    resources = [{"names": ["client", "media"], "compress": False}]
    limits = ("rc_message", "rc_registration", "rc_admin_redaction", "rc_reports")
    return {
        "server_name": "localhost",
        "pid_file": str(folder / "synapse.pid"),
        "public_baseurl": f"http://127.0.0.1:{port}/",
        "listeners": [
            {"port": port, "bind_addresses": ["127.0.0.1"], "type": "http", "tls": False, "resources": resources}
        ],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "homeserver.db")}},
        "media_store_path": str(folder / "media"),
        "signing_key_path": str(folder / "signing.key"),
        "registration_shared_secret": SHARED_SECRET,
        "macaroon_secret_key": "m" * 32,
        "form_secret": "f" * 32,
        "report_stats": False,
        "trusted_key_servers": [],
        "suppress_key_server_warning": True,
        "bcrypt_rounds": 4,
        **dict.fromkeys(limits, NO_LIMITS),
        "rc_login": dict.fromkeys(("address", "account", "failed_attempts"), NO_LIMITS),
        "rc_joins": dict.fromkeys(("local", "remote"), NO_LIMITS),
        "rc_invites": dict.fromkeys(("per_room", "per_user", "per_issuer"), NO_LIMITS),
    }


@pytest.fixture(scope="session")
def homeserver() -> Iterator[Homeserver]:
    keys = pytest.importorskip("signedjson.key", reason="no Synapse: pip install matrix-synapse")
    pytest.importorskip("synapse", reason="no Synapse: pip install matrix-synapse")
    with tempfile.TemporaryDirectory(prefix="prilavok-synapse-") as name:
        folder, port = Path(name), free_port()
        with (folder / "signing.key").open("w") as file:
            keys.write_signing_keys(file, [keys.generate_signing_key("a_test")])
        config = folder / "homeserver.yaml"
        config.write_text(json.dumps(configured(folder, port)))  # JSON is YAML
        log = folder / "synapse.log"
        with log.open("ab") as output:
            words = [sys.executable, "-m", "synapse.app.homeserver", "-c", str(config)]
            process = subprocess.Popen(words, stdout=output, stderr=output, cwd=folder)
        wait_for(lambda: answers(port), process, log, seconds=STARTS)
        yield Homeserver(f"http://127.0.0.1:{port}")
        stop(process)
