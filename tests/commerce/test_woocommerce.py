"""WooCommerce as its documentation shows it, and as shops really use it."""

import base64
import copy
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from prilavok.channels.base import Hook
from prilavok.commerce.base import BadSignature, NeedsOwner, TryLater
from prilavok.domain.order import Happened
from tests.suppliers import drive, fixture, make, says

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECRET = "webhook secret"
SAMPLE = fixture("woocommerce")["order"]


def woo(**config):
    given = {"url": "https://w.test/", "consumer_key": "ck", "consumer_secret": "cs", "webhook_secret": SECRET}
    return make("woocommerce", **{**given, **config})


def hook(body, topic="order.updated", secret=SECRET):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    seal = base64.b64encode(hmac.digest(secret.encode(), raw, hashlib.sha256)).decode()
    return Hook(raw, {"x-wc-webhook-signature": seal, "x-wc-webhook-topic": topic}, NOW)


def order(**changes):
    return {**copy.deepcopy(SAMPLE), **changes}


def test_the_documented_order_is_read_as_it_is():
    [news] = woo().parse(hook(SAMPLE))
    given = news.order
    assert (given.external_id, given.number, given.total, given.currency) == ("727", "727", Decimal("29.35"), "USD")
    assert given.placed_at == datetime(2017, 3, 22, 19, 28, 2, tzinfo=UTC), "the GMT twin counts"
    assert given.at == datetime(2017, 3, 22, 19, 28, 8, tzinfo=UTC)
    assert (given.buyer.name, given.buyer.phone, given.buyer.country) == ("John Doe", "(555) 555-5555", "US")
    assert given.buyer.external_id == "", "a guest is nobody"
    assert (given.payment, given.method) == ("invoice", "courier")
    assert (given.city, given.address) == ("San Francisco", "969 Market, 94103")
    assert [(one.name, one.quantity, one.price, one.sku) for one in given.items][1] == (
        "Ship Your Idea – Color: Black, Size: M Test",
        1,
        Decimal(12),
        "Bar3",
    )
    assert [(one.kind, one.at) for one in news.events] == [
        (Happened.PAID, datetime(2017, 3, 22, 19, 28, 8, tzinfo=UTC))
    ]


@pytest.mark.parametrize(
    ("status", "happened"),
    [
        ("pending", []),
        ("on-hold", []),
        ("processing", []),
        ("completed", [Happened.SHIPPED]),
        ("cancelled", [Happened.CANCELLED]),
        ("refunded", [Happened.REFUNDED]),
        ("failed", [Happened.PAYMENT_FAILED]),
        ("wc-delivered", [Happened.DELIVERED]),
        ("a-plugins-own", []),
    ],
)
def test_a_status_says_what_has_happened_and_no_more(status, happened):
    [news] = woo().parse(hook(order(status=status, date_paid_gmt=None)))
    assert [one.kind for one in news.events] == happened


def test_completed_means_delivered_where_the_owner_says_so():
    [news] = woo(completed_means_delivered=True).parse(hook(order(status="completed", date_paid_gmt=None)))
    assert [one.kind for one in news.events] == [Happened.DELIVERED]


@pytest.mark.parametrize("status", ["checkout-draft", "trash", "auto-draft"])
def test_what_is_not_ordered_yet_or_thrown_away_is_no_order(status):
    assert woo().parse(hook(order(status=status))) == []


def test_a_test_delivery_and_other_topics_hold_no_order():
    assert woo().parse(hook(b"webhook_id=142")) == []
    assert woo().parse(hook({"id": 1, "email": "x"}, topic="customer.updated")) == []
    assert woo().parse(hook({"id": 727}, topic="order.deleted")) == [], "a record taken away is no order cancelled"


def test_only_the_shop_itself_is_believed():
    for strange in (hook(SAMPLE, secret="other"), Hook(b"webhook_id=142", {}, NOW), hook(SAMPLE, secret="")):
        with pytest.raises(BadSignature):
            woo().parse(strange)
    changed = hook(SAMPLE)
    with pytest.raises(BadSignature):
        woo().parse(Hook(changed.body + b" ", changed.headers, NOW))


def test_parcel_marketing_and_comment_are_found_where_plugins_put_them():
    meta = [
        {"key": "_wc_shipment_tracking_items", "value": [{"tracking_provider": "НП", "tracking_number": "2045"}]},
        {"key": "_wc_order_attribution_utm_source", "value": "instagram"},
        {"key": "_wc_order_attribution_referrer", "value": "https://i.test"},
    ]
    lines = [{"method_id": "nova_poshta_shipping"}]
    [news] = woo().parse(
        hook(order(meta_data=meta, customer_note=" не дзвоніть ", shipping_lines=lines, customer_id=9))
    )
    given = news.order
    assert (given.carrier, given.tracking, given.comment, given.method) == ("НП", "2045", "не дзвоніть", "post")
    assert given.context == {"utm": {"source": "instagram"}, "referrer": "https://i.test"}
    assert given.buyer.external_id == "9"


