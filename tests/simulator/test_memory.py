"""What emulated vendors remember outlives a restart: chats stay on the telephone, and new words are new to the shop."""

from datetime import UTC, datetime

import pytest

from prilavok.simulator.memory import Memory
from prilavok.simulator.street import EVERY, Street

OLGA = "+380671234567"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def opened(runner, tmp_path):
    """A street that remembers what stood in it, again and again."""
    streets = []

    def opening():
        street = Street("http://127.0.0.1:9", lambda kind: "", lambda: NOW, EVERY)
        streets.append(street)
        memory = Memory(tmp_path / "simulator", street.vendors)
        memory.recall()
        return street, memory

    yield opening
    for street in streets:
        runner.run(street.close())


def speak(app, number):
    if "aloud" in app.messenger.can:
        app.messenger.user_reviews(OLGA, 5, f"Слово {number}", name="Ольга")
    else:
        app.messenger.user_says(OLGA, f"Слово {number}", name="Ольга")


@pytest.mark.parametrize("kind", [line.kind for line in EVERY if line.title])
async def test_every_application_shows_its_chat_again_and_numbers_go_on(opened, kind):
    ids = []
    for number in (1, 2):
        street, memory = opened()
        app = street.apps().apps[kind]
        speak(app, number)
        memory.keep()
        bubbles = app.messenger.talk(OLGA, "Ольга").bubbles
        ids.append([one.id for one in bubbles if one.text == f"Слово {number}"])
        assert len(ids[-1]) == 1
    assert "Слово 1" in [one.text for one in bubbles]
    assert ids[0] != ids[1]


@pytest.mark.parametrize("kind", ["smsc", "smpp"])
async def test_every_sender_of_texts_shows_its_thread_again_and_numbers_go_on(opened, kind):
    ids = []
    for number in (1, 2):
        street, memory = opened()
        sender = street.sim_card().texts[kind]
        ids.append(sender.user_texts(OLGA, f"Слово {number}").id)
        memory.keep()
    assert [one.text for one in sender.thread(OLGA).messages] == ["Слово 1", "Слово 2"]
    assert ids[0] != ids[1]


async def test_what_another_version_or_a_stranger_wrote_is_begun_anew(opened, tmp_path):
    street, memory = opened()
    street.apps().apps["vk"].messenger.user_says(OLGA, "Слово 1")
    memory.keep()
    (tmp_path / "simulator" / "vk.memory").write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    street, _ = opened()
    assert not street.apps().apps["vk"].messenger.talk(OLGA).bubbles
