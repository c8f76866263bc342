"""From a raw mail to what it means for the shop."""

import uuid

import pytest

from prilavok.channels.base import Receipt, ReceiptCame, Received, Unknown
from prilavok.channels.email.compose import compose
from prilavok.channels.email.threading import reply_address, sign_id
from prilavok.simulator.mail import Fault, bounce
from tests.channels.email.driving import INBOX, KEY, NOW, hook, letter, outbound, shop
from tests.mail_servers import SHOP

CONVERSATION = str(uuid.UUID(int=7))
OURS = sign_id(KEY, "m7", CONVERSATION, "shop.test")
FORGED = sign_id(bytes(32), "m7", CONVERSATION, "shop.test")


def received(raw: bytes, channel=None, **headers: str) -> Received:
    (found,) = (channel or shop()).parse(hook(raw, **headers))
    assert isinstance(found, Received)
    return found


def sent_mail(**fields) -> bytes:
    return compose(outbound(**fields), shop().config, INBOX, NOW).mail


def test_a_customers_mail_becomes_a_message() -> None:
    found = received(
        letter(Message_ID="<1@anna>", From="Анна <Anna@Customers.test>", Cc="boss@x.test, shop+a@shop.test")
    )
    assert (found.provider_id, found.at, found.subject, found.text) == ("1@anna", NOW, "Вопрос", "Когда привезёте?")
    assert (found.sender.address, found.sender.name, found.sender.verified) == ("anna@customers.test", "Анна", False)
    assert found.copies == ("boss@x.test",)
    assert not found.automatic
    assert found.conversation_hint == ""


def test_an_answer_to_our_mail_finds_its_conversation() -> None:
    found = received(letter(Message_ID="<2@anna>", In_Reply_To=f"<{OURS}>", References=f"<1@anna> <{OURS}>"))
    assert found.conversation_hint == CONVERSATION
    assert found.replies_to == (OURS, "1@anna")


def test_it_is_found_through_references_alone_and_through_the_reply_address() -> None:
    assert received(letter(In_Reply_To="<other@x>", References=f"<{OURS}> <other@x>")).conversation_hint == CONVERSATION
    address = reply_address(KEY, SHOP, CONVERSATION)
    assert received(letter(To=f"Лавка <{address}>")).conversation_hint == CONVERSATION
    assert received(letter(To="list@x.test", Delivered_To=address)).conversation_hint == CONVERSATION


def test_a_forged_id_leads_nowhere() -> None:
    assert received(letter(In_Reply_To=f"<{FORGED}>", References=f"<{FORGED}>")).conversation_hint == ""
    assert received(letter(To=reply_address(bytes(32), SHOP, CONVERSATION))).conversation_hint == ""


def test_the_answer_goes_to_reply_to_as_from_the_contact_form_of_a_site() -> None:
    sender = received(letter(From=SHOP, Reply_To="Anna@customers.test")).sender
    assert (sender.address, sender.facts) == ("anna@customers.test", {"from": SHOP})
    assert received(letter(Reply_To=SHOP)).sender.address == "anna@customers.test"


def test_a_mail_without_an_id_gets_one_from_its_content() -> None:
    first, again, other = received(letter("a")), received(letter("a")), received(letter("b"))
    assert first.provider_id == again.provider_id != other.provider_id


def test_a_robots_mail_is_kept_and_marked() -> None:
    assert received(letter("Я в отпуске", Auto_Submitted="auto-replied")).automatic


@pytest.mark.parametrize(
    ("verdict", "proven"),
    [
        ("mx.shop.test; dkim=pass; dmarc=pass (p=none) header.from=customers.test", True),
        ("MX.shop.test 1; spf=pass; dmarc=pass header.from=customers.test", True),
        ("mx.shop.test; dkim=pass; spf=pass", False),
        ('mx.shop.test; dmarc=fail header.from=customers.test; x="dmarc=pass"', False),
        ("mx.shop.test; dmarc=pass header.from=evil.test", False),
        ("mx.evil.test; dmarc=pass header.from=customers.test", False),
    ],
)
def test_only_our_own_servers_verdict_proves_a_sender(verdict: str, proven: bool) -> None:
    channel = shop(authserv_id="mx.shop.test")
    raw = f"Authentication-Results: {verdict}\n".encode() + letter()
    assert received(raw, channel).sender.verified is proven
    assert received(raw).sender.verified is False