def test_the_key_is_checked_before_it_is_kept():
    account, [asked] = drive(woo().check(), lambda request: says([]))
    assert account.name == "w.test"
    assert asked.url == "https://w.test/wp-json/wc/v3/orders?per_page=1"
    assert asked.headers["authorization"] == "Basic " + base64.b64encode(b"ck:cs").decode()
    _, [asked] = drive(woo(key_in_address=True).check(), lambda request: says([]))
    assert "consumer_secret=cs" in asked.url
    assert "authorization" not in asked.headers
    for answer, words in ((says({}, 401), "read and write"), (says({}, 404), "address"), (says({"a": 1}), "not WooC")):
        with pytest.raises(NeedsOwner, match=words):
            drive(woo().check(), lambda request, answer=answer: answer)
    with pytest.raises(TryLater):
        drive(woo().check(), lambda request: says({}, 503))


def test_webhooks_are_made_and_made_again_when_they_were_switched_off():
    def shop(request):
        if request.method != "GET":
            return says({"id": 1}, 201)
        ours = {"id": 142, "topic": "order.updated", "delivery_url": "https://counter.test/hooks/abc"}
        return says([{**ours, "status": "disabled"}, {"id": 1, "topic": "order.created", "delivery_url": "https://x"}])

    made, asked = drive(woo().subscribe(), shop)
    assert made == ("order.created", "order.updated")
    assert [(one.method, one.url.partition("?")[0][-12:]) for one in asked[1:]] == [
        ("POST", "/v3/webhooks"),
        ("PUT", "webhooks/142"),
    ]
    assert json.loads(asked[2].body) == {
        "topic": "order.updated",
        "delivery_url": "https://counter.test/hooks/abc",
        "secret": SECRET,
        "status": "active",
    }
    active = [
        {"topic": topic, "delivery_url": "https://counter.test/hooks/abc", "status": "active"}
        for topic in ("order.created", "order.updated")
    ]
    assert drive(woo().subscribe(), lambda request: says(active))[0] == ()


class Shelf:
    """A shop with many orders that answers as WooCommerce pages."""

    def __init__(self, count):
        self.rows = [
            order(id=number, number=str(number), date_modified_gmt=f"2026-11-19T{number // 60:02}:{number % 60:02}:00")
            for number in range(count)
        ]

    def __call__(self, request):
        query = dict(part.split("=") for part in request.url.partition("?")[2].split("&"))
        since = query["modified_after"].replace("%3A", ":")
        rows = sorted(
            (one for one in self.rows if one["date_modified_gmt"] > since), key=lambda one: one["date_modified_gmt"]
        )
        start = (int(query["page"]) - 1) * int(query["per_page"])
        return says(rows[start : start + int(query["per_page"])])


def polled(source, shelf, cursor=None, meanwhile=lambda: None):
    seen, quiet, cursor = [], [], cursor or {}
    for _ in range(100):
        page, _ = drive(source.poll(cursor, NOW), shelf)
        cursor = json.loads(json.dumps(page.cursor, default=datetime.isoformat))
        seen += [one.order.external_id for one in page.news]
        quiet.append(page.quiet)
        meanwhile()
        if not page.more:
            return seen, quiet, cursor
    raise AssertionError("it never ends")


def test_the_first_look_takes_the_history_in_silence_and_the_next_only_what_is_new():
    shelf = Shelf(170)
    seen, quiet, cursor = polled(woo(), shelf)
    assert set(seen) == {str(number) for number in range(170)}
    assert all(quiet)
    seen, quiet, cursor = polled(woo(), shelf, cursor)
    assert set(seen) <= {"167", "168", "169"}, "a little is looked at twice"
    assert not any(quiet)


def test_what_is_modified_while_it_is_looked_through_hides_nothing():
    shelf, times = Shelf(170), iter(range(100))

    def meanwhile():
        shelf.rows[next(times)]["date_modified_gmt"] = (NOW - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%S")

    seen, _, _ = polled(woo(), shelf, meanwhile=meanwhile)
    assert set(seen) == {str(number) for number in range(170)}


def test_many_orders_of_one_second_are_all_seen():
    shelf = Shelf(170)
    for row in shelf.rows:
        row["date_modified_gmt"] = "2026-11-19T10:00:00"
    seen, _, _ = polled(woo(), shelf)
    assert set(seen) == {str(number) for number in range(170)}
