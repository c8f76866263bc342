"""A real Dovecot and a real Postfix on loopback, once per test run, with their own folders, ports and certificate.

Import the fixtures into a conftest: `from tests.mail_servers import mail_servers`. Postfix delivers into the maildirs
that Dovecot serves, so a mail can go the full circle.
"""

import asyncio
import contextlib
import datetime
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SHOP = "shop@shop.test"
PASSWORD = 'п\'ять "слів" \\'  # nothing a login may stumble over
PLAIN_SHOP, PLAIN_PASSWORD = "plain@shop.test", 'two "words" \\'
ANNA = "anna@customers.test"
USERS = {SHOP: PASSWORD, PLAIN_SHOP: PLAIN_PASSWORD, ANNA: "anna"}

PATH = f"{os.environ['PATH']}:/usr/sbin"
MISSING = [name for name in ("dovecot", "postfix") if shutil.which(name, path=PATH) is None]
needs_mail_servers = pytest.mark.skipif(
    bool(MISSING) or os.geteuid() != 0,
    reason="requires: apt-get install dovecot-imapd postfix (and to run as root)",
)


@dataclass(frozen=True)
class MailServers:
    folder: Path
    imap_port: int
    imaps_port: int
    submission_port: int  # wants a login, knows who exists
    relay_port: int  # takes everything, bounces later
    authority_port: int  # where Dovecot asks whose token it was shown; a test opens it

    @property
    def trusted(self) -> str:
        return Path(self.certificate).read_text()

    @property
    def certificate(self) -> str:
        return str(self.folder / "cert.pem")

    def put(self, raw: bytes, to: str = SHOP, at: datetime.datetime | None = None) -> Path:
        """Drops a mail into the mailbox, as a local delivery does; the path under `new/` is returned."""
        box = self.folder / "mail" / to
        name = f"{time.time_ns()}.{os.getpid()}.{len(os.listdir(box / 'new'))}.test"
        draft = box / "tmp" / name
        draft.write_bytes(raw.replace(b"\r\n", b"\n"))
        os.chown(draft, NOBODY, NOBODY)
        if at is not None:
            os.utime(draft, (at.timestamp(), at.timestamp()))
        return draft.rename(box / "new" / name)

    def empty(self) -> None:
        """Every mailbox as new: another UIDVALIDITY, nothing in it."""
        for user in USERS:
            box = self.folder / "mail" / user
            shutil.rmtree(box, ignore_errors=True)
            make_box(box)

    def number_anew(self, user: str = SHOP) -> None:
        """Dovecot forgets its numbering, as after a restore; the mails stay.

        It would take the present second as the new UIDVALIDITY, which may be the old one.
        """
        numbers = self.folder / "mail" / user / "dovecot-uidlist"
        old = int(numbers.read_text().split()[1].removeprefix("V"))
        for index in numbers.parent.glob("dovecot*"):
            index.unlink()
        numbers.write_text(f"3 V{old + 1} N1 G{secrets.token_hex(16)}\n")
        os.chown(numbers, NOBODY, NOBODY)

    def mails(self, user: str) -> list[bytes]:
        box = self.folder / "mail" / user
        return [path.read_bytes() for part in ("new", "cur") for path in sorted((box / part).iterdir())]


NOBODY = 65534
WHOSE = """
introspection_mode = post
introspection_url = http://127.0.0.1:{port}/introspect
username_attribute = username
active_attribute = active
active_value = true
force_introspection = yes
"""


@pytest.fixture(scope="session")
def mail_servers() -> Iterator[MailServers]:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="prilavok-mail-")))
        folder.chmod(0o755)  # the servers give their rights up; pytest's own folders are for root alone
        servers = MailServers(folder, *free_ports(5))
        make_certificate(folder)
        (folder / "mail").mkdir()
        os.chown(folder / "mail", NOBODY, NOBODY)
        servers.empty()
        (folder / "postfix" / "private").mkdir(parents=True)
        shutil.chown(folder / "postfix" / "private", "postfix")
        users = "\n".join(f"{user}:{{PLAIN}}{password}::::::" for user, password in USERS.items())
        (folder / "users").write_text(users + "\n")
        (folder / "oauth2.conf").write_text(WHOSE.format(port=servers.authority_port))
        stack.enter_context(dovecot(servers))
        stack.enter_context(postfix(servers))
        yield servers


