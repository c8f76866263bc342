import pytest

from prilavok.domain.optout import opted


@pytest.mark.parametrize(
    "text", ["STOP", "Стоп!", " стоп. ", "ОТПИСКА", "Відписатися", "unsubscribe", "«Стоп»", "Stop  all"]
)
def test_a_customer_who_says_stop_wants_no_more_texts(text):
    assert opted(text) is False


@pytest.mark.parametrize("text", ["START", "старт", "Підписатися"])
def test_start_lets_us_in_again(text):
    assert opted(text) is True


@pytest.mark.parametrize(
    "text",
    ["", "да", "cancel", "end", "стоп, а где заказ?", "Остановите доставку", "please stop by at 6", "1", "стоп" * 20],
)
def test_whatever_answers_another_question_is_no_wish(text):
    assert opted(text) is None
