"""Out through Postfix, back through Dovecot."""

from email import message_from_bytes, policy

from prilavok.channels.base import Receipt, ReceiptCame, Received
from tests.channels.email.driving import drive, hook, in_loop, letter, listening, outbound, shop
from tests.mail_servers import ANNA, MailServers, eventually, needs_mail_servers


@needs_mail_servers
@in_loop
async def test_a_mail_to_nobody_comes_back_as_the_failed_receipt_of_our_message(mail_servers: MailServers) -> None:
    mail_servers.empty()
    channel = shop(imap_port=mail_servers.imap_port, smtp_port=mail_servers.relay_port)
    account = await drive(channel.check())
    sent = await drive(channel.send(outbound(message_id="m42", address="nobody@customers.test")))
    async with listening(channel, account.cursor) as following:
        (fate,) = channel.parse((await following()).hook)
    assert isinstance(fate, ReceiptCame)
    assert (fate.receipt, fate.message_id, fate.provider_id) == (Receipt.FAILED, "m42", sent.provider_id)
    assert (fate.address, fate.address_is_dead) == ("nobody@customers.test", True)


@needs_mail_servers
@in_loop
async def test_an_answer_comes_back_to_its_conversation_even_when_the_thread_is_lost(mail_servers: MailServers) -> None:
    mail_servers.empty()
    channel = shop(imap_port=mail_servers.imap_port, smtp_port=mail_servers.relay_port, plus_addresses=True)
    account = await drive(channel.check())
    await drive(channel.send(outbound(conversation_id="c42")))
    await eventually(lambda: mail_servers.mails(ANNA), "the mail at Anna's")
    reply_to = message_from_bytes(mail_servers.mails(ANNA)[0], policy=policy.default)["Reply-To"]

    anna = shop(address=ANNA, smtp_port=mail_servers.relay_port)
    await drive(anna.send(outbound(address=reply_to.addresses[0].addr_spec, text="Жду")))
    async with listening(channel, account.cursor) as following:
        polled = await following()
    # Anna's side is played by the same connector, whose mark would make it our own mail.
    (received,) = channel.parse(
        hook(
            polled.hook.body.replace(b"\r\nX-Prilavok-Id: <p.", b"\r\nX-Other: <").replace(
                b"\r\nMessage-ID: <p.", b"\r\nMessage-ID: <"
            )
        )
    )
    assert isinstance(received, Received)
    assert (received.text, received.conversation_hint) == ("Жду", "c42")


@needs_mail_servers
@in_loop
async def test_our_own_mail_in_our_own_mailbox_starts_no_talk_with_ourselves(mail_servers: MailServers) -> None:
    mail_servers.empty()
    channel = shop(imap_port=mail_servers.imap_port, smtp_port=mail_servers.relay_port)
    account = await drive(channel.check())
    await drive(channel.send(outbound(address=channel.config.address)))
    mail_servers.put(letter("после"))
    async with listening(channel, account.cursor) as following:
        found = [found for _ in range(2) for found in channel.parse((await following()).hook)]
    assert sorted(type(one).__name__ for one in found) == ["Received", "Unknown"]
