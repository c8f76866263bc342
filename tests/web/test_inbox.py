"""Lists, searches, counts, repeated requests: what an agent's screen is drawn from."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.house import on_both

ONCE = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


async def leaf(shop, query, limit):
    """Every page of a list, one after the other."""
    found, cursor = [], ""
    for _ in range(100):
        page = await shop.get(f"/api/v1/conversations?limit={limit}&cursor={cursor}&{query}")
        assert len(page["items"]) <= limit
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found
    raise AssertionError("the list does not end")


@on_both
def test_leafing_through_a_list_shows_everything_once_and_those_who_wait_first(shop):
    async def fill():
        at = shop.clock() - timedelta(days=2)
        for n in range(14):
            taken = await shop.customer_writes(f"{n}", who=f"who-{n}", at=at + timedelta(minutes=n // 3))
            if n % 3 == 0:
                await shop.agent_replies(taken.conversation_id)

    shop.run(fill())

    @ONCE
    @given(st.integers(1, 20))
    def any_limit(limit):
        found = shop.run(leaf(shop, "", limit))
        assert len({one["id"] for one in found}) == len(found) == 14
        waiting = [one["waiting_since"] for one in found]
        assert waiting == sorted(filter(None, waiting)) + [None] * 5
        rest = [one["last_message"]["at"] for one in found if not one["waiting_since"]]
        assert rest == sorted(rest, reverse=True)

    any_limit()


@on_both
async def test_who_writes_while_one_leafs_moves_nobody_out_of_sight(shop):
    for n in range(9):
        await shop.customer_writes(f"{n}", who=f"who-{n}")
    first = await shop.get("/api/v1/conversations?limit=4")
    await shop.customer_writes("нове", who="new")
    await shop.arrange(first["items"][0]["id"], status="closed")
    rest = await shop.get(f"/api/v1/conversations?limit=50&cursor={first['next']}")
    names = [one["contact"]["name"] for one in first["items"] + rest["items"]]
    assert names == [f"Who-{n}" for n in range(9)] + ["New"]


@on_both
async def test_lists_are_filtered_and_counted(shop):
    mine, theirs, nobodys, done = [(await shop.customer_writes(who=who)).conversation_id for who in "абвг"]
    await shop.arrange(mine, assignee_id=shop.staff["owner"].id, tags=["терміново", "пальто"])
    await shop.arrange(theirs, assignee_id=shop.staff["agent"].id, tags=["пальто"])
    await shop.arrange(done, status="closed")

    async def ids(query):
        return {one["id"] for one in await shop.conversations(query)}

    assert await ids("") == {mine, theirs, nobodys}
    assert await ids("?assignee=me") == {mine}
    assert await ids("?assignee=none") == {nobodys}
    assert await ids(f"?assignee={shop.staff['agent'].id}") == {theirs}
    assert await ids("?status=closed") == {done}
    assert await ids("?status=snoozed") == set()
    assert await ids(f"?tag={quote('пальто')}") == {mine, theirs}
    assert await ids(f"?tag={quote('терміново')}&assignee=none") == set()
    assert await ids(f"?inbox={shop.post.id}") == {mine, theirs, nobodys}
    counts = await shop.get("/api/v1/conversations/counts")
    assert counts["open"] == {"mine": 1, "unassigned": 1, "all": 3}
    assert counts["closed"] == {"mine": 0, "unassigned": 1, "all": 1}
    tags = await shop.get("/api/v1/tags")
    assert tags["items"] == [{"tag": "пальто", "count": 2}, {"tag": "терміново", "count": 1}]
    for wrong in ("?status=nonsense", "?assignee=nonsense", "?inbox=1", "?cursor=nonsense", "?limit=-1"):
        assert (await shop.ask("GET", f"/api/v1/conversations{wrong}")).status == 422


@on_both
async def test_conversations_are_found_by_name_number_address_and_words(shop):
    olena = await shop.customer_writes("Чи є СИНЯ сукня?", who="olena@example.org")
    ihor = await shop.customer_writes("100% бавовна_", who="ihor")

    async def found(words):
        return {one["id"] for one in await shop.conversations(f"?q={quote(words)}")}

    for words in ("olena", "OLENA@EXAMPLE", "синя", "сукн", "#1", "1"):
        assert await found(words) == {olena.conversation_id}, words
    for words in ("100%", "_", "Ihor", "бавовна"):
        assert await found(words) == {ihor.conversation_id}, words
    for words in ("%", "немає", "\0", "'", "\\"):
        assert await found(words) <= {ihor.conversation_id}, words


@on_both
async def test_the_same_request_twice_makes_one_message(shop):
    taken = await shop.customer_writes("Привіт")
    url = f"/api/v1/conversations/{taken.conversation_id}/messages"
    key = {"idempotency-key": "k1"}
    first = await shop.ask("POST", url, {"kind": "reply", "text": "Так"}, headers=key)
    again = await shop.ask("POST", url, {"kind": "reply", "text": "Так"}, headers=key)
    assert first.status == again.status == 201
    assert first.json()["id"] == again.json()["id"]
    other = await shop.ask("POST", url, {"kind": "reply", "text": "Ні"}, headers=key)
    assert other.status == 409
    colleague = await shop.ask("POST", url, {"kind": "reply", "text": "Ні"}, headers=key, role="agent")
    assert colleague.status == 201
    assert len(await shop.messages(taken.conversation_id)) == 3


@on_both
async def test_a_draft_is_kept_for_each_colleague_and_gone_when_it_was_sent(shop):
    taken = await shop.customer_writes("Привіт")
    url = f"/api/v1/conversations/{taken.conversation_id}/draft"
    assert (await shop.ask("GET", url)).status == 204
    assert (await shop.ask("PUT", url, {"text": "Вже\0", "kind": "note"})).status == 204
    assert (await shop.get(url))["kind"] == "note"
    assert (await shop.ask("GET", url, role="agent")).status == 204
    await shop.agent_replies(taken.conversation_id)
    assert (await shop.ask("GET", url)).status == 204


@on_both
async def test_a_reply_with_a_number_beyond_the_last_does_not_hide_what_comes(shop):
    taken = await shop.customer_writes("1")
    url = f"/api/v1/conversations/{taken.conversation_id}/read"
    assert (await shop.ask("POST", url, {"seq": 2**62})).status == 204
    assert not (await shop.conversation(taken.conversation_id))["unread"]
    await shop.customer_writes("2")
    assert (await shop.conversation(taken.conversation_id))["unread"]


@on_both
async def test_a_snooze_ends_by_itself_and_may_last_to_the_end_of_the_calendar(shop):
    from prilavok.flows import arrange

    taken = await shop.customer_writes("Привіт")
    url = f"/api/v1/conversations/{taken.conversation_id}"
    never = {"status": "snoozed", "snoozed_until": "9999-12-31T23:59:59-12:00"}
    assert (await shop.ask("PATCH", url, never)).status == 200
    assert len(await shop.conversations("?status=snoozed")) == 1
    for wrong in ("2001-01-01T00:00:00Z", "2040-01-01T00:00:00", None, 5):
        assert (await shop.ask("PATCH", url, {"status": "snoozed", "snoozed_until": wrong})).status == 422
    soon = (shop.clock() + timedelta(hours=1)).isoformat()
    await shop.arrange(taken.conversation_id, status="snoozed", snoozed_until=soon)
    await shop.house.bus.do(arrange.wake)
    assert (await shop.conversation(taken.conversation_id))["status"] == "snoozed"
    shop.clock.forward(hours=2)
    await shop.house.bus.do(arrange.wake)
    assert (await shop.conversation(taken.conversation_id))["status"] == "open"
    lines = [
        one["content"]["event"]["what"] for one in await shop.messages(taken.conversation_id) if one["kind"] == "event"
    ]
    assert lines[-2:] == ["snoozed", "woke"] or lines[-1] == "woke"


@pytest.mark.parametrize("field", ["status", "priority", "tags", "assignee_id", "subject"])
async def test_a_change_that_is_none_leaves_no_line(shop, field):
    taken = await shop.customer_writes("Привіт")
    now = {"status": "open", "priority": "normal", "tags": [], "assignee_id": None, "subject": ""}
    await shop.arrange(taken.conversation_id, **{field: now[field]})
    assert len(await shop.messages(taken.conversation_id)) == 1
