"""A table of orders, as shops export them: comma, semicolon or tab, UTF-8 or the encodings of old, heads in any of our
languages. It is read line by line, however long it is; what cannot be read is reported with its line and its reason.
"""

import codecs
import csv
import io
import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import BinaryIO
from zoneinfo import ZoneInfo

from prilavok.commerce.csv_words import COLUMNS, CURRENCIES, METHODS, PAYMENTS, STATES, YES
from prilavok.domain.errors import BadInput
from prilavok.domain.order import Buyer, Happened, Item, News, Order, OrderEvent

CHUNK = 1024 * 1024
SHOWN = 200  # characters of a line that could not be read
DELIMITERS = (",", ";", "\t")
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx, .xls, whatever the file is called
FIELDS = {name: field for field, names in COLUMNS.items() for name in names.split("|")}
HAPPENED = {word: happened for happened, words in STATES.items() for word in words.split("|")}
DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class Table:
    """How a file is written. `lines`: of text, the head among them."""

    encoding: str
    delimiter: str
    columns: tuple[str, ...]  # our field of each column, or ""
    lines: int


@dataclass(frozen=True, slots=True)
class Place:
    """What a line leaves to be guessed."""

    zone: ZoneInfo
    currency: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Bad:
    line: int
    reason: str
    text: str


@dataclass(slots=True)
class Read:
    """One order (`news`), or what is wrong (`bad`). `line`: the last line that belongs to it."""

    line: int
    news: News | None = None
    bad: list[Bad] = field(default_factory=list)


def look(file: BinaryIO) -> Table:
    """Reads the whole file once, holding a piece at a time. BadInput when it is no table of orders."""
    head = file.read(4)
    file.seek(0)
    encoding = next((name for mark, name in MARKS if head.startswith(mark)), "")
    utf8, lines, end = codecs.getincrementaldecoder("utf-8")(), 0, b"\n"
    while chunk := file.read(CHUNK):
        lines, end = lines + chunk.count(b"\n"), chunk[-1:]
        if not encoding:
            try:
                utf8.decode(chunk)
            except UnicodeDecodeError:
                encoding = "cp1251"
    if not head:
        raise BadInput("This file is empty.", field="file")
    if head.startswith(WORKBOOKS):
        raise BadInput("This is a workbook of Excel. Open it there and save it as CSV (UTF-8).", field="file")
    encoding = encoding or "utf-8"
    delimiter, columns = _head(file, encoding)
    return Table(encoding, delimiter, columns, lines + (end != b"\n"))


def read(file: BinaryIO, table: Table, place: Place, *, after: int = 0) -> Generator[Read, None, None]:
    """Orders in the order of the file; lines that follow each other under one number are one order's items. Goes on
    after line `after`. Close it before the file.
    """
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=table.encoding, errors="replace", newline="")
    try:
        waiting: _Waiting | None = None
        for first, line, cells in _lines(text, table.delimiter):
            if line <= after:
                continue
            if isinstance(cells, str):
                if waiting is not None:
                    yield waiting.read(place)
                    waiting = None
                yield Read(line, bad=[Bad(first, cells, "")])
                continue
            if not any(cell.strip() for cell in cells):
                continue
            values = {name: cell.strip() for name, cell in zip(table.columns, cells, strict=False) if name}
            name = values.get("number") or values.get("external_id") or ""
            if waiting is not None and waiting.name == name and name:
                waiting.add(line, values)
                continue
            if waiting is not None:
                yield waiting.read(place)
            waiting = _Waiting(name, line, values, table.delimiter.join(cells)[:SHOWN])
        if waiting is not None:
            yield waiting.read(place)
    finally:
        text.detach()


class _Waiting:
    """An order whose next line may bring another item."""

    def __init__(self, name: str, line: int, values: Mapping[str, str], text: str) -> None:
        self.name = name
        self.first = line
        self.line = line
        self.values = dict(values)
        self.text = text
        self.items = [values]

    def add(self, line: int, values: Mapping[str, str]) -> None:
        self.line = line
        self.items.append(values)
        for name, value in values.items():
            if value and not self.values.get(name):
                self.values[name] = value

    def read(self, place: Place) -> Read:
        try:
            return Read(self.line, news=news_of(self.values, self.items, place))
        except BadInput as error:
            return Read(self.line, bad=[Bad(self.first, error.reason, self.text)])


def news_of(values: Mapping[str, str], lines: list[Mapping[str, str]], place: Place) -> News:
    """An order out of the cells of its lines. BadInput says which cell cannot be read."""
    number = values.get("number") or values.get("external_id") or ""
    if not number:
        raise BadInput("There is no order number in this line.")
    items = tuple(item for one in lines if (item := _item(one)) is not None)
    placed_at = _time(values.get("placed_at", ""), place) or place.now
    happened = _happened(values.get("status", ""))
    updated_at = _time(values.get("updated_at", ""), place) or placed_at
    order = Order(
        external_id=values.get("external_id") or number,
        number=number,
        placed_at=placed_at,
        at=max(updated_at, placed_at),
        currency=_currency(values.get("currency", "")) or place.currency,
        total=_total(values, items),
        items=items,
        buyer=Buyer(
            name=values.get("name", ""),
            phone=values.get("phone", ""),
            email=values.get("email", ""),
            language=values.get("language", ""),
            country=values.get("country", ""),
        ),
        payment=_part(values.get("payment", ""), PAYMENTS),
        paid=plain(values.get("paid", "")) in YES,
        method=_part(values.get("method", ""), METHODS),
        city=values.get("city", ""),
        address=values.get("address", ""),
        carrier=values.get("carrier", ""),
        tracking=values.get("tracking", ""),
        comment=values.get("comment", ""),
    )
    return News(order=order, events=() if happened is None else (OrderEvent(happened, order.at),))


