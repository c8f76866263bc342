"""Messenger and Instagram, whole: the real connector, the emulated vendor, the real hook between them."""

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from prilavok.channels.base import NeedsOwner, Outbound, Standing, Undeliverable
from prilavok.flows.reply import Author, Draft, reply
from prilavok.simulator import meta
from prilavok.simulator.telegram import Fault
from prilavok.store import jobs
from tests.asking import until
from tests.channels.loopback import Loopback, converse
from tests.simulator.test_lines import Roads

MARTA = "+380671234567"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"
both = pytest.mark.parametrize("platform", ["messenger", "instagram"])
ID = {"messenger": "page_id", "instagram": "account_id"}


class Counter:
    """A shop with one inbox, and Meta behind it."""

    def __init__(self, shop: Any, platform: str) -> None:
        self.shop = shop
        self.platform = platform
        self.roads = Roads({"shop.test": Loopback(shop.app)})
        self.meta = meta.MetaEmulator(
            platform, address="https://graph.test", post=self.roads.post, pace=0.01, now=shop.clock
        )
        self.roads.houses["graph.test"] = Loopback(self.meta)
        shop.house.deliverer.network = self.roads
        shop.house.chores.network = self.roads

    async def connect(self) -> "Counter":
        self.inbox = await self.shop.connect(
            self.platform,
            access_token=meta.TOKEN,
            app_secret=meta.APP_SECRET,
            human_agent=True,
            api_base="https://graph.test",
            **{ID[self.platform]: meta.IDS[self.platform]},
        )
        self.meta.hook = self.shop.house.directory.hook_url(self.inbox.key)
        return self

    async def only(self) -> Any:
        [found] = await until(self.shop.conversations)
        return found

    async def receipt(self, conversation: Any, message: Any, wanted: str) -> Any:
        async def there() -> Any:
            found = await self.shop.message(conversation["id"], message["id"])
            return found if found["receipt"] == wanted else None

        return await until(there)

    async def texts(self, conversation: Any) -> list[str]:
        return [one["text"] for one in await self.shop.messages(conversation["id"])]


@pytest.fixture
def counter(shop, runner, platform):
    made = runner.run(Counter(shop, platform).connect())
    yield made
    runner.run(made.meta.close())


@both
async def test_a_message_is_answered_and_its_ticks_climb(shop, counter, platform):
    said = counter.meta.user_says(MARTA, "Чайник ще є?", name="Марта")
    conversation = await counter.only()
    await until(lambda: said.status == "taken")
    message = await shop.agent_replies(conversation["id"], "Є!")
    await counter.receipt(conversation, message, "delivered" if platform == "messenger" else "sent")
    counter.meta.look(MARTA, open=True)
    await counter.receipt(conversation, message, "read")
    assert await counter.texts(conversation) == ["Чайник ще є?", "Є!"], "our own echo is no second reply"


@both
async def test_a_new_customer_is_asked_for_at_metas_and_one_without_a_name_stays_so(shop, counter, platform):
    counter.meta.user_says(MARTA, "Добрий день", name="Марта Коваль")
    counter.meta.user_says("+380509999999", "Анонімно")

    async def named():
        shop.clock.forward(seconds=2)
        found = {one["contact"]["name"] for one in await shop.conversations()}
        return found if "Марта Коваль" in found else None

    assert await until(named) == {"Марта Коваль", ""}

    async def nothing_waits():
        return not await shop.read(lambda db, _: jobs.any_due(db, shop.clock() + timedelta(days=1)))

    await until(nothing_waits)


@both
async def test_what_the_owner_writes_in_metas_own_inbox_is_shown_and_ends_the_waiting(shop, counter, platform):
    counter.meta.user_says(MARTA, "Де моє замовлення?")
    conversation = await counter.only()
    counter.meta.owner_says(MARTA, "Дивлюся")

    async def answered():
        return (await shop.conversation(conversation["id"]))["waiting_since"] is None

    await until(answered)
    said = (await shop.messages(conversation["id"]))[-1]
    assert (said["text"], said["kind"], said["content"]["elsewhere"]) == ("Дивлюся", "reply", True)


