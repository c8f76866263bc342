"""A real Kamailio on loopback with the configuration of the documentation, and telephones played by sipp.

    exchange = Exchange(folder, hook, secret)
    exchange.start()
    exchange.calls("customer.xml", MARTA) -> a process that ends with the call; 0 when it went as the scenario says

Debian packages: kamailio kamailio-utils-modules kamailio-extra-modules sip-tester. The system's own is not touched.
"""

import contextlib
import re
import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.services import stop, wait_for

DOCS = Path(__file__).parent.parent / "docs" / "channels"
PLAYS = Path(__file__).parent / "channels" / "telephones"
PATHS = "/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin"
KAMAILIO, SIPP = shutil.which("kamailio", path=PATHS), shutil.which("sipp", path=PATHS)
PACKAGES = "kamailio kamailio-utils-modules kamailio-extra-modules sip-tester"
needs_exchange = pytest.mark.skipif(not (KAMAILIO and SIPP), reason=f"requires: apt-get install {PACKAGES}")
NUMBER = "+380442223344"  # the shop's own
LIMIT = "60"  # seconds of a play


@dataclass
class Exchange:
    folder: Path
    hook: str
    secret: str
    usual: str = "102"
    port: int = 0
    _processes: list[subprocess.Popen] = field(default_factory=list)

    def start(self) -> None:
        self.port, telephones = datagram_ports(2)
        shutil.copy(DOCS / "kamailio" / "kamailio.cfg", self.folder)
        (self.folder / "settings.cfg").write_text(self._settings(telephones))
        self._play("telephones.xml", telephones)
        log = self.folder / "kamailio.log"
        with log.open("ab") as output:
            words = [str(KAMAILIO), "-DD", "-E", "-m", "16", "-M", "4", "-Y", str(self.folder)]
            words += ["-P", str(self.folder / "pid"), "-f", str(self.folder / "kamailio.cfg")]
            process = subprocess.Popen(words, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
        self._processes.append(process)
        wait_for(lambda: hears(self.port), process, log)

    def calls(self, play: str, caller: str) -> subprocess.Popen:
        return self._play(play, datagram_ports(1)[0], "-key", "caller", caller, "-s", NUMBER, "-m", "1")

    def close(self) -> None:
        for process in reversed(self._processes):
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            stop(process)

    def _play(self, name: str, port: int, *more: str) -> subprocess.Popen:
        where = [f"127.0.0.1:{self.port}"] if more else []
        words = [str(SIPP), *where, "-sf", str(PLAYS / name), "-i", "127.0.0.1", "-p", str(port)]
        words += ["-nostdin", "-timeout", LIMIT, "-timeout_error", "-deadcall_wait", "0", *more]
        with (self.folder / f"{name}.log").open("ab") as output:
            process = subprocess.Popen(words, cwd=self.folder, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
        self._processes.append(process)
        return process

    def _settings(self, telephones: int) -> str:
        """Those of the documentation with our values in their places."""
        text = (DOCS / "kamailio" / "settings.cfg").read_text()
        inner, outer = halves(self.secret)
        values = {"telephones": f"127.0.0.1:{telephones}", "usual": self.usual, "hook": self.hook}
        for name, value in {**values, "inner": inner, "outer": outer}.items():
            text, found = re.subn(rf'(shop\.{name} = )"[^"]*"', rf'\g<1>"{value}"', text)
            assert found == 1, name
        return text.replace("udp:127.0.0.1:5060", f"udp:127.0.0.1:{self.port}")


def halves(secret: str) -> list[str]:
    """The two lines that the command in the documentation prints."""
    page = (DOCS / "kamailio.md").read_text()
    [command] = re.findall(r"python3 -c '(.+?)' whsec_", page, re.DOTALL)
    done = subprocess.run(["python3", "-c", command, secret], capture_output=True, text=True, check=True)
    return re.findall(r'"(.+)" desc', done.stdout)


def datagram_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket(type=socket.SOCK_DGRAM)) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def hears(port: int) -> bool:
    """Whether something answers to SIP there."""
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        probe.settimeout(0.2)
        probe.connect(("127.0.0.1", port))
        mine = probe.getsockname()[1]
        head = f"OPTIONS sip:127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{mine};branch=z9hG4bK1\r\n"
        sides = "From: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:b@127.0.0.1>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n"
        try:
            probe.send(f"{head}{sides}Max-Forwards: 9\r\nContent-Length: 0\r\n\r\n".encode())
            return bool(probe.recv(100))
        except OSError:  # nobody is there yet
            return False