def plain(text: str) -> str:
    """As the tables of words have it: lower case, ё as е, one blank, neither signs nor apostrophes."""
    lowered = text.strip().lower().replace("ё", "е")
    return " ".join(re.sub(r"[^\w№+]+", " ", re.sub(r"[’'ʼ`]", "", lowered)).replace("_", " ").split())


def money(text: str) -> Decimal | None:
    """1 250,00 · 1,250.00 · 1250 грн · ₴1250.5; None for an empty cell. BadInput for what is no sum."""
    digits = re.sub(r"[^\d,.\-]", "", text).strip(".,")
    if re.search(r"\d\s*[^\W\d]+[\s.]*\d", text):  # 1e4, 2 x 50, 12 грн 50 коп
        raise BadInput(f"“{text[:40]}” is no sum.")
    if not digits:
        if text.strip():
            raise BadInput(f"“{text[:40]}” is no sum.")
        return None
    comma, point = digits.rfind(","), digits.rfind(".")
    last = max(comma, point)
    grouped = len(digits) - last - 1 == 3 and (comma < 0 or point < 0) and digits.count(digits[last]) > 1
    if last >= 0 and not grouped:
        digits = re.sub(r"[,.]", "", digits[:last]) + "." + digits[last + 1 :]
    else:
        digits = re.sub(r"[,.]", "", digits)
    try:
        return Decimal(digits)
    except InvalidOperation:
        raise BadInput(f"“{text[:40]}” is no sum.") from None


def _head(file: BinaryIO, encoding: str) -> tuple[str, tuple[str, ...]]:
    """The delimiter under which most columns are known."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    try:
        line = text.readline(64 * 1024)
    finally:
        text.detach()
    best: tuple[str, tuple[str, ...]] = ("", ())
    for delimiter in DELIMITERS:
        cells = next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter), [])
        columns = _known(cells)
        if sum(map(bool, columns)) > sum(map(bool, best[1])):
            best = (delimiter, columns)
    if not {"number", "external_id"} & set(best[1]):
        raise BadInput(
            "There is no column with the order's number: the first line must name the columns.", field="file"
        )
    if not {"total", "price"} & set(best[1]):
        raise BadInput("There is no column with the sum; the first line must name columns.", field="file")
    return best


def _known(cells: list[str]) -> tuple[str, ...]:
    """A field is taken by the first column that names it."""
    found: list[str] = []
    for cell in cells:
        name = FIELDS.get(plain(cell), "")
        found.append(name if name not in found else "")
    return tuple(found)


def _lines(text: Iterable[str], delimiter: str) -> Iterator[tuple[int, int, list[str] | str]]:
    """(first line, last line, cells) of each row after the head; what cannot be taken comes as the reason."""
    ended = False

    def to_the_end() -> Iterator[str]:
        nonlocal ended
        for line in text:  # noqa: UP028  “yield from” would close the file when reading is given up half-way
            yield line
        ended = True

    rows = csv.reader(to_the_end(), delimiter=delimiter)
    next(rows, None)
    while True:
        first = rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield first, rows.line_num, f"Lines {first} to {rows.line_num}: {error}. Is a quotation mark not closed?"
            continue
        if ended and rows.line_num > first:  # the reader looked for the other mark until there was nothing left
            reason = f"A quotation mark in line {first} is not closed, so all up to line {rows.line_num} is in it."
            yield first, rows.line_num, reason
            continue
        yield first, rows.line_num, cells


def _total(values: Mapping[str, str], items: tuple[Item, ...]) -> Decimal:
    total = money(values.get("total", ""))
    if total is not None:
        return total
    if items and all(item.price is not None for item in items):
        return sum(((item.price or Decimal(0)) * item.quantity for item in items), Decimal(0))
    raise BadInput("There is no sum in this line.")


def _item(values: Mapping[str, str]) -> Item | None:
    name, sku = values.get("item", ""), values.get("sku", "")
    if not (name or sku):
        return None
    quantity, price = _quantity(values.get("quantity", "")), money(values.get("price", ""))
    if quantity is None:
        return Item(name or sku, 1, price, sku)
    if quantity != int(quantity):  # half a kilogram is one piece of half the price
        return Item(f"{name or sku} × {quantity}", 1, None if price is None else price * quantity, sku)
    return Item(name or sku, int(quantity), price, sku)


def _quantity(text: str) -> Decimal | None:
    """As a sum is written, and no less than nothing. None for an empty cell."""
    try:
        quantity = money(text)
    except BadInput:
        quantity = Decimal(-1)
    if quantity is not None and not 0 <= quantity <= 10**9:
        raise BadInput(f"“{text[:40]}” is no quantity.")
    return quantity


def _time(text: str, place: Place) -> datetime | None:
    """ISO, or day before month, in the shop's own zone. None for an empty cell."""
    if not text:
        return None
    found = None
    try:
        if match := DAY_FIRST.fullmatch(text):
            day, month, year, hour, minute, second = (int(part or 0) for part in match.groups())
            found = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  its zone follows
        else:
            found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=place.zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadInput(f"“{text[:40]}” is no date.") from None


def _happened(text: str) -> Happened | None:
    """None for a new order and for words that we do not know: a state is never guessed."""
    return HAPPENED.get(plain(text))


def _currency(text: str) -> str:
    return CURRENCIES.get(text.strip().rstrip(".").lower(), text)


def _part(text: str, table: Mapping[str, str]) -> str:
    lowered = plain(text)
    return next((ours for part, ours in table.items() if part in lowered), "")