@both
async def test_a_lost_answer_is_settled_by_the_echo_and_the_customer_has_one_message(shop, counter, platform):
    counter.meta.user_says(MARTA, "Ви тут?")
    conversation = await counter.only()
    counter.meta.fail(Fault.DONE_BUT_CUT)
    message = await shop.agent_replies(conversation["id"], "Тут!")

    async def known():
        return (await shop.message(conversation["id"], message["id"]))["receipt"] in {"sent", "delivered"}

    await until(known)
    await counter.meta.knocker.settled()
    assert [one.text for one in counter.meta.chat(MARTA).messages] == ["Ви тут?", "Тут!"]
    assert await shop.outbox("perhaps") == []
    assert len(await shop.messages(conversation["id"])) == 2


@both
async def test_a_reaction_and_its_taking_back(shop, counter, platform):
    counter.meta.user_says(MARTA, "Дякую!")
    conversation = await counter.only()
    await shop.agent_replies(conversation["id"], "Приходьте ще")
    ours = await until(lambda: next((one for one in counter.meta.chat(MARTA).messages if not one.mine), None))
    for emoji, shown in (("❤️", ["❤️"]), ("", [])):
        counter.meta.user_reacts(MARTA, ours.id, emoji)

        async def there(shown=shown):
            content = (await shop.messages(conversation["id"]))[-1]["content"]
            return [one["emoji"] for one in content.get("reactions", ["?"])] == shown if content else False

        await until(there)
    assert (await shop.conversation(conversation["id"]))["waiting_since"] is None


@both
async def test_quick_replies_and_buttons_with_links_come_back_as_pressed(shop, counter, platform):
    counter.meta.user_says(MARTA, "Замовлення 7")
    conversation = await counter.only()
    link = {"text": "Відстежити", "url": "https://shop.test/o/1"}
    for label, more in (("Так", []), ("Ні", [link])):
        draft = Draft(f"Підтвердити? {label}", buttons=[{"text": label, "data": f"o:7:{label}"}, *more])
        agent = Author("agent", shop.staff["agent"].id, "Agent")
        await shop.house.bus.do(reply, shop.id, conversation["id"], agent, draft)

        def arrived(label=label):
            last = counter.meta.chat(MARTA).messages[-1]
            return last if last.buttons and last.buttons[0]["title"] == label else None

        asked = await until(arrived)
        assert asked.template is bool(more)
        counter.meta.user_presses(MARTA, asked.id, f"o:7:{label}")

        async def pressed(label=label):
            last = (await shop.messages(conversation["id"]))[-1]
            return last if last["text"] == label else None

        assert (await until(pressed))["content"]["button"] == f"o:7:{label}"


@both
async def test_after_24_hours_a_person_may_answer_for_a_week_and_a_program_may_not(shop, counter, platform):
    counter.meta.user_says(MARTA, "Коли буде?")
    conversation = await counter.only()
    shop.clock.forward(hours=30)
    message = await shop.agent_replies(conversation["id"], "Завтра")
    await counter.receipt(conversation, message, "delivered" if platform == "messenger" else "sent")
    assert counter.meta.requests[-1].tag == "HUMAN_AGENT"
    machine = Outbound("m", "c", counter.meta.chat(MARTA).id, "Знижки", automatic=True, window_shut=True)
    with pytest.raises(Undeliverable, match="24 hours"):
        await converse(counter.inbox.channel.deliver(machine), counter.roads)
    shop.clock.forward(days=7)
    refused = await shop.ask(
        "POST", f"/api/v1/conversations/{conversation['id']}/messages", {"kind": "reply", "text": "Вже є"}
    )
    assert refused.status == 422
    assert "time" in refused.json()["detail"]


@both
async def test_without_metas_permission_the_week_is_a_day(counter, platform):
    kind = type(counter.inbox.channel)
    bare = kind(msgspec.structs.replace(counter.inbox.channel.config, human_agent=False), counter.inbox.channel.inbox)
    assert counter.inbox.channel.capabilities.person_window_hours == 168
    assert bare.capabilities.person_window_hours is None
    assert dataclasses.replace(bare.capabilities, person_window_hours=168) == kind.capabilities


