"""What agents see of a reply: the new words, not the history, not the signature."""

from collections import Counter

import pytest

from prilavok.channels.email.quotes import Cut, cut_mail
from prilavok.channels.email.understand import understand
from tests.channels.mail_corpus import samples
from tests.channels.mail_hard import ATTRIBUTIONS, BLOCKS, DEVICES, KEPT_WHOLE, WHOLE_MAILS, Q
from tests.channels.mail_html import HTML_MAILS

REPLY = "Да, всё верно."
EARLIER = "Здравствуйте!\nПодтвердите, пожалуйста, адрес доставки."
NEEDS_A_QUOTE = ("Цитирую", "Магазин Лампа пишет:", "Вы писали")


def cut(text: str, author: str = "") -> Cut:
    """Of a mail without markup."""
    return cut_mail(text, "", author=author)[1]


def test_replies_of_every_mail_program_are_cut_exactly():
    right: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    wrong = []
    for sample in samples():
        exact = understand(sample.raw).visible_text == sample.reply
        seen[sample.form] += 1
        right[sample.form] += exact
        if not exact:
            wrong.append(sample.key)
    shares = {form: right[form] / seen[form] for form in seen}
    print("exact replies:", shares)
    assert sum(seen.values()) >= 200
    assert all(share >= 0.97 for share in shares.values()), (shares, wrong)


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_attribution_begins_the_history(attribution: str):
    assert cut(f"{REPLY}\n\n{attribution}\n{Q}").visible == REPLY
    assert cut(f"{attribution}\n{Q}\n{REPLY}").visible == REPLY
    if not any(words in attribution for words in NEEDS_A_QUOTE):
        assert cut(f"{REPLY}\n\n{attribution}\n\n{EARLIER}").visible == REPLY


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_of_headers_begins_the_history(block: str):
    assert cut(f"{REPLY}\n\n{block}\n\n{EARLIER}").visible == REPLY


@pytest.mark.parametrize("device", DEVICES)
def test_a_telephones_advertisement_is_folded(device: str):
    assert cut(f"{REPLY}\n\n{device}").visible == REPLY
    assert cut(f"{REPLY}\n\n{device}\n\n{ATTRIBUTIONS[0]}\n{Q}").visible == REPLY


@pytest.mark.parametrize("text", KEPT_WHOLE)
def test_content_that_looks_like_a_quote_or_a_signature_stays(text: str):
    assert cut(text, author="Иван Петров").visible == text
    assert cut(f"{text}\n\n{ATTRIBUTIONS[0]}\n{Q}", author="Иван Петров").visible == text


@pytest.mark.parametrize(("name", "text", "visible"), WHOLE_MAILS, ids=[one[0] for one in WHOLE_MAILS])
def test_difficult_mails_show_what_was_written_this_time(name: str, text: str, visible: str):
    assert cut(text, author="Иван Петров").visible == visible


@pytest.mark.parametrize(("name", "markup", "visible"), HTML_MAILS, ids=[one[0] for one in HTML_MAILS])
def test_markup_of_mail_programs_is_understood(name: str, markup: str, visible: str):
    assert cut_mail("", markup)[1].visible == visible


def test_answers_between_quotes_keep_the_dialogue_under_the_fold():
    seen = cut("> What colour?\n\nWhite.\n\n> When?\n\nOn Friday.")
    assert seen.visible == "White.\n\nOn Friday."
    assert seen.interleaved
    assert "> What colour?" in seen.folded
    assert "White." in seen.folded


def test_nothing_of_a_mail_is_lost_by_folding():
    for sample in samples():
        mail = understand(sample.raw)
        shown = mail.visible_text.split() + mail.folded.split()
        assert Counter(mail.text.split()) - Counter(shown) == Counter()


def test_the_markup_helps_where_the_text_does_not_show_the_history():
    plain = "Жду.\n\nЗдравствуйте, ваш заказ принят."
    markup = '<div>Жду.</div><div class="yahoo_quoted"><div>Здравствуйте, ваш заказ принят.</div></div>'
    whole, cut = cut_mail(plain, markup)
    assert whole == plain
    assert cut.visible == "Жду."
    assert cut.folded == "Здравствуйте, ваш заказ принят."
