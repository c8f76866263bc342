"""Every environment setting in one place. docs/operator/settings.md says what each means for the operator."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "PRILAVOK_"
SHORTEST_KEY = 32  # characters
KEY_FILE = "secret.key"
DEMO_DATA = Path("prilavok-demo")  # the data folder of `prilavok demo`, unless told otherwise
LEVELS = ("debug", "info", "warning", "error")
UNITS = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
SWITCH = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}

Networks = tuple[IPv4Network | IPv6Network, ...]


class BadSetting(Exception):
    """A setting that cannot be used; the text names the variable and what would be right."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{PREFIX}{name.upper()}: {what}")
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the operator decides. The variable of `field` is PRILAVOK_FIELD; sizes are in bytes, times in seconds."""

    data: Path
    secret_key: str = field(repr=False)
    previous_secret_keys: tuple[str, ...] = field(default=(), repr=False)
    database_url: str = field(default="", repr=False)  # empty: SQLite in the data folder
    redis_url: str = field(default="", repr=False)  # empty: one process
    public_url: str = ""  # without a slash at its end
    trusted_networks: Networks = ()
    proxies: Networks = ()
    host: str = "127.0.0.1"
    port: int = 8000
    log_level: str = "info"
    log_json: bool = False
    max_body: int = 25 << 20
    max_file: int = 20 << 20
    body_timeout: float = 30.0
    send_timeout: float = 75.0
    visitors_per_minute: int = 300
    clamd: str = ""  # host:port or the path of a unix socket; empty: files are not scanned
    unchecked_after: float = 0.0  # zero: never

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], **overrides: Any) -> "Settings":
        """Reads and checks all of it; an override that is not None wins. Makes the data folder and, unless a key is
        given, a key file in it. BadSetting when something cannot be used."""
        unknown = overrides.keys() - {each.name for each in fields(cls)}
        if unknown:
            raise TypeError(f"no such setting: {', '.join(sorted(unknown))}")
        values: dict[str, Any] = {}
        for each in fields(cls):
            name = each.name
            given = overrides.get(name)
            if given is None:
                given = environ.get(PREFIX + name.upper(), "").strip()
            if given != "":
                values[name] = READERS[name](name, str(given)) if isinstance(given, str | Path | int) else given
        return cls._complete(values)

    @classmethod
    def _complete(cls, values: dict[str, Any]) -> "Settings":
        data = values.setdefault("data", Path("data").absolute())
        make_folder(data)
        values["secret_key"] = values.get("secret_key") or key_from_file(data)
        values.setdefault("database_url", f"sqlite:///{data / 'prilavok.db'}")
        port = values.get("port", 8000)
        values.setdefault("public_url", f"http://{in_url(values.get('host', '127.0.0.1'))}:{port}")
        return cls(**values)


def make_folder(data: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BadSetting("data", f"the folder {data} cannot be made ({error.strerror})") from error
    if not os.access(data, os.W_OK | os.X_OK):
        raise BadSetting("data", f"the folder {data} cannot be written to")


def key_from_file(data: Path) -> str:
    """The installation's own key, made at the first start. Two processes that start at once end up with one key."""
    path = data / KEY_FILE
    try:
        if not path.exists():
            make_key_file(path)
    except OSError as error:
        raise BadSetting("data", f"the key file {path} cannot be made ({error.strerror})") from error
    try:
        key = path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting("data", f"the key file {path} cannot be read") from error
    if len(key) < SHORTEST_KEY:
        raise BadSetting("data", f"the key file {path} holds fewer than {SHORTEST_KEY} characters: was it cut off?")
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    return key


def make_key_file(path: Path) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        # A link, for it fails where a rename would replace: when another process was first, its key counts.
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


def in_url(host: str) -> str:
    """The host as a person on this machine would type it."""
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104  it is compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def a_folder(name: str, text: str) -> Path:
    del name
    return Path(text).expanduser().absolute()


