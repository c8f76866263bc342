"""Carriers: their statuses become what has happened to an order, and never what has not."""

import json
from datetime import UTC, datetime

import pytest

from prilavok.carriers.base import Parcel
from prilavok.channels.base import Hook
from prilavok.channels.standard_webhooks import headers, key_of
from prilavok.commerce.base import BadInput, BadSignature, NeedsOwner, TryLater, Undeliverable
from prilavok.domain.order import Happened
from tests.suppliers import drive, fixture, make, says

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
CDEK, NP = fixture("cdek"), fixture("novaposhta")
TTN = "20450000000000"


def cdek():
    return make("cdek", account="acc", password="pw")


def np():
    return make("novaposhta", api_key="key")


def cdek_says(code, **attributes):
    body = {**CDEK["webhook"], "attributes": {**CDEK["webhook"]["attributes"], "code": code, **attributes}}
    return list(cdek().parse(Hook(json.dumps(body).encode(), {}, NOW)))


def test_cdeks_documented_webhook_is_a_parcel_at_its_pickup_point():
    [news] = cdek_says("ACCEPTED_AT_PICK_UP_POINT")
    assert (news.number, news.tracking) == ("1042", "1106207236")
    [event] = news.events
    assert (event.kind, event.at, event.data) == (
        Happened.ARRIVED_AT_PICKUP,
        datetime(2026, 11, 20, 7, 15, tzinfo=UTC),
        {"place": "Новосибирск"},
    )


@pytest.mark.parametrize(
    ("code", "happened"),
    [
        ("CREATED", None),
        ("REMOVED", None),
        ("RECEIVED_AT_SHIPMENT_WAREHOUSE", Happened.SHIPPED),
        ("RETURNED_TO_SENDER_CITY_WAREHOUSE", Happened.SHIPPED),  # on a shelf there; nothing goes back to the shop
        ("RETURNED_TO_TRANSIT_WAREHOUSE", Happened.SHIPPED),
        ("RETURNED_TO_RECIPIENT_CITY_WAREHOUSE", Happened.FAILED_ATTEMPT),
        ("SENT_TO_SENDER_CITY", None),
        ("TAKEN_BY_COURIER", Happened.OUT_FOR_DELIVERY),
        ("POSTOMAT_POSTED", Happened.ARRIVED_AT_PICKUP),
        ("POSTOMAT_RECEIVED", Happened.DELIVERED),
        ("POSTOMAT_SEIZED", Happened.FAILED_ATTEMPT),
        ("NOT_DELIVERED", Happened.FAILED_ATTEMPT),
        ("DELIVERED", Happened.DELIVERED),
        ("A_STATUS_OF_TOMORROW", Happened.SHIPPED),
    ],
)
def test_cdeks_codes_mean_what_they_mean_and_not_what_they_sound_like(code, happened):
    found = [event.kind for news in cdek_says(code) for event in news.events]
    assert found == ([happened] if happened is not None else [])


def test_a_parcel_of_cdek_that_goes_back_is_returned_when_the_shop_has_it():
    assert cdek_says("TAKEN_BY_COURIER", is_return=True) == []
    [news] = cdek_says("DELIVERED", is_return=True)
    assert [one.kind for one in news.events] == [Happened.RETURNED]


def test_other_webhooks_of_cdek_are_no_news():
    assert list(cdek().parse(Hook(b'{"type":"PRINT_FORM","attributes":{}}', {}, NOW))) == []
    with pytest.raises(BadInput):
        list(cdek().parse(Hook(b"<xml/>", {}, NOW)))


def cdek_api(webhooks=(), status=200):
    def answer(request):
        if "/oauth/token" in request.url:
            return says({"access_token": "t", "expires_in": 3599}, status)
        if "/webhooks" in request.url:
            return says(list(webhooks) if request.method == "GET" else {})
        return says(CDEK["order"]) if "1106207236" in request.url else says({"requests": []}, 400)

    return answer


def test_parcels_of_cdek_are_asked_for_and_an_unknown_number_stops_nothing():
    parcels = [Parcel("9999999999", number="7"), Parcel("1106207236", number="1042")]
    news, asked = drive(cdek().track(parcels, NOW), cdek_api())
    assert [(one.tracking, [event.kind for event in one.events]) for one in news] == [
        ("1106207236", [Happened.ARRIVED_AT_PICKUP])
    ]
    assert asked[1].headers["authorization"] == "Bearer t"
    with pytest.raises(NeedsOwner):
        drive(cdek().check(), cdek_api(status=401))