def test_a_verdict_below_the_servers_own_is_the_senders_and_counts_for_nothing() -> None:
    own = b"Authentication-Results: mx.shop.test; dmarc=fail header.from=customers.test\n"
    forged = b"Authentication-Results: mx.shop.test; dmarc=pass header.from=customers.test\n"
    assert not received(own + forged + letter(), shop(authserv_id="mx.shop.test")).sender.verified


def test_our_own_mail_coming_back_is_no_message() -> None:
    assert shop().parse(hook(sent_mail(automatic=True))) == (Unknown("own mail"),)
    rewritten = sent_mail().replace(b"Message-ID: <p.", b"Message-ID: <relay.")
    assert shop().parse(hook(rewritten)) == (Unknown("own mail"),)


def test_a_customer_cannot_hide_a_mail_by_a_forged_id() -> None:
    assert received(letter(Message_ID=f"<{FORGED}>", X_Prilavok_Id=f"<{FORGED}>")).text == "Когда привезёте?"


def test_a_bounce_fails_our_message_and_marks_the_address() -> None:
    raw = sent_mail(message_id="m9", address="nobody@customers.test")
    (fate,) = shop().parse(hook(bounce(raw, SHOP, "Nobody@customers.test", Fault.NO_SUCH_USER)))
    assert isinstance(fate, ReceiptCame)
    assert (fate.receipt, fate.message_id, fate.address) == (Receipt.FAILED, "m9", "nobody@customers.test")
    assert fate.address_is_dead
    assert "no such user" in fate.reason


def test_a_full_mailbox_or_a_spam_filter_fails_the_message_but_not_the_address() -> None:
    for answer in ("552 5.2.2 mailbox full", "550 5.7.1 message looks like spam"):
        (fate,) = shop().parse(hook(bounce(sent_mail(), SHOP, "anna@customers.test", answer)))
        assert isinstance(fate, ReceiptCame)
        assert not fate.address_is_dead


def test_a_delay_is_no_failure() -> None:
    (fate,) = shop().parse(hook(bounce(sent_mail(), SHOP, "anna@customers.test", "451 4.7.1 greylisted")))
    assert isinstance(fate, Unknown)
    assert fate.what.startswith("delayed: anna@customers.test")


def test_a_bounce_is_known_even_when_a_relay_has_put_its_own_id() -> None:
    raw = sent_mail(message_id="m9").replace(b"Message-ID: <p.", b"Message-ID: <relay.")
    (fate,) = shop().parse(hook(bounce(raw, SHOP, "anna@customers.test", Fault.NO_SUCH_USER)))
    assert isinstance(fate, ReceiptCame)
    assert fate.message_id == "m9"


def test_nobody_can_kill_an_address_with_an_invented_bounce() -> None:
    raw = b"Message-ID: <" + FORGED.encode() + b">\r\nX-Prilavok-Id: <" + FORGED.encode() + b">\r\n\r\nx\r\n"
    (fate,) = shop().parse(hook(bounce(raw, SHOP, "anna@customers.test", Fault.NO_SUCH_USER)))
    assert isinstance(fate, Unknown)
    assert "did not send" in fate.what


def test_a_complaint_is_counted_and_silences_nobody() -> None:
    raw = (
        b'From: fbl@x.test\nContent-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n'
        b"--b\nContent-Type: text/plain\n\nabuse\n"
        b"--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n\n"
        b"--b\nContent-Type: message/rfc822\n\n" + sent_mail() + b"\n--b--\n"
    )
    (found,) = shop().parse(hook(raw))
    assert isinstance(found, Unknown)
    assert found.what.startswith("complaint")
