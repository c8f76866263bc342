"""SMSC.ru's own rules: whose call it is, and the number that a message goes by."""

from datetime import UTC, datetime

import pytest

from prilavok.channels.base import BadSignature, Hook, Outbound, ReceiptCame
from prilavok.channels.smsc import Smsc, SmscConfig, own_id
from tests.channels.reading import INBOX, form

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
# Vector: sums over "1042:79001234567:1:callback-password".
STATUS = {"id": "1042", "phone": "79001234567", "status": "1"}
SUMS = {"md5": "eba31a2562f3783eff31a662c4f5ea63", "sha1": "8bf06ae267db0bf771ff66c5dafeca96b928d6b2"}


def smsc(word="callback-password"):
    return Smsc(SmscConfig(login="L", password="P", callback_password=word), INBOX)


@pytest.mark.parametrize("sums", [SUMS, {"md5": SUMS["md5"]}, {"sha1": SUMS["sha1"].upper()}])
def test_a_status_is_believed_for_its_sum(sums):
    (came,) = smsc().parse(Hook(form({**STATUS, **sums}), {}, NOW))
    assert isinstance(came, ReceiptCame)
    assert came.provider_id == "1042@79001234567"


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        (STATUS, "callback-password"),
        ({**STATUS, "md5": "", "sha1": ""}, "callback-password"),
        ({**STATUS, **SUMS, "phone": "79007654321"}, "callback-password"),
        ({**STATUS, "md5": SUMS["md5"], "sha1": SUMS["md5"]}, "callback-password"),
        ({**STATUS, **SUMS}, "another-word"),
        ({**STATUS, **SUMS}, ""),
    ],
)
def test_a_status_without_its_sum_is_refused(fields, word):
    with pytest.raises(BadSignature):
        list(smsc(word).parse(Hook(form(fields), {}, NOW)))


@pytest.mark.parametrize("word", ["", "wrong", "callback-password "])
def test_a_customers_text_without_the_word_in_the_address_is_refused(word):
    body = form({"phone": "79001234567", "mes": "Hi", "sms_id": "1"})
    with pytest.raises(BadSignature):
        list(smsc().parse(Hook(body, {}, NOW, query={"k": word})))
    with pytest.raises(BadSignature):
        list(smsc("").parse(Hook(body, {}, NOW, query={"k": ""})))


def test_a_call_may_come_as_a_question_too():
    query = {**STATUS, **SUMS, "k": "whatever"}
    (came,) = smsc().parse(Hook(b"", {}, NOW, query=query, method="GET"))
    assert isinstance(came, ReceiptCame)


def test_our_number_of_a_message_is_the_same_each_time_and_fits_31_bits():
    numbers = [own_id(f"message {n}") for n in range(500)]
    assert numbers == [own_id(f"message {n}") for n in range(500)]
    assert all(0 < one < 2**31 for one in numbers)
    assert len(set(numbers)) == 500


def test_the_password_travels_in_the_body_and_not_in_an_address():
    outbound = Outbound(message_id="1", conversation_id="1", address="+79001234567", text="Привет")
    asked = next(smsc().deliver(outbound))
    assert asked.url == "https://smsc.ru/sys/send.php"
    assert asked.form["psw"] == "P"
    assert asked.form["charset"] == "utf-8"
