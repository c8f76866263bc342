"""A customer and a courier with their telephones in hand: no account, no application, one tap."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from prilavok.flows import addresses
from prilavok.flows.take import take
from prilavok.store import orders, preferences, shops
from tests.ordering import buyer, news, order

PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "ru-RU"}


class Parcel:
    """An order of the demo shop, and the links that its people were sent."""

    def __init__(self, shop, external_id):
        self.house = shop.demo.house
        self.shop_id = self.house.bus.read_now(shops.everything)[0]["id"]
        person = buyer(name="Олена", phone="+380671230000", email="")
        given = order(
            external_id, at=datetime.now(UTC), buyer=person, method="courier", city="Київ", address="Хрещатик, 1"
        )
        taken = self.house.bus.do_and_wait(take, self.shop_id, "api", news(given, external_id=external_id), quiet=True)
        self.id = taken.order_id

    def link(self, page):
        row = self.row()
        which = row["contact_id"] if page is addresses.wishes_page else row["id"]
        return page(self.house.bus.world, self.shop_id, which, datetime.now(UTC))

    def row(self):
        return self.house.bus.do_and_wait(lambda unit: orders.get(unit.db, self.shop_id, self.id))

    def events(self):
        rows = self.house.bus.do_and_wait(lambda unit: orders.events_of(unit.db, self.shop_id, self.id))
        return [row["kind"] for row in rows]


@pytest.fixture
def parcel(shop, request):
    return Parcel(shop, request.node.name)


def test_an_order_is_confirmed_and_its_hours_picked_without_a_script(parcel, window):
    page = window(**PHONE, java_script_enabled=False)
    page.goto(parcel.link(addresses.order_page))
    page.get_by_role("button", name="Подтвердить заказ").click()
    expect(page.get_by_role("status")).to_have_text("Готово.")
    hours = page.locator(".chip").last
    words = hours.inner_text()
    hours.click()
    page.get_by_role("button", name="Привезите в это время").click()
    expect(page.locator(".lead")).to_contain_text(words)
    assert parcel.row()["status"] == "confirmed"
    assert parcel.row()["slot_to"] == words.partition("–")[2]


def test_a_customer_who_wants_no_calls_says_so_once(parcel, window):
    page = window(**PHONE)
    page.goto(parcel.link(addresses.order_page))
    page.get_by_role("link", name="Как с Вами связываться").click()
    page.get_by_label("Никогда").check()
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("status")).to_contain_text("Сохранено")
    row = parcel.row()
    said = parcel.house.bus.do_and_wait(lambda unit: preferences.get(unit.db, parcel.shop_id, row["contact_id"]))
    assert said["data"]["call"] == "never"
    courier = window(**PHONE)
    courier.goto(parcel.link(addresses.courier_page))
    expect(courier.get_by_text("Не звонить")).to_be_visible()
    expect(courier.locator("a[href^='tel:']")).to_have_count(0)


def test_a_courier_without_a_network_reads_and_taps_and_nothing_is_lost(parcel, window):
    page = window(**PHONE)
    page.goto(parcel.link(addresses.courier_page))
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    page.get_by_role("button", name="Еду").click()
    expect(page.get_by_role("button", name="На месте")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("button", name="На месте").click()
    expect(page.locator(".offline")).to_contain_text("На месте")
    page.reload()
    expect(page.get_by_text("Хрещатик, 1").first).to_be_visible()
    expect(page.locator(".offline")).to_contain_text("На месте")
    page.context.set_offline(False)  # the page's own worker is not cut off as surely: it may have got through already
    expect(page.get_by_role("button", name="Вручено")).to_be_visible()
    expect(page.locator(".offline")).to_be_hidden()
    assert parcel.events().count("out_for_delivery") == 2  # on the way and arrived: neither lost nor told twice


def test_a_slip_of_the_couriers_thumb_is_undone(parcel, window):
    page = window(**PHONE)
    page.goto(parcel.link(addresses.courier_page))
    page.get_by_role("button", name="Еду").click()
    page.get_by_role("button", name="Отменить").click()
    expect(page.get_by_role("status").filter(has_text="Отменили.")).to_be_visible()
    expect(page.get_by_role("button", name="Еду")).to_be_visible()
    assert "out_for_delivery" not in parcel.events()
