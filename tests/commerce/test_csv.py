"""Tables of orders, as shops export them."""

import io
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prilavok.commerce import csv
from prilavok.domain.errors import BadInput
from prilavok.domain.order import Happened

PLACE = csv.Place(ZoneInfo("Europe/Kyiv"), "UAH", datetime(2026, 11, 20, 12, tzinfo=UTC))


def read(text, encoding="utf-8", **more):
    file = io.BytesIO(text if isinstance(text, bytes) else text.encode(encoding))
    return list(csv.read(file, csv.look(file), PLACE, **more))


def orders(text, encoding="utf-8"):
    return [one.news.order for one in read(text, encoding) if one.news is not None]


def bad(text):
    return [(each.line, each.reason) for one in read(text) for each in one.bad]


UKRAINIAN = """Номер замовлення;Дата;Сума;Покупець;Телефон;Ел. пошта;Місто;Коментар;Статус;Оплата
A-1;20.11.2026 09:30;1 250,50 грн;Олена;067 123-45-67;o@example.org;Київ;не дзвоніть;Відправлено;Готівка при отриманні
"""
RUSSIAN = "№ заказа\tДата создания\tИтого\tФИО\tТелефон\n7\t2026-11-20\t990\tИван\t+79161234567\n"
ENGLISH = 'Order,Created At,Total,Customer name,Phone\r\n"#10","2026-11-20T10:00:00Z","1,250.00","Doe, John",555\r\n'


def test_a_ukrainian_table_with_semicolons_is_understood():
    [one] = read(UKRAINIAN)
    given = one.news.order
    assert (given.number, given.total, given.buyer.name, given.comment) == (
        "A-1",
        Decimal("1250.50"),
        "Олена",
        "не дзвоніть",
    )
    assert given.placed_at == datetime(2026, 11, 20, 7, 30, tzinfo=UTC), "the shop's own time"
    assert (given.currency, given.payment, given.city) == ("UAH", "cod", "Київ")
    assert [event.kind for event in one.news.events] == [Happened.SHIPPED]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_the_encoding_is_found_out(encoding):
    assert [one.buyer.name for one in orders(UKRAINIAN, encoding)] == ["Олена"]


@pytest.mark.parametrize(("text", "name"), [(RUSSIAN, "Иван"), (ENGLISH, "Doe, John"), (UKRAINIAN, "Олена")])
def test_the_delimiter_and_the_heads_are_found_out(text, name):
    assert [one.buyer.name for one in orders(text)] == [name]


def test_an_encoding_that_shows_late_is_found_out_too():
    text = "order,total,name\n" + "1,1,John\n" * 300_000 + "2,1,Олена\n"
    file = io.BytesIO(text.encode("cp1251"))
    table = csv.look(file)
    assert (table.encoding, table.lines) == ("cp1251", 300_002)


def test_lines_under_one_number_are_one_orders_items():
    text = "order,total,product,sku,qty,price\n1,30,Tea,t,2,10\n1,,Cup,c,1,10\n2,5,Bag,b,0.5,10\n"
    first, second = orders(text)
    assert [(item.name, item.quantity) for item in first.items] == [("Tea", 2), ("Cup", 1)]
    assert first.total == 30
    assert [(item.name, item.quantity, item.price) for item in second.items] == [("Bag × 0.5", 1, Decimal("5.0"))]


def test_a_sum_that_is_missing_is_added_up():
    [one] = orders("order,product,qty,price\n1,Tea,3,10.50\n")
    assert one.total == Decimal("31.50")


@pytest.mark.parametrize(
    ("text", "sum_"),
    [
        ("1 250,00", "1250.00"),
        ("1\xa0250,5", "1250.5"),
        ("1,250.00", "1250.00"),
        ("1.250,00", "1250.00"),
        ("1,250,000", "1250000"),
        ("₴1250", "1250"),
        ("1250 грн.", "1250"),
        ("-5,00", "-5.00"),
        ("0", "0"),
    ],
)
def test_sums_are_read_as_people_write_them(text, sum_):
    assert csv.money(text) == Decimal(sum_)


@pytest.mark.parametrize("text", ["1e400", "2 x 50", "12 грн 50 коп", "сто", "1-2", "NaN"])
def test_a_sum_that_may_be_something_else_is_refused(text):
    with pytest.raises(BadInput, match="no sum"):
        csv.money(text)


def test_bad_lines_are_named_with_their_reason_and_hide_no_others():
    text = (
        "order,date,total\n1,2026-11-20,10\n,2026-11-20,10\n3,32.13.2026,10\n4,2026-11-20,ten\n5,2026-11-20,\n\n"
        "6,2026-11-20,7\n"
    )
    assert bad(text) == [
        (3, "There is no order number in this line."),
        (4, "“32.13.2026” is no date."),
        (5, "“ten” is no sum."),
        (6, "There is no sum in this line."),
    ]
    assert [one.number for one in orders(text)] == ["1", "6"]
    strange = [(2, "“many” is no quantity."), (3, "“-1” is no quantity.")]
    assert bad("order,total,product,qty\n1,10,Tea,many\n2,10,Tea,-1\n") == strange


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (b"PK\x03\x04workbook", "Excel"),
        ("a,b\n1,2\n", "number"),
        ("order,name\n1,x\n", "sum"),
        ("\n\n\n", "number"),
    ],
)
def test_what_is_no_table_of_orders_is_refused(text, words):
    with pytest.raises(BadInput, match=words):
        read(text)


def test_a_quotation_mark_that_nobody_closes_hides_no_order_in_silence():
    several = 'order,total,comment\n1,5,"two\nlines"\n2,5,ok\n3,5,"from here\n4,5,ok\n5,5,ok\n'
    assert [one.number for one in orders(several)] == ["1", "2"]
    [(line, reason)] = bad(several)
    assert line == 5
    assert "up to line 7" in reason
    [(line, reason)] = bad('order,total,comment\n1,5,"' + "long " * 30_000 + "\n2,5,ok\n")
    assert (line, "not closed" in reason) == (2, True)


def test_a_currency_is_read_as_tables_write_it():
    given = orders("order,total,currency\n1,5,грн.\n2,5,usd\n3,5,\n")
    assert [one.currency for one in given] == ["UAH", "usd", "UAH"]


def test_a_state_that_we_do_not_know_is_never_guessed():
    text = "order,total,status\n1,1,на розгляді у космосі\n2,1,Отменён\n"
    assert [[event.kind for event in one.news.events] for one in read(text)] == [[], [Happened.CANCELLED]]


def test_reading_goes_on_after_a_line():
    text = "order,total\n" + "".join(f"{number},1\n" for number in range(10))
    all_lines = read(text)
    assert [one.news.order.number for one in read(text, after=all_lines[4].line)] == ["5", "6", "7", "8", "9"]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(max_size=200) | st.binary(max_size=200))
def test_whatever_follows_the_heads_is_read_or_reported(body):
    head = "order,total,date,name,qty,price,product,status\n"
    raw = head.encode() + (body if isinstance(body, bytes) else body.encode(errors="replace"))
    for one in read(raw):
        assert one.news is not None or one.bad
        assert one.line > 0
