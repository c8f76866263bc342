"""What is infected stays locked away. The scanner is a real clamd that knows one made-up signature."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from prilavok.app import House
from prilavok.domain.scan import Checked, without_verdict
from prilavok.kit.clamd import CHUNK, Clamd, Unavailable, Verdict, read_answer
from tests.asking import until
from tests.house import Shop
from tests.virus_scanner import NAME, VIRUS, VirusScanner, virus_scanner

__all__ = ["virus_scanner"]
NOBODY = "127.0.0.1:9"
MEBIBYTE = 1024 * 1024


@pytest.fixture
def guarded(open_house: Callable[..., House], runner: Any, clock: Any, loft: Any, virus_scanner: VirusScanner) -> Shop:
    return runner.run(Shop.open(open_house(clamd=virus_scanner.address), "Ковбаска", runner, clock))


@pytest.fixture
def forsaken(open_house: Callable[..., House], runner: Any, clock: Any, loft: Any) -> Shop:
    """A shop whose scanner is away; it waits ten minutes for it."""
    return runner.run(Shop.open(open_house(clamd=NOBODY, unchecked_after=600.0), "Ковбаска", runner, clock))


async def sends_a_file(shop: Shop, data: bytes, name: str = "рахунок.pdf") -> str:
    taken = await shop.customer_writes("Ось рахунок.", attachments=[{"name": name, "type": "text/plain", "data": data}])
    return str(taken.conversation_id)


async def the_file(shop: Shop, conversation: str, checked: str) -> Any:
    async def there() -> Any:
        [message] = [one for one in await shop.messages(conversation) if one["direction"] == "inbound"]
        [file] = message["attachments"]
        return file if file.get("checked", "") == checked else None

    return await until(there)


async def test_an_infected_file_is_locked_away_and_everybody_is_told(guarded: Shop) -> None:
    conversation = await sends_a_file(guarded, VIRUS)
    file = await the_file(guarded, conversation, "infected")
    assert file.get("url") is None
    answer = await guarded.ask("GET", f"/files/{file['id']}/x")
    assert answer.status == 403
    assert NAME in answer.json()["detail"]
    lines = [one["content"]["event"] for one in await guarded.messages(conversation) if one["kind"] == "event"]
    assert [line for line in lines if line["what"] == "infected"] == [
        {"what": "infected", "file": "рахунок.pdf", "virus": f"{NAME}.UNOFFICIAL"}
    ]


async def test_a_clean_file_opens_at_once_and_carries_no_mark(guarded: Shop) -> None:
    conversation = await sends_a_file(guarded, b"nothing to see here")
    file = await the_file(guarded, conversation, "")
    assert (await guarded.ask("GET", file["url"])).body == b"nothing to see here"
    assert (await the_file(guarded, conversation, ""))["url"]


async def test_an_agent_cannot_attach_a_virus(guarded: Shop) -> None:
    answer = await guarded.ask("POST", "/api/v1/files?name=gift.txt", body=VIRUS)
    assert answer.status == 422
    assert "virus" in answer.json()["detail"]


async def test_while_the_scanner_is_away_files_wait_and_then_open_unchecked(forsaken: Shop) -> None:
    conversation = await sends_a_file(forsaken, VIRUS)
    file = await the_file(forsaken, conversation, "waiting")
    answer = await forsaken.ask("GET", f"/files/{file['id']}/x")
    assert (answer.status, answer.headers["retry-after"]) == (423, "10")
    forsaken.clock.forward(minutes=11)

    async def opens() -> bool:  # a look that began before may still say: wait
        return (await forsaken.ask("GET", f"/files/{file['id']}/x")).status == 200

    await until(opens)
    assert (await the_file(forsaken, conversation, "unchecked"))["url"]


async def test_a_reply_waits_with_its_file_for_the_scanner(forsaken: Shop, loft: Any) -> None:
    taken = await forsaken.customer_writes("Фото є?")
    uploaded = (await forsaken.ask("POST", "/api/v1/files?name=photo.txt", body=b"sausage")).json()
    reply = await forsaken.agent_replies(taken.conversation_id, attachments=[uploaded["id"]])

    async def waits() -> Any:
        found = await forsaken.outbox()
        return found if found and "virus scanner" in found[0]["reason"] else None

    await until(waits)
    assert (await forsaken.message(taken.conversation_id, reply["id"]))["receipt"] == "accepted"


async def test_the_socket_of_the_scanner_serves_as_well_as_its_port(
    virus_scanner: VirusScanner, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(VIRUS)
    assert (await Clamd(str(virus_scanner.socket)).scan(tmp_path / "file")).virus == f"{NAME}.UNOFFICIAL"


async def test_a_file_past_the_scanners_own_limit_gets_no_verdict(virus_scanner: VirusScanner, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(bytes(4 * MEBIBYTE))
    with pytest.raises(Unavailable):
        await Clamd(virus_scanner.address).scan(tmp_path / "file")


async def test_a_film_of_200_megabytes_goes_to_the_scanner_piece_by_piece(tmp_path: Path) -> None:
    swallowed = 0

    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal swallowed
        await reader.readuntil(b"\0")
        while length := int.from_bytes(await reader.readexactly(4)):
            swallowed += len(await reader.readexactly(length))
        writer.write(b"stream: OK\0")
        await writer.drain()
        writer.close()

    with (tmp_path / "film").open("wb") as film:
        film.truncate(200 * MEBIBYTE)
    pieces: list[int] = []
    async with await asyncio.start_server(swallow, "127.0.0.1", 0) as server:
        address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        assert (await Clamd(address, sent=pieces.append).scan(tmp_path / "film")).clean
    assert swallowed == 200 * MEBIBYTE
    assert (max(pieces), len(pieces)) == (CHUNK, 200 * MEBIBYTE // CHUNK)


@pytest.mark.parametrize(
    ("line", "verdict"), [(b"stream: OK\0", Verdict("")), (b"stream: Eicar-Test FOUND\0", Verdict("Eicar-Test"))]
)
def test_the_scanners_answer_is_read(line: bytes, verdict: Verdict) -> None:
    assert read_answer(line) == verdict


@pytest.mark.parametrize("line", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"OK\0 or not", b"\xff\xfe\0"])
def test_whatever_else_it_says_is_no_verdict(line: bytes) -> None:
    with pytest.raises(Unavailable):
        read_answer(line)


def test_without_a_patience_a_file_waits_for_ever(clock: Any) -> None:
    came = clock.now
    assert without_verdict(came, came + timedelta(days=365), None) is Checked.WAITING
    assert without_verdict(came, came + timedelta(hours=1), timedelta(hours=1)) is Checked.UNCHECKED
