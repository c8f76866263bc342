import re
import stat
import threading
from dataclasses import fields
from ipaddress import ip_network
from pathlib import Path

import pytest

from prilavok import settings as module
from prilavok.settings import BadSetting, Settings

DOCUMENT = Path(__file__).parents[1] / "docs" / "operator" / "settings.md"
KEY = "a-long-enough-key-of-forty-three-characters"


def read(tmp_path, **environ):
    return Settings.from_environment({"PRILAVOK_DATA": str(tmp_path)} | environ)


def test_every_setting_is_documented_and_nothing_else_is():
    documented = set(re.findall(r"^\| `(PRILAVOK_\w+)`", DOCUMENT.read_text(), re.MULTILINE))
    assert documented == {"PRILAVOK_" + each.name.upper() for each in fields(Settings)}


def test_every_setting_has_a_reader():
    assert set(module.READERS) == {each.name for each in fields(Settings)}


def test_without_any_setting_all_lies_in_one_folder_and_only_this_machine_is_served(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_environment({})
    assert settings.data == tmp_path / "data"
    assert settings.database_url == f"sqlite:///{tmp_path}/data/prilavok.db"
    assert (settings.host, settings.port, settings.public_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert settings.redis_url == ""
    assert settings.trusted_networks == ()


def test_the_key_is_made_once_and_only_its_owner_can_read_it(tmp_path):
    first = read(tmp_path).secret_key
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert read(tmp_path).secret_key == first


def test_processes_that_start_at_once_agree_on_one_key(tmp_path):
    seen: list[str] = []
    threads = [threading.Thread(target=lambda: seen.append(read(tmp_path).secret_key)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert len(set(seen)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_a_key_file_open_to_others_is_closed(tmp_path):
    path = tmp_path / "secret.key"
    path.write_text(KEY)
    path.chmod(0o644)
    assert read(tmp_path).secret_key == KEY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_file_that_was_cut_off_stops_the_start(tmp_path):
    (tmp_path / "secret.key").write_text("short")
    with pytest.raises(BadSetting, match="cut off"):
        read(tmp_path)


def test_a_given_key_makes_no_file(tmp_path):
    assert read(tmp_path, PRILAVOK_SECRET_KEY=KEY).secret_key == KEY
    assert not (tmp_path / "secret.key").exists()


def test_secrets_do_not_show_when_settings_are_printed(tmp_path):
    settings = read(
        tmp_path,
        PRILAVOK_SECRET_KEY=KEY,
        PRILAVOK_PREVIOUS_SECRET_KEYS="previous-" + KEY,
        PRILAVOK_DATABASE_URL="postgresql://shop:opensesame@db/shop",
        PRILAVOK_REDIS_URL="redis://:opensesame@cache",
    )
    assert KEY not in repr(settings)
    assert "opensesame" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SECRET_KEY", "too short"),
        ("SECRET_KEY", "a" * 64),
        ("PREVIOUS_SECRET_KEYS", f"{KEY} short"),
        ("DATABASE_URL", "mysql://root@localhost/shop"),
        ("DATABASE_URL", "shop.db"),
        ("REDIS_URL", "localhost:6379"),
        ("PUBLIC_URL", "chat.example.com"),
        ("PUBLIC_URL", "ftp://chat.example.com"),
        ("PUBLIC_URL", "https://chat.example.com/prilavok"),
        ("PUBLIC_URL", "https://user@chat.example.com"),
        ("PUBLIC_URL", "https://chat.example.com:port"),
        ("TRUSTED_NETWORKS", "localhost"),
        ("TRUSTED_NETWORKS", "10.0.0.1/8"),
        ("PROXIES", "300.0.0.0/8"),
        ("HOST", "http://0.0.0.0"),
        ("PORT", "eighty"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("LOG_LEVEL", "loud"),
        ("LOG_JSON", "perhaps"),
        ("MAX_BODY", "0"),
        ("MAX_BODY", "lots"),
        ("MAX_FILE", "-5m"),
        ("BODY_TIMEOUT", "nan"),
        ("BODY_TIMEOUT", "soon"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path, name, text):
    with pytest.raises(BadSetting, match=rf"^PRILAVOK_{name}: "):
        read(tmp_path, **{"PRILAVOK_" + name: text})


def test_a_refused_secret_is_not_repeated_in_the_error(tmp_path):
    with pytest.raises(BadSetting) as refusal:
        read(tmp_path, PRILAVOK_SECRET_KEY="opensesame")
    assert "opensesame" not in str(refusal.value)


def test_settings_are_read_as_they_are_usually_written(tmp_path):
    settings = read(
        tmp_path,
        PRILAVOK_DATABASE_URL="postgres://shop@db/shop",
        PRILAVOK_PUBLIC_URL="https://chat.example.com/",
        PRILAVOK_TRUSTED_NETWORKS="127.0.0.0/8, fd00::/8 10.1.2.3",
        PRILAVOK_MAX_BODY="2M",
        PRILAVOK_LOG_JSON="yes",
        PRILAVOK_LOG_LEVEL="DEBUG",
        PRILAVOK_HOST="[::1]",
        PRILAVOK_BODY_TIMEOUT="2.5",
    )
    assert settings.database_url == "postgresql+psycopg://shop@db/shop"
    assert settings.public_url == "https://chat.example.com"
    assert settings.trusted_networks == (ip_network("127.0.0.0/8"), ip_network("fd00::/8"), ip_network("10.1.2.3/32"))
    assert (settings.max_body, settings.log_json, settings.log_level) == (2 << 20, True, "debug")
    assert (settings.host, settings.body_timeout) == ("::1", 2.5)


def test_what_the_command_line_says_wins_and_an_empty_variable_is_none(tmp_path):
    environ = {"PRILAVOK_PORT": "9000", "PRILAVOK_HOST": "", "PRILAVOK_DATA": "/nowhere"}
    settings = Settings.from_environment(environ, port=9100, data=tmp_path, host=None)
    assert (settings.port, settings.host, settings.data) == (9100, "127.0.0.1", tmp_path)
    assert settings.public_url == "http://127.0.0.1:9100"
    with pytest.raises(BadSetting, match="PRILAVOK_PORT"):
        Settings.from_environment(environ, port=99999, data=tmp_path)
    with pytest.raises(TypeError, match="no such setting: prot"):
        Settings.from_environment(environ, prot=1)


def test_every_interface_is_reached_from_this_machine_by_a_name_that_works(tmp_path):
    assert read(tmp_path, PRILAVOK_HOST="0.0.0.0").public_url == "http://127.0.0.1:8000"
    assert read(tmp_path, PRILAVOK_HOST="::1").public_url == "http://[::1]:8000"


def test_a_data_folder_that_cannot_be_made_stops_the_start(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSetting, match=r"^PRILAVOK_DATA: "):
        read(tmp_path / "file")