@both
async def test_a_picture_comes_and_a_picture_goes(shop, counter, platform):
    counter.meta.user_sends_file(MARTA, "photo.png", "image/png", PNG, "Розбита чашка")
    conversation = await counter.only()

    async def fetched():
        [message] = await shop.messages(conversation["id"])
        return message["attachments"][0].get("url")

    shop.clock.forward(seconds=60)
    await until(fetched)
    file = (await shop.ask("POST", "/api/v1/files?name=new.png", body=PNG)).json()
    await shop.agent_replies(conversation["id"], "Ось нова", attachments=[file["id"]])
    gone = await until(lambda: [one for one in counter.meta.chat(MARTA).messages if not one.mine][1:])
    assert gone[0].text == "Ось нова"
    picture = next(one for one in counter.meta.chat(MARTA).messages if not one.mine and one.files)
    assert picture.files[0].data == PNG
    await counter.meta.knocker.settled()
    assert len(await shop.messages(conversation["id"])) == 2


@pytest.mark.parametrize("platform", ["instagram"])
async def test_a_message_that_was_unsent_is_marked_and_a_long_text_goes_in_parts(shop, counter, platform):
    said = counter.meta.user_says(MARTA, "Ой, не те")
    conversation = await counter.only()
    counter.meta.user_deletes(MARTA, said.id)

    async def gone():
        return (await shop.messages(conversation["id"]))[0].get("deleted_at")

    assert await until(gone)
    long = " ".join(["довго"] * 150)
    await shop.agent_replies(conversation["id"], long)
    await until(lambda: len([one for one in counter.meta.chat(MARTA).messages if not one.mine]) == 2)
    parts = [one.text for one in counter.meta.chat(MARTA).messages if not one.mine]
    assert " ".join(parts) == long
    await counter.meta.knocker.settled()
    assert len(await shop.messages(conversation["id"])) == 2


@pytest.mark.parametrize("platform", ["messenger"])
async def test_a_link_brings_its_word_to_a_new_chat_and_to_an_old_one(shop, counter, platform):
    link = counter.inbox.channel.deep_link("kardamon_shop", "Zk3_q9-XyT4a")
    assert link == "https://m.me/kardamon_shop?ref=Zk3_q9-XyT4a"
    counter.meta.user_starts(MARTA, "Zk3_q9-XyT4a", name="Марта")
    await counter.meta.knocker.settled()
    assert await shop.conversations() == [], "who only came has said nothing"
    said = counter.meta.user_says(MARTA, "Доброго дня")
    counter.meta.user_edits(MARTA, said.id, "Добрий день")
    conversation = await counter.only()

    async def edited():
        return (await shop.messages(conversation["id"]))[0]["text"] == "Добрий день"

    await until(edited)


@both
async def test_whoever_blocked_the_shop_is_unreachable_from_then_on(shop, counter, platform):
    counter.meta.user_says(MARTA, "Не пишіть мені")
    conversation = await counter.only()
    counter.meta.user_blocks(MARTA, blocked=True)
    message = await shop.agent_replies(conversation["id"], "Чому?")
    assert "blocked" in (await counter.receipt(conversation, message, "failed"))["reason"]
    [way] = (await shop.conversation(conversation["id"]))["channels"]
    assert not way["can_reply"]


@both
async def test_a_token_that_has_run_out_stops_the_inbox_and_tells_its_owner_what_to_do(shop, counter, platform):
    counter.meta.user_says(MARTA, "Ви тут?")
    conversation = await counter.only()
    counter.meta.token = "another"
    await shop.agent_replies(conversation["id"], "Тут")

    async def paused():
        found = await shop.get(f"/api/v1/inboxes/{counter.inbox.id}")
        return found if found["state"] == "paused" else None

    reason = (await until(paused))["reason"]
    assert "run out" in reason
    assert "new access token" in reason
    with pytest.raises(NeedsOwner):
        await converse(counter.inbox.channel.check(), counter.roads)


@both
async def test_connecting_subscribes_to_what_the_inbox_wants(counter, platform):
    channel = counter.inbox.channel
    counter.meta.token_until = 1795996800
    account = await converse(channel.check(), counter.roads)
    assert (account.name, account.handle) == ("Кардамон", "kardamon_shop")
    assert account.expires_at == datetime(2026, 11, 30, tzinfo=UTC)
    await converse(channel.connect(), counter.roads)
    assert {"messages", channel.wall} <= set(counter.meta.fields)
    quiet = type(channel)(msgspec.structs.replace(channel.config, comments=False), channel.inbox)
    await converse(quiet.connect(), counter.roads)
    assert channel.wall not in counter.meta.fields
    assert quiet.capabilities.comments is None
    assert counter.meta.get_started == ("GET_STARTED" if platform == "messenger" else "")


