"""A table of orders is read in: with progress, with a report, and on after a restart."""

import pytest

from prilavok.flows.take import importing
from prilavok.store import imports
from prilavok.worker.importing import Importer
from tests.asking import until
from tests.house import on_both

HEAD = "order,date,total,name,phone\n"


@pytest.fixture
def house(open_house):
    """Without its own workers: the test reads in by itself."""
    return open_house(work=False)


def table(count, first=1):
    return HEAD + "".join(
        f"N{number},2026-11-01,10,Олена,+3806712345{number % 100:02}\n" for number in range(first, count + 1)
    )


async def upload(shop, text, name="orders.csv"):
    answer = await shop.ask("POST", f"/api/v1/imports?name={name}", body=text.encode())
    assert answer.status == 201, answer
    return answer.json()


async def read_in(shop, made, process="p"):
    importer = Importer(shop.house.bus, shop.house.folder, process)
    row = await shop.house.bus.do(importing.claim_import, process, shop.id, made["id"])
    if row is not None:
        await importer.read_in(row)
    return row


@on_both
async def test_a_table_is_read_in_with_a_report_of_its_bad_lines(shop):
    made = await upload(shop, table(45) + "N46,сьогодні,10,x,y\nN1,2026-11-01,11,Олена,\n")
    assert (made["state"], made["total"], made["done"], made["name"]) == ("waiting", 48, 0, "orders.csv")
    await read_in(shop, made)
    seen = await shop.get(f"/api/v1/imports/{made['id']}")
    assert (seen["state"], seen["done"], seen["created"], seen["updated"]) == ("done", 48, 45, 1)
    assert seen["bad"] == [
        {"line": 47, "reason": "“сьогодні” is no date.", "text": "N46,сьогодні,10,x,y"},
    ]
    assert len((await shop.get("/api/v1/orders?limit=100"))["items"]) == 45
    assert not shop.house.folder.path(shop.id, made["id"]).exists()
    again = await upload(shop, table(45))
    await read_in(shop, again)
    seen = await shop.get(f"/api/v1/imports/{again['id']}")
    assert seen["created"] == 0


@on_both
async def test_an_import_goes_on_where_it_was_when_the_process_died(shop):
    made = await upload(shop, table(50))
    importer = Importer(shop.house.bus, shop.house.folder, "first")
    row = await shop.house.bus.do(importing.claim_import, "first")
    steps = []
    do = shop.house.bus.do

    async def dies(flow, *args, **kwargs):
        if flow is importing.step and len(steps) == 1:
            raise KeyError("the process is gone")
        steps.append(flow)
        return await do(flow, *args, **kwargs)

    living = {"read": shop.house.bus.read, "world": shop.house.bus.world}
    importer.bus = type("Bus", (), {"do": staticmethod(dies), **living})()
    with pytest.raises(KeyError):
        await importer.read_in(row)
    assert (await shop.get(f"/api/v1/imports/{made['id']}"))["done"] == 21
    assert await read_in(shop, made, "second") is None, "somebody may still be at it"
    shop.clock.forward(minutes=2)
    await read_in(shop, made, "second")
    seen = await shop.get(f"/api/v1/imports/{made['id']}")
    assert (seen["state"], seen["created"], seen["updated"]) == ("done", 50, 0)


async def test_an_import_can_be_stopped_and_what_was_read_stays(shop):
    made = await upload(shop, table(30))
    process = "p"
    await shop.house.bus.do(importing.claim_import, process)
    answer = await shop.ask("POST", f"/api/v1/imports/{made['id']}/stop")
    assert answer.json()["state"] == "stopped"
    assert await shop.house.bus.do(importing.step, process, shop.id, made["id"], []) is False
    assert (await shop.ask("POST", f"/api/v1/imports/{made['id']}/stop")).status == 409


async def test_what_is_no_table_is_refused_at_once_and_leaves_nothing(shop):
    for body, words in ((b"", "empty"), (b"\x89PNG\r\n\x1a\n", "number"), (b"a;b\n1;2\n", "number")):
        answer = await shop.ask("POST", "/api/v1/imports?name=x.csv", body=body)
        assert (answer.status, words in answer.json()["detail"]) == (422, True), answer
    assert (await shop.get("/api/v1/imports"))["items"] == []
    assert [path for path in shop.house.folder.root.rglob("*") if path.is_file()] == []


async def test_an_import_whose_file_is_gone_says_so(shop):
    made = await upload(shop, table(3))
    shop.house.folder.path(shop.id, made["id"]).unlink()
    await read_in(shop, made)
    seen = await shop.get(f"/api/v1/imports/{made['id']}")
    assert (seen["state"], seen["bad"][0]["reason"]) == ("failed", "The file is not on this server's disk.")


@on_both
def test_a_house_with_its_workers_reads_in_by_itself(shop, open_house):
    made = shop.run(upload(shop, table(25)))
    open_house()
    shop.run(until(lambda: finished(shop, made)))
    assert len(shop.run(shop.get("/api/v1/orders?limit=100"))["items"]) == 25


async def finished(shop, made):
    row = await shop.read(imports.get, made["id"])
    return row["state"] == "done"


async def test_the_imports_of_another_shop_are_not_there(shop, other_shop):
    made = await upload(other_shop, table(3))
    assert (await shop.ask("GET", f"/api/v1/imports/{made['id']}")).status == 404
    assert (await shop.ask("POST", f"/api/v1/imports/{made['id']}/stop")).status == 404
    assert (await shop.get("/api/v1/imports"))["items"] == []
    assert (await shop.ask("POST", "/api/v1/imports", role="agent", body=b"x")).status == 403