def a_key(name: str, text: str) -> str:
    if len(text) < SHORTEST_KEY:
        raise BadSetting(name, f"at least {SHORTEST_KEY} characters, better made by `openssl rand -base64 48`")
    if len(set(text)) < 8:
        raise BadSetting(name, "the same few characters over and over are no secret")
    return text


def keys(name: str, text: str) -> tuple[str, ...]:
    return tuple(a_key(name, each) for each in text.replace(",", " ").split())


def a_database(name: str, text: str) -> str:
    """SQLAlchemy's spelling, with the driver that we use."""
    scheme, mark, rest = text.partition("://")
    if not mark or scheme not in {"sqlite", "postgres", "postgresql", "postgresql+psycopg"}:
        raise BadSetting(name, "sqlite:///FOLDER/FILE or postgresql://USER:PASSWORD@HOST/NAME")
    return text if scheme == "sqlite" else f"postgresql+psycopg://{rest}"


def a_redis(name: str, text: str) -> str:
    if text.partition("://")[0] not in {"redis", "rediss", "unix"}:
        raise BadSetting(name, "redis://HOST:PORT/NUMBER, rediss:// with TLS, or unix:///PATH")
    return text


def a_site(name: str, text: str) -> str:
    wrong = BadSetting(name, "the address under which customers reach this server, e.g. https://chat.example.com")
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise wrong
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise BadSetting(name, "only the scheme and the host: a path in front is not supported")
    return f"{parts.scheme}://{parts.netloc}"


def networks(name: str, text: str) -> Networks:
    try:
        return tuple(ip_network(each) for each in text.replace(",", " ").split())
    except ValueError as error:
        raise BadSetting(name, f"networks such as 127.0.0.0/8, 10.1.2.3, fd00::/8, by commas ({error})") from error


def a_host(name: str, text: str) -> str:
    if any(sign in text for sign in "/@ "):
        raise BadSetting(name, "an address of this machine to listen on, e.g. 127.0.0.1 or 0.0.0.0")
    return text.strip("[]")


def a_daemon(name: str, text: str) -> str:
    host, _, port = text.rpartition(":")
    if not text.startswith("/") and not (host and port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise BadSetting(name, "HOST:PORT, or the path of a unix socket that begins with /")
    return text


def a_port(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise BadSetting(name, "a number from 0 to 65535")
    return int(text)


def a_level(name: str, text: str) -> str:
    if text.lower() not in LEVELS:
        raise BadSetting(name, f"one of {', '.join(LEVELS)}")
    return text.lower()


def a_switch(name: str, text: str) -> bool:
    if text.lower() not in SWITCH:
        raise BadSetting(name, "1 or 0")
    return SWITCH[text.lower()]


def a_count(name: str, text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 10_000_000:
        raise BadSetting(name, f"“{text}” is not a whole number above zero")
    return int(text)


def a_size(name: str, text: str) -> int:
    digits, unit = (text[:-1], text[-1].lower()) if text[-1].lower() in UNITS else (text, "")
    if not digits.isascii() or not digits.isdigit() or not int(digits):
        raise BadSetting(name, "a number of bytes above zero, or with a unit: 512k, 25m, 1g")
    return int(digits) * UNITS.get(unit, 1)


def seconds(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= 86400:
        raise BadSetting(name, "seconds, above 0 and at most 86400")
    return number


READERS: Mapping[str, Any] = {
    "data": a_folder,
    "secret_key": a_key,
    "previous_secret_keys": keys,
    "database_url": a_database,
    "redis_url": a_redis,
    "public_url": a_site,
    "trusted_networks": networks,
    "proxies": networks,
    "host": a_host,
    "port": a_port,
    "log_level": a_level,
    "log_json": a_switch,
    "max_body": a_size,
    "max_file": a_size,
    "body_timeout": seconds,
    "send_timeout": seconds,
    "visitors_per_minute": a_count,
    "clamd": a_daemon,
    "unchecked_after": seconds,
}