def to_comment(comment: Any, text: str, **more: Any) -> Outbound:
    return Outbound("01900000-0000-7000-8000-00000000aaaa", "c", comment.person, text, **more)


@both
async def test_a_comment_is_answered_in_public_and_once_in_private(counter, platform):
    comment = counter.meta.user_comments(MARTA, "Скільки коштує?", name="Марта")
    channel = counter.inbox.channel
    sent = await converse(
        channel.deliver(to_comment(comment, "Пишемо вам", public=True, replies_to=comment.id)), counter.roads
    )
    ours = counter.meta.comments[sent.provider_id]
    assert ours.parent == comment.id
    standing = Standing(sent.provider_id, comment.id, comment.person)
    if platform == "messenger":
        await converse(channel.amend(standing, "Пишемо Вам"), counter.roads)
        assert ours.text == "Пишемо Вам"
    await converse(channel.amend(standing, ""), counter.roads)
    assert ours.deleted
    private = to_comment(comment, "1250 грн", private_to=comment.id, window_shut=True)
    await converse(channel.deliver(private), counter.roads)
    assert counter.meta.requests[-1].recipient.comment_id == comment.id
    assert not counter.meta.requests[-1].tag
    assert [one.text for one in counter.meta.chat(MARTA).messages] == ["1250 грн"]
    with pytest.raises(Undeliverable, match="already"):
        await converse(channel.deliver(private), counter.roads)


@both
async def test_comments_are_hidden_shown_and_deleted(counter, platform):
    comment = counter.meta.user_comments(MARTA, "Купуйте в мене дешевше")
    channel = counter.inbox.channel
    assert channel.capabilities.comments.moderates == {"hide", "show", "delete"}
    await converse(channel.moderate("hide", comment.id), counter.roads)
    assert comment.hidden
    await converse(channel.moderate("show", comment.id), counter.roads)
    assert not comment.hidden
    await converse(channel.moderate("delete", comment.id), counter.roads)
    assert comment.deleted
    with pytest.raises(NeedsOwner):
        await converse(channel.moderate("hide", "123"), counter.roads)
    with pytest.raises(Undeliverable):
        await converse(channel.moderate("report", comment.id), counter.roads)


@both
async def test_a_thread_under_a_post_is_a_public_conversation_answered_moderated_and_taken_aside(
    shop, counter, platform
):
    comment = counter.meta.user_comments(MARTA, "Скільки коштує?", name="Марта")
    conversation = await counter.only()
    assert conversation["public"]
    assert (await shop.agent_replies(conversation["id"], "1250 грн"))["content"]["public"]

    def threads():
        return [one.text for one in counter.meta.comments.values() if one.parent == comment.id]

    await until(lambda: threads() == ["1250 грн"])
    counter.meta.owner_comments(comment.id, "І доставка безкоштовна")
    counter.meta.user_comments(MARTA, "Дякую", reply_to=comment.id)

    async def told():
        found = await shop.messages(conversation["id"])
        return found if found[-1]["text"] == "Дякую" else None

    said = await until(told)
    assert [one["text"] for one in said] == ["Скільки коштує?", "1250 грн", "І доставка безкоштовна", "Дякую"]
    assert said[2]["content"]["elsewhere"]
    hidden = await shop.ask("POST", f"/api/v1/messages/{said[0]['id']}/moderate", {"act": "hide"})
    assert hidden.status == 202, hidden
    shop.clock.forward(seconds=2)
    await until(lambda: comment.hidden)
    aside = await shop.ask(
        "POST", f"/api/v1/conversations/{conversation['id']}/private", {"comment_id": said[0]["id"], "text": "Пишемо"}
    )
    assert aside.status == 201, aside
    await until(lambda: [one.text for one in counter.meta.chat(MARTA).messages] == ["Пишемо"])
    assert counter.meta.requests[-1].recipient.comment_id == comment.id
