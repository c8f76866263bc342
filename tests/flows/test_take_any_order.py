"""Events in any order, some of them twice: the order ends up the same."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prilavok.domain.order import Happened
from prilavok.flows.take import take
from prilavok.store import orders as store
from tests.ordering import event, news, order

KINDS = [kind.value for kind in Happened if kind is not Happened.PLACED]
ROWS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 40), st.sampled_from(["", "", "a"])), min_size=1, max_size=6
)


def test_the_order_of_news_and_its_repetition_change_nothing(shop):
    seen = iter(range(10_000))
    settled = settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )

    @settled
    @given(ROWS, st.data())
    def any_order(rows, data):
        shuffled = data.draw(st.permutations(rows + data.draw(st.lists(st.sampled_from(rows), max_size=3))))
        straight = shop.run(outcome(shop, str(next(seen)), [rows]))
        together = shop.run(outcome(shop, str(next(seen)), [shuffled]))
        one_by_one = shop.run(outcome(shop, str(next(seen)), [[one] for one in shuffled]))
        assert straight == together == one_by_one

    any_order()


async def outcome(shop, name, parts):
    """Everything in one commit: what is asked is the order of the news, not the pace of the disk."""
    placed = shop.clock.now.replace(hour=6, minute=0, second=0, microsecond=0) - timedelta(days=3)

    def tell(unit):
        made = take(unit, shop.id, "api", news(order(name, at=placed)), quiet=True)
        for rows in parts:
            events = [event(kind, placed + timedelta(hours=hours), key) for kind, hours, key in rows]
            take(unit, shop.id, "api", news(*events, external_id=name), quiet=True)
        row, events = store.get(unit.db, shop.id, made.order_id), store.events_of(unit.db, shop.id, made.order_id)
        standing = (row["status"], row["paid"], row["last_event_at"], row["attempts"])
        return standing, sorted((one["kind"], one["key"], one["at"]) for one in events)

    return await shop.house.bus.do(tell)
