"""Matrix, whole: the real connector and the emulated homeserver. Against a real one: tests/channels/matrix."""

import pytest

from prilavok.channels.matrix import Matrix, MatrixConfig
from prilavok.channels.transport import perform
from prilavok.simulator.matrix import SERVER, TOKEN, USER, MatrixEmulator
from prilavok.simulator.messenger import Messenger
from prilavok.simulator.telegram import Fault
from tests.asking import until
from tests.channels.loopback import Loopback
from tests.channels.reading import INBOX

MARTA = "+380671234567"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"
SETTINGS = {"user": USER, "token": TOKEN, "api_base": f"https://{SERVER}"}


@pytest.fixture
def matrix(shop, runner):
    emulator = MatrixEmulator(address=f"https://{SERVER}", now=shop.clock)
    house = shop.house
    house.deliverer.network = house.chores.network = house.listeners.network = Loopback(emulator)

    async def connect():
        account = await perform(Matrix(MatrixConfig(**SETTINGS), INBOX).check(), Loopback(emulator))
        assert account.handle == USER
        await shop.connect("matrix", **SETTINGS)
        await until(lambda: any("/sync" in one.url for one in house.listeners.network.sent))

    runner.run(connect())
    messenger: Messenger = emulator
    yield messenger
    runner.run(emulator.close())


async def only(shop):
    [found] = await until(shop.conversations)
    return found


async def test_an_invitation_is_accepted_and_words_go_both_ways(shop, matrix):
    matrix.user_starts(MARTA, name="Марта")
    said = matrix.user_says(MARTA, "Де моє замовлення?")
    conversation = await only(shop)
    assert (conversation["contact"]["name"], conversation["last_message"]["text"]) == ("Марта", "Де моє замовлення?")
    assert said.status == "taken"
    message = await shop.agent_replies(conversation["id"], "Вже їде.")
    await until(lambda: len(matrix.talk(MARTA).bubbles) == 2)
    matrix.look(MARTA, open=True)

    async def read():
        return (await shop.message(conversation["id"], message["id"]))["receipt"] == "read"

    await until(read)


async def test_edits_deletions_and_files_arrive(shop, matrix):
    said = matrix.user_says(MARTA, "Замовлення 7")
    conversation = await only(shop)
    matrix.user_edits(MARTA, said.id, "Замовлення 8")
    matrix.user_sends_file(MARTA, "photo.png", "image/png", PNG, "Розбита")

    async def both():
        shop.clock.forward(seconds=60)
        found = await shop.messages(conversation["id"])
        return found if len(found) == 2 and found[1]["attachments"][0].get("url") else None

    first, second = await until(both)
    assert (first["text"], second["text"]) == ("Замовлення 8", "Розбита")
    matrix.user_deletes(MARTA, said.id)

    async def gone():
        return (await shop.messages(conversation["id"]))[0].get("deleted_at")

    assert await until(gone)


async def test_a_reply_whose_answer_got_lost_is_there_once(shop, matrix):
    matrix.user_says(MARTA, "Ви тут?")
    conversation = await only(shop)
    matrix.fail(Fault.DONE_BUT_CUT)
    message = await shop.agent_replies(conversation["id"], "Тут!")

    async def sent():
        shop.clock.forward(seconds=5)
        return (await shop.message(conversation["id"], message["id"]))["receipt"] == "sent"

    await until(sent)
    assert [one.text for one in matrix.talk(MARTA).bubbles] == ["Ви тут?", "Тут!"]