@contextlib.contextmanager
def dovecot(servers: MailServers) -> Iterator[None]:
    folder = servers.folder
    config = folder / "dovecot.conf"
    config.write_text(f"""
base_dir = {folder}/dovecot
state_dir = {folder}/dovecot
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_failure_delay = 0
auth_mechanisms = plain login xoauth2
auth_username_chars =
mail_location = maildir:{folder}/mail/%u
mail_uid = {NOBODY}
mail_gid = {NOBODY}
mailbox_idle_check_interval = 1 s
first_valid_uid = {NOBODY}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=plain username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={NOBODY} gid={NOBODY} home={folder}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {servers.imap_port}
  }}
  inet_listener imaps {{
    port = {servers.imaps_port}
    ssl = yes
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  user = root
  unix_listener {folder}/postfix/private/auth {{
    mode = 0666
  }}
}}
""")
    command, pid = ["dovecot", "-F", "-c", str(config)], folder / "dovecot" / "master.pid"
    with running(command, servers.imap_port, folder / "dovecot.log", pid):
        yield


@contextlib.contextmanager
def postfix(servers: MailServers) -> Iterator[None]:
    folder, config = servers.folder, servers.folder / "postfix-config"
    config.mkdir()
    (folder / "postfix-data").mkdir()
    shutil.chown(folder / "postfix-data", "postfix")
    (config / "boxes").write_text("".join(f"{user} {user}/\n" for user in USERS))
    (config / "main.cf").write_text(f"""
compatibility_level = 3.6
queue_directory = {folder}/postfix
data_directory = {folder}/postfix-data
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
myhostname = mail.shop.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
recipient_delimiter = +
virtual_mailbox_domains = shop.test, customers.test
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = texthash:{config}/boxes
virtual_uid_maps = static:{NOBODY}
virtual_gid_maps = static:{NOBODY}
virtual_minimum_uid = 100
smtpd_reject_unlisted_recipient = no
smtpd_error_sleep_time = 0
in_flow_delay = 0
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination
smtpd_tls_cert_file = {folder}/cert.pem
smtpd_tls_key_file = {folder}/key.pem
smtpd_tls_security_level = may
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
default_transport = error:no mail leaves this machine
relay_transport = error:no mail leaves this machine
""")
    (config / "master.cf").write_text(f"""
127.0.0.1:{servers.submission_port} inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_reject_unlisted_recipient=yes
  -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
127.0.0.1:{servers.relay_port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
""")
    command, pid = ["postfix", "-c", str(config), "start-fg"], folder / "postfix" / "pid" / "master.pid"
    with running(command, servers.relay_port, folder / "postfix.log", pid):
        yield


@contextlib.contextmanager
def running(command: list[str], port: int, log: Path, pid_file: Path) -> Iterator[None]:
    """Starts a server and waits for its port; at the end it is ended by the process id it wrote down."""
    environment = {**os.environ, "PATH": PATH}
    with open(log, "ab") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment)
    try:
        until(lambda: answers(port) or process.poll() is not None, f"{command[0]} on port {port}", seconds=30)
        if process.poll() is not None:
            pytest.fail(f"{command[0]} did not start: {log.read_text()[-2000:]}")
        yield
    finally:
        with contextlib.suppress(ProcessLookupError, FileNotFoundError):
            os.kill(int(pid_file.read_text()), signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(condition: Callable[[], object], what: str, *, seconds: float = 20) -> None:
    """Waits for a condition that nothing announces."""
    pause, deadline = threading.Event(), time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"waited in vain for {what}")
        pause.wait(0.02)


async def eventually(condition: Callable[[], object], what: str, *, seconds: float = 20) -> None:
    """The same without stopping the event loop."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"waited in vain for {what}")
        await asyncio.sleep(0.02)


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def make_box(box: Path) -> None:
    for part in (box, box / "tmp", box / "new", box / "cur"):
        part.mkdir()
        os.chown(part, NOBODY, NOBODY)


def make_certificate(folder: Path) -> None:
    """For `localhost`, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