def test_the_address_of_another_program_at_cdek_is_never_overwritten():
    made, asked = drive(cdek().subscribe(), cdek_api())
    assert made == ("ORDER_STATUS",)
    assert json.loads(asked[-1].body) == {"url": "https://counter.test/hooks/abc", "type": "ORDER_STATUS"}
    ours = [{"type": "ORDER_STATUS", "uuid": "1", "url": "https://counter.test/hooks/abc"}]
    assert drive(cdek().subscribe(), cdek_api(ours))[0] == ()
    with pytest.raises(Undeliverable, match="Another program"):
        drive(cdek().subscribe(), cdek_api(CDEK["webhooks"]))


def track(code="7", **fields):
    row = {**NP["response"]["data"][0], "StatusCode": code, **fields}
    news, asked = drive(
        np().track([Parcel(TTN, phone="+380501234567")], NOW), lambda _: says({"success": True, "data": [row]})
    )
    return news, asked


def test_nova_poshtas_documented_answer_is_a_parcel_at_its_branch():
    [news], [asked] = track()
    [event] = news.events
    assert news.tracking == TTN
    assert event.kind is Happened.ARRIVED_AT_PICKUP
    assert event.at == datetime(2026, 11, 20, 8, 15, tzinfo=UTC), "Kyiv's time"
    assert event.data == {"place": "Відділення №1"}
    assert json.loads(asked.body)["methodProperties"] == {
        "Documents": [{"DocumentNumber": TTN, "Phone": "380501234567"}]
    }


@pytest.mark.parametrize(
    ("code", "happened"),
    [
        *(("1", None), ("2", None), ("3", None), ("12", None)),
        *((code, Happened.SHIPPED) for code in ("4", "41", "5", "6", "14", "104")),
        *((code, Happened.ARRIVED_AT_PICKUP) for code in ("7", "8")),
        *((code, Happened.DELIVERED) for code in ("9", "10", "11", "106")),
        *((code, Happened.FAILED_ATTEMPT) for code in ("102", "103", "105", "111")),
        ("101", Happened.OUT_FOR_DELIVERY),
        ("112", Happened.DELAYED),
        ("999", None),
    ],
)
def test_nova_poshtas_codes_mean_what_they_mean(code, happened):
    news, _ = track(code)
    assert [event.kind for one in news for event in one.events] == ([happened] if happened is not None else [])


def test_a_status_without_a_time_of_its_own_is_one_event_however_often_it_is_asked_for():
    first, _ = track("111")
    second, _ = track("111")
    assert first[0].events[0].key == second[0].events[0].key != ""
    timed, _ = track("111", TrackingUpdateDate="2026-11-19 18:00:00")
    assert timed[0].events[0].key == "2026-11-19"
    assert track("9", RecipientDateTime="0001-01-01 00:00:00")[0][0].events[0].at == NOW


def test_nova_poshtas_errors_come_with_status_200():
    with pytest.raises(NeedsOwner, match="API key is invalid"):
        drive(np().check(), lambda _: says(NP["error"]))
    with pytest.raises(TryLater):
        drive(np().check(), lambda _: says({"success": False, "errors": ["to many requests"]}))
    with pytest.raises(Undeliverable):
        drive(np().check(), lambda _: says({"success": False, "errors": None}))
    with pytest.raises(BadSignature):
        np().parse(Hook(b"{}", {}, NOW))


def test_each_carrier_knows_its_own_parcels():
    assert np().carries(Parcel(TTN))
    assert np().carries(Parcel("1", carrier="Нова пошта, відділення 5"))
    assert not np().carries(Parcel(TTN, carrier="СДЭК"))
    assert cdek().carries(Parcel("1106207236"))
    assert not cdek().carries(Parcel(TTN))


def test_any_other_carrier_posts_signed_events_of_parcels_and_of_nothing_else():
    parcels = make("parcels")

    def hook(event):
        raw = json.dumps({"events": [event]}).encode()
        return Hook(raw, headers(key_of(parcels.config.secret), "1", NOW, raw), NOW)

    [news] = parcels.parse(hook({"kind": "delivered", "tracking": "A1", "at": "2026-11-20T10:00:00Z"}))
    assert (news.tracking, news.events[0].kind) == ("A1", Happened.DELIVERED)
    for wrong in ({"kind": "paid", "tracking": "A1"}, {"kind": "delivered"}, {"kind": "flown", "tracking": "A1"}):
        with pytest.raises(BadInput):
            parcels.parse(hook({"at": "2026-11-20T10:00:00Z", **wrong}))
    with pytest.raises(BadSignature):
        parcels.parse(Hook(b'{"events":[]}', {}, NOW))
