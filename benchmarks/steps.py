"""A million plans wait while the due ones are claimed; a hundred thousand orders are told of the same misfortune."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from benchmarks.fill import CONTACT, Dialect, fill
from benchmarks.ground import CACHE
from benchmarks.postgres import copy_of, postgres
from prilavok.app import House, build
from prilavok.desk import connect_inbox, sign_in_link
from prilavok.domain.events import OccasionsArose
from prilavok.domain.facts import Occasion
from prilavok.flows import attempt, circumstances
from prilavok.flows.notify import notify_many
from prilavok.kit.ids import new_id
from prilavok.settings import Settings
from prilavok.store import plans
from prilavok.store.base import is_sqlite, micros
from prilavok.worker.steps import BATCH

ORDER, PLAN = 5, 6  # the third group of the ids that are made here, as in benchmarks.fill
DUE = 20_000  # of the waiting plans are due at once
CLAIMS = 500
PIECE = 1000  # orders planned in one unit of work, as flows/incident does
FIRST = 100
MOMENT = "1790000000000 + n"


def run(database: str, *, waiting: int, affected: int) -> list[dict[str, str]]:
    circumstances.warm()
    with _house(database) as house:
        shop_id = _furnish(house, affected)
        _wait(house, shop_id, waiting)
        return [
            _claims(house, database, waiting),
            _told(house, database, shop_id, affected),
        ]


@contextmanager
def _house(database: str) -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="prilavok-bench-") as folder:
        if database == "sqlite":
            yield from _running(Path(folder), f"sqlite:///{Path(folder) / 'prilavok.db'}")
            return
        with postgres(CACHE / "postgres") as server:
            yield from _running(Path(folder), copy_of(server, "template0", "steps"))


def _running(folder: Path, url: str) -> Iterator[House]:
    house = build(Settings.from_environment({"PRILAVOK_DATABASE_URL": url}, data=folder))
    house.bus.start()
    try:
        yield house
    finally:
        house.bus.stop()
        house.engine.dispose()


def _furnish(house: House, affected: int) -> int:
    """A shop, an inbox, and customers who wrote there; each has an order."""
    sign_in_link(house, "owner@example.com", None)
    told = connect_inbox(house, "api", "Benchmark", [], None, check=False)
    words = dict(line.split(": ", 1) for line in told.splitlines())
    served = house.bus.read_now(house.directory.by_key, words["hook"].rpartition("/")[2])
    assert served is not None
    shop_id = served.shop_id
    fill(house.engine, shop_id, served.id, served.scope, conversations=affected, each=1)
    sql = Dialect(sqlite=is_sqlite(house.engine))
    step = max(1, 30_000_000_000 // affected)
    contact = sql.id(CONTACT, "n", f"(1760000000000 + n * {step})")
    empty = "name email language timezone city address carrier tracking comment wishes_by outcome outcome_by courier"
    now = micros(house.bus.clock())
    statement = (
        f"INSERT INTO orders (shop_id, id, number, status, placed_at, currency, total, paid, payment, method, "
        f"contact_id, phone, country, to_read, urgent, attempts, said_at, last_event_at, created_at, "
        f"{', '.join(empty.split())}) "
        f"SELECT {shop_id}, {sql.id(ORDER, 'n', MOMENT)}, 'A-' || n, 'shipped', {now}, 'UAH', 125000, {sql.no}, 'cod', "
        f"'courier', {contact}, '+380671234567', 'UA', {sql.no}, {sql.no}, 0, {now}, {now}, {now}, "
        f"{', '.join(repr('') for _ in empty.split())} FROM {sql.numbers(affected)}"
    )
    _write(house, statement)
    return shop_id


def _wait(house: House, shop_id: int, waiting: int) -> None:
    """Plans that wait for their hour, some of which has come."""
    sql = Dialect(sqlite=is_sqlite(house.engine))
    now = micros(house.bus.clock())
    due = f"CASE WHEN n < {DUE} THEN {now} - n ELSE {now} + 3600000000 + n * 1000 END"
    columns = "shop_id, id, contact_id, kind, key, stage, purpose, state, occasions, steps, rejected, policy_version"
    statement = (
        f"INSERT INTO plans ({columns}, position, due_at, decided_at) "
        f"SELECT {shop_id}, {sql.id(PLAN, 'n', MOMENT)}, {sql.id(CONTACT, 'n', MOMENT)}, 'shipped', '' || n, "
        f"'delivery', 'transactional', 'waiting', '[]', '[]', '[]', 0, 0, {due}, {now} FROM {sql.numbers(waiting)}"
    )
    _write(house, statement)


def _write(house: House, statement: str) -> None:
    with house.engine.connect() as db:
        db.exec_driver_sql("BEGIN")
        db.execute(text(statement))
        db.exec_driver_sql("COMMIT")
        db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)" if is_sqlite(house.engine) else "VACUUM ANALYZE")


def _claims(house: House, database: str, waiting: int) -> dict[str, str]:
    """Each claim is a unit of work with its commit; the claim alone is measured within it."""
    whole, alone, found = [], [], 0

    def claim(unit):  # type: ignore[no-untyped-def]
        began = time.perf_counter()
        leased = attempt.due(unit, BATCH)
        alone.append(time.perf_counter() - began)
        return leased

    for _ in range(CLAIMS):
        began = time.perf_counter()
        found += len(house.bus.do_and_wait(claim))
        whole.append(time.perf_counter() - began)
    began = time.perf_counter()
    house.bus.read_now(plans.next_due)
    looked = time.perf_counter() - began
    return {
        "database": database,
        "what": f"{waiting:,} waiting, {found:,} claimed, {BATCH} at a time",
        "found": f"claim {_shown(alone)}; with its commit {_shown(whole)}; a look {looked * 1000:.1f} ms",
    }


def _told(house: House, database: str, shop_id: int, affected: int) -> dict[str, str]:
    """Planned in pieces; the first piece is carried out before the next is planned, as a running house does."""
    sql = Dialect(sqlite=is_sqlite(house.engine))
    with house.engine.connect() as db:
        rows = db.execute(text(f"SELECT {sql.id(ORDER, 'n', MOMENT)} FROM {sql.numbers(affected)}"))
        ids = [str(row[0]) for row in rows]
    incident = new_id()
    occasion = Occasion(kind="incident", at=house.bus.clock(), key=incident, urgent=True)
    began, first = time.perf_counter(), 0.0
    place, longest = 0, 0.0
    while place < len(ids):
        piece = ids[place : place + (PIECE if place else FIRST)]
        place += len(piece)
        event = OccasionsArose(shop_id=shop_id, ref_id=incident, order_ids=tuple(piece), occasion=occasion)
        start = time.perf_counter()
        house.bus.do_and_wait(notify_many, event)
        longest = max(longest, time.perf_counter() - start)
        if not first:
            _carry_out(house, shop_id, incident)
            first = time.perf_counter() - began
    took = time.perf_counter() - began
    return {
        "database": database,
        "what": f"{affected:,} orders told of one misfortune",
        "found": f"planned in {took:.1f} s ({affected / took:,.0f}/s), a piece in {longest * 1000:.0f} ms at most; "
        f"the first {BATCH} messages written after {first:.2f} s",
    }


def _carry_out(house: House, shop_id: int, incident: str) -> None:
    """The first plans of the incident are due before everything that waits."""
    with house.engine.connect() as db:
        rows = db.execute(
            text("SELECT id FROM plans WHERE incident_id = :one LIMIT :most"), {"one": incident, "most": BATCH}
        )
        chosen = [str(row[0]) for row in rows]
    until = house.bus.clock() + timedelta(seconds=60)

    def lease(unit):  # type: ignore[no-untyped-def]
        for one in chosen:
            plans.change(unit.db, shop_id, one, {"lease_until": until, "due_at": until})
        attempt.carry_out(unit, shop_id, [attempt.Leased(shop_id, one, until) for one in chosen])

    house.bus.do_and_wait(lease)


def _shown(times: Sequence[float]) -> str:
    ordered = sorted(times)
    return f"p50 {ordered[len(ordered) // 2] * 1000:.1f} ms, p99 {ordered[len(ordered) * 99 // 100] * 1000:.1f} ms"
