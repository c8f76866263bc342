"""A real Prosody on loopback, once a run, with its own folder and ports. Import the fixture into a conftest.

The Debian package is enough; nothing of the system's own Prosody is touched.
"""

import contextlib
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.mail_servers import free_ports
from tests.services import answers, stop, wait_for

SHOP, PASSWORD = "shop@localhost", "a password, with 'signs' & ї"
MARTA = "marta@localhost"
ACCOUNTS = {"shop": PASSWORD, "marta": "marta"}
PROSODY = shutil.which("prosody", path="/usr/bin:/usr/sbin:/usr/local/bin")
needs_prosody = pytest.mark.skipif(PROSODY is None, reason="requires: apt-get install prosody")


@dataclass
class Prosody:
    folder: Path
    port: int  # STARTTLS, and without encryption
    tls_port: int
    files_port: int
    process: subprocess.Popen | None = None

    @property
    def certificate(self) -> str:
        return str(self.folder / "cert.pem")

    def start(self) -> None:
        log = self.folder / "prosody.log"
        with log.open("ab") as output:
            words = [str(PROSODY), "-F", "--config", str(self.folder / "prosody.cfg.lua")]
            self.process = subprocess.Popen(words, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
        wait_for(lambda: answers(self.port) and answers(self.tls_port), self.process, log)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
            stop(self.process)
            self.process = None


def configured(server: Prosody) -> str:
    return f"""
run_as_root = true
daemonize = false
pidfile = "{server.folder}/prosody.pid"
data_path = "{server.folder}/data"
certificates = "{server.folder}"
log = {{ info = "*console" }}
interfaces = {{ "127.0.0.1" }}
local_interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {server.port} }}
c2s_direct_tls_ports = {{ {server.tls_port} }}
http_ports = {{ {server.files_port} }}
https_ports = {{ }}
s2s_ports = {{ }}
modules_enabled = {{ "roster", "saslauth", "tls", "disco", "ping", "smacks", "carbons", "presence", "message", "iq",
  "offline", "mam" }}
default_archive_policy = true
modules_disabled = {{ "s2s" }}
ssl = {{ key = "{server.folder}/key.pem", certificate = "{server.folder}/cert.pem" }}
authentication = "internal_plain"
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
unlimited_jids = {{ "{SHOP}", "{MARTA}" }}
VirtualHost "localhost"
Component "upload.localhost" "http_file_share"
  http_host = "127.0.0.1"
  http_external_url = "http://127.0.0.1:{server.files_port}/"
  http_file_share_size_limit = 65536
  http_file_share_access = {{ "localhost" }}
"""


@pytest.fixture(scope="session")
def prosody() -> Iterator[Prosody]:
    from tests.mail_servers import make_certificate

    with tempfile.TemporaryDirectory(prefix="prilavok-prosody-") as name:
        server = Prosody(Path(name), *free_ports(3))
        make_certificate(server.folder)
        accounts = server.folder / "data" / "localhost" / "accounts"
        accounts.mkdir(parents=True)
        for user, password in ACCOUNTS.items():
            (accounts / f"{user}.dat").write_text(f'return {{ ["password"] = "{password}"; }};\n')
        (server.folder / "prosody.cfg.lua").write_text(configured(server))
        server.start()
        yield server
        server.stop()
