"""A shop with a history, written by the database itself: a million messages in well under a minute."""

from sqlalchemy import Engine, text

from prilavok.store.base import is_sqlite

FAR = 1 << 52  # as in domain.conversation.rank
FIRST = 1_760_000_000_000  # milliseconds: when the history begins
CONTACT, IDENTITY, CONVERSATION, MESSAGE = 1, 2, 3, 4  # the third group of the ids that are made here
WORDS = "Добрий день, де моє замовлення? Обіцяли привезти вчора до обіду."


def fill(engine: Engine, shop_id: int, inbox_id: str, scope: str, *, conversations: int, each: int) -> None:
    """`each` messages in every conversation; two in a hundred conversations are open, one in a hundred is snoozed."""
    step = max(1, 30_000_000_000 // (conversations * each))  # milliseconds between two messages: about a year in all
    sql = Dialect(sqlite=is_sqlite(engine))
    first, last = f"({FIRST} + n * {each * step})", f"({FIRST} + (n * {each} + {each - 1}) * {step})"
    common = {"shop": shop_id, "inbox": inbox_id, "scope": scope}
    waits = "(n % 100) < 2"
    statements = {
        f"INSERT INTO contacts (shop_id, id, name, language, timezone, country, created_at) "
        f"SELECT :shop, {sql.id(CONTACT, 'n', first)}, 'Customer ' || n, 'uk', '', '', {first} * 1000 "
        f"FROM {sql.numbers(conversations)}",
        f"INSERT INTO identities (shop_id, id, contact_id, channel, inbox_id, scope, address, display, verified, "
        f"reachable, reason, last_at, last_seq, created_at) "
        f"SELECT :shop, {sql.id(IDENTITY, 'n', first)}, {sql.id(CONTACT, 'n', first)}, 'api', {sql.inbox}, :scope, "
        f"'c' || n, 'Customer ' || n, {sql.no}, {sql.yes}, '', {last} * 1000, {each}, {first} * 1000 "
        f"FROM {sql.numbers(conversations)}",
        f"INSERT INTO conversations (shop_id, id, number, contact_id, inbox_id, reply_inbox_id, reply_identity_id, "
        f"thread, subject, public, status, priority, waiting_since, snoozed_until, rank, last_seq, seen_seq, "
        f"last_text, last_at, last_direction, last_kind, last_inbox_id, created_at) "
        f"SELECT :shop, {sql.id(CONVERSATION, 'n', first)}, n + 1, {sql.id(CONTACT, 'n', first)}, {sql.inbox}, "
        f"{sql.inbox}, {sql.id(IDENTITY, 'n', first)}, '', '', {sql.no}, "
        f"CASE WHEN {waits} THEN 'open' WHEN n % 100 = 2 THEN 'snoozed' ELSE 'closed' END, 'normal', "
        f"CASE WHEN {waits} THEN {last} * 1000 END, CASE WHEN n % 100 = 2 THEN 4000000000000000 END, "
        f"CASE WHEN {waits} THEN {last} ELSE {FAR} - {last} END, {each}, {each}, '{WORDS}', {last} * 1000, "
        f"'inbound', 'message', {sql.inbox}, {first} * 1000 FROM {sql.numbers(conversations)}",
        f"INSERT INTO messages (shop_id, id, conversation_id, seq, kind, direction, inbox_id, identity_id, "
        f"identity_seq, provider_id, author_kind, author_name, text, at, created_at, receipt, automatic) "
        f"SELECT :shop, {sql.id(MESSAGE, 'm', 'at')}, {sql.id(CONVERSATION, 'n', first)}, seq, "
        f"CASE WHEN seq % 2 = 1 THEN 'message' ELSE 'reply' END, "
        f"CASE WHEN seq % 2 = 1 THEN 'inbound' ELSE 'outbound' END, {sql.inbox}, {sql.id(IDENTITY, 'n', first)}, seq, "
        f"'m' || m, CASE WHEN seq % 2 = 1 THEN 'contact' ELSE 'agent' END, 'Customer ' || n, '{WORDS} ' || m, "
        f"at * 1000, at * 1000, 'delivered', {sql.no} "
        f"FROM (SELECT n AS m, n / {each} AS n, n % {each} + 1 AS seq, {FIRST} + n * {step} AS at "
        f"FROM {sql.numbers(conversations * each)}) AS history",
        f"INSERT INTO counters (shop_id, name, value) VALUES (:shop, 'conversation', {conversations}) "
        f"ON CONFLICT (shop_id, name) DO UPDATE SET value = {conversations}",
    }
    with engine.connect() as db:
        db.exec_driver_sql("BEGIN")
        for statement in sorted(statements, key=lambda one: "INTO messages" in one):
            db.execute(text(statement), common)
        db.exec_driver_sql("COMMIT")
        db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)" if sql.sqlite else "VACUUM ANALYZE")


def conversation_id(number: int, *, conversations: int, each: int) -> str:
    """The id of one of them, as the database made it."""
    step = max(1, 30_000_000_000 // (conversations * each))
    moment = FIRST + number * each * step
    return f"{moment >> 16:08x}-{moment & 0xFFFF:04x}-7{CONVERSATION:03x}-8000-{number:012x}"


class Dialect:
    def __init__(self, *, sqlite: bool) -> None:
        self.sqlite = sqlite
        self.inbox = ":inbox" if sqlite else "CAST(:inbox AS uuid)"
        self.yes, self.no = ("1", "0") if sqlite else ("true", "false")

    def numbers(self, count: int) -> str:
        """A table `numbers` with the column n: 0, 1, 2 ..."""
        if not self.sqlite:
            return f"(SELECT CAST(n AS bigint) AS n FROM generate_series(0, {count - 1}) AS n) AS numbers"
        # The WITH inside keeps the statement a plain INSERT ... SELECT.
        counted = (
            f"WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < {count - 1}) SELECT n FROM c"
        )
        return f"({counted}) AS numbers"

    def id(self, kind: int, number: str, moment: str) -> str:
        """A UUIDv7 of that millisecond."""
        if self.sqlite:
            return f"printf('%08x-%04x-7{kind:03x}-8000-%012x', {moment} >> 16, {moment} & 65535, {number})"
        head = f"lpad(to_hex(({moment}) >> 16), 8, '0') || lpad(to_hex(({moment}) & 65535), 4, '0')"
        return f"CAST({head} || '7{kind:03x}8000' || lpad(to_hex({number}), 12, '0') AS uuid)"
