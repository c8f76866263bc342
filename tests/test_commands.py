"""The command line, as an operator types it: in a process of its own."""

import asyncio
import json
import os
import signal
import subprocess
import urllib.request

import pytest

from prilavok import desk
from prilavok.domain.errors import BadInput
from tests.house import command, on_postgresql
from tests.services import free_port

pytestmark = pytest.mark.timeout(600)  # every command is a process of its own, and the machine may be busy


@pytest.fixture
def prilavok(tmp_path):
    """Runs a command to its end; gives what it printed. `fails=True` expects a refusal and gives its sentence."""

    def run(*words, fails=False, **environment):
        done = subprocess.run(
            [*command(*words), "--data", str(tmp_path)],
            capture_output=True,
            text=True,
            timeout=240,
            env={**os.environ, "PRILAVOK_PUBLIC_URL": "https://shop.test", **environment},
        )
        assert (done.returncode != 0) is fails, done
        assert "Traceback" not in done.stderr
        return (done.stderr if fails else done.stdout).strip()

    return run


def test_a_new_installation_gets_a_shop_an_owner_a_token_and_an_inbox(prilavok, tmp_path):
    tmp_path.chmod(0o755)
    assert prilavok("shop", "add", "Ковбаска") == "1"
    link = prilavok("owner", "olena@example.org")
    assert link.startswith("https://shop.test/signin/")
    assert len(prilavok("token", "olena@example.org")) >= 43
    made = prilavok("inbox", "add", "api", "--name", "Програма")
    lines = dict(line.split(": ", 1) for line in made.splitlines())
    assert lines["hook"].startswith("https://shop.test/hooks/")
    assert lines["secret"].startswith("whsec_")
    assert lines["id"]
    assert [file.name for file in tmp_path.rglob("*") if file.stat().st_mode & 0o077] == []


def test_what_the_operator_can_mend_is_said_in_one_sentence(prilavok):
    assert "Open a shop first" in prilavok("inbox", "add", "api", "--name", "Програма", fails=True)
    prilavok("shop", "add", "Ковбаска")
    assert "already a shop" in prilavok("shop", "add", "Ковбаска", fails=True)
    assert "Nobody with the address" in prilavok("token", "nobody@example.org", fails=True)
    assert "/nowhere/shop.tar.gz" in prilavok("backup", "/nowhere/shop.tar.gz", fails=True)
    nowhere = prilavok("migrate", fails=True, PRILAVOK_DATABASE_URL="sqlite:////nowhere/shop.db")
    assert "cannot be opened" in nowhere


async def test_what_the_operator_asks_for_is_checked(shop):
    def refused(ask, *words, **more):
        with pytest.raises(BadInput) as said:
            ask(shop.house, *words, **more)
        return said.value.reason

    def all_of_them():
        assert "another owner" in refused(desk.sign_in_link, "thief@example.org", None)
        assert "no shop called" in refused(desk.sign_in_link, "a@example.org", "Інша")
        assert "no channel called" in refused(desk.connect_inbox, "fax", "F", (), None, check=False)
        assert "not key=value" in refused(desk.connect_inbox, "api", "F", ["nonsense"], None, check=False)
        assert "imap_port: Expected" in refused(desk.connect_inbox, "email", "F", ["imap_port=x"], None, check=False)
        assert "not JSON" in refused(desk.connect_inbox, "api", "F", ["secret=[1"], None, check=False)
        assert desk.replay_failed(shop.house, (), None) == "replayed: 0\nfailed: 0"
        assert desk.sign_in_link(shop.house, shop.staff["owner"].email, shop.name).startswith(
            "https://shop.test/signin/"
        )
        made = desk.connect_inbox(shop.house, "api", "Програма", (), str(shop.id), check=False)
        assert "secret: whsec_" in made

    await asyncio.to_thread(all_of_them)


def test_migrating_says_where_the_database_is(prilavok):
    prilavok("migrate")
    prilavok("migrate")
    assert "PRILAVOK_DATABASE_URL" in prilavok("migrate", fails=True, PRILAVOK_DATABASE_URL="nonsense")


def test_a_server_starts_answers_and_stops_when_it_is_told_to(tmp_path):
    port = free_port()
    words = command("serve", "--port", str(port), "--data", str(tmp_path))
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            ready = waits_for(f"http://127.0.0.1:{port}/readyz", server)
            assert json.loads(ready) == {"ok": True}
            server.send_signal(signal.SIGTERM)
            said, _ = server.communicate(timeout=120)
        finally:
            if server.poll() is None:
                server.kill()
    assert server.returncode in {0, -signal.SIGTERM}
    assert "Traceback" not in said
    assert not list(tmp_path.glob("*.db-wal")), "the database was closed"


def test_a_worker_beside_sqlite_is_refused_with_the_reason(prilavok):
    assert "SQLite is for one process" in prilavok("work", fails=True)


@on_postgresql
def test_a_worker_starts_and_stops_when_it_is_told_to(tmp_path, database):
    words = command("work", "--data", str(tmp_path))
    env = {**os.environ, "PRILAVOK_LOG_LEVEL": "debug", "PRILAVOK_DATABASE_URL": database}
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env) as worker:
        try:
            assert worker.stdout is not None
            begun = next((line for line in worker.stdout if "relay" in line), "")
            assert begun, "it says that it is there"
            worker.send_signal(signal.SIGTERM)
            said, _ = worker.communicate(timeout=120)
        finally:
            if worker.poll() is None:
                worker.kill()
    assert worker.returncode == 0
    assert "Traceback" not in said


def waits_for(url, server):
    """The answer, once there is one."""
    for _ in range(1500):
        if server.poll() is not None:
            pytest.fail(f"the server has ended: {server.stdout.read()}")
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.read()
        except OSError:
            try:
                server.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
    pytest.fail("the server does not answer")


def test_a_table_of_orders_is_read_in_from_the_command_line(prilavok, tmp_path):
    table = tmp_path / "orders.csv"
    table.write_text("№ заказа;Сумма;Телефон\n1;10,50;067 123-45-67\n;5;\n2;20;\n", encoding="cp1251")
    assert "Open a shop first" in prilavok("orders", "import", str(table), fails=True)
    prilavok("shop", "add", "Ковбаска")
    assert prilavok("orders", "import", str(table)).splitlines() == [
        "line 3: There is no order number in this line.  ;5;",
        "created: 2  updated: 0  bad: 1",
    ]
    assert prilavok("orders", "import", str(table)).endswith("created: 0  updated: 0  bad: 1")
    assert "There is no file" in prilavok("orders", "import", "nowhere.csv", fails=True)
