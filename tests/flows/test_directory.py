"""What the house knows of its inboxes, by many threads at once."""

from prilavok.flows.connect import change_inbox
from prilavok.store import inboxes


async def test_an_inbox_that_two_threads_open_at_once_is_one_inbox(shop):
    inbox = await shop.connect("slip")
    directory = shop.house.directory

    def opened_twice(db):
        row = inboxes.get(db, shop.id, inbox.id)
        return directory._open(db, row), directory._open(db, row)

    directory.forget_all()
    first, second = await shop.house.bus.read(opened_twice)
    assert first.channel is second.channel is directory.known_by_key(inbox.key).channel

    await shop.house.bus.do(change_inbox, shop.id, inbox.id, name="Another")
    third, fourth = await shop.house.bus.read(opened_twice)
    assert (third.name, fourth) == ("Another", third)
    assert third.channel is not first.channel
