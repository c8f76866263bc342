"""The whole story by hand: an order late in the evening, of somebody who asks not to be called."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from prilavok.store import plans, tasks
from tests.journeys.conftest import STATIC, WIDGET
from tests.journeys.open_shop import OpenShop, opened
from tests.journeys.people import Phone

KYIV = ZoneInfo("Europe/Kyiv")


class Evening:
    """Begins on a Tuesday at ten past eleven at night, soon; time passes as it does, and by leaps."""

    def __init__(self) -> None:
        now = datetime.now(KYIV)
        tuesday = now + timedelta(days=(1 - now.weekday()) % 7 or 7)
        self.ahead = tuesday.replace(hour=23, minute=10, second=0) - now

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def leap(self, **time: float) -> None:
        self.ahead += timedelta(**time)

    def leap_to(self, hour: int) -> None:
        """The next time that it is so late in Kyiv."""
        local = self().astimezone(KYIV)
        then = local.replace(hour=hour, minute=0, second=0)
        self.ahead += (then if then > local else then + timedelta(days=1)) - local


@pytest.fixture(scope="module")
def evening() -> Evening:
    return Evening()


@pytest.fixture(scope="module")
def late_shop(evening: Evening, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    if not WIDGET.exists() or not (STATIC / "index.html").exists():
        pytest.skip("the pages are not built: run `make`, or `npm run build` in web/")
    with opened(tmp_path_factory.mktemp("late"), clock=evening) as shop:
        shop.ask("POST", "/api/v1/inboxes", {"kind": "cards", "name": "Отзывы на сайте", "config": {}})
        yield shop


def a_link_for_a_review_is_made(counter: Page) -> None:
    counter.get_by_role("button", name="Ссылка для отзыва").click()
    counter.get_by_label("Адрес страницы товара").fill("https://shop.example/kettle#photos")
    counter.get_by_role("button", name="Создать ссылку").locator("visible=true").click()
    expect(counter.get_by_role("textbox", name="Ссылка для отзыва")).to_have_value(
        re.compile(r"^https://shop\.example/kettle#review=\S{20,}$")
    )


def test_who_asks_not_to_be_called_gets_everything_in_telegram(late_shop, evening, window):
    page = window(locale="ru-RU", viewport={"width": 1440, "height": 1400})
    page.goto(late_shop.url + "/phone")
    phone = Phone(page, late_shop)
    site = page.frame_locator("#shop-frame")

    site.locator("a.card").first.click()
    site.get_by_role("button", name="В корзину").click()
    site.get_by_role("link", name="Оформить заказ").click()
    site.get_by_role("button", name="Войти через Telegram").click()
    expect(site.get_by_text("Вы вошли через Telegram")).to_be_visible()
    site.get_by_role("button", name="не звоните, пишите в телеграм, домофон 45К").click()
    site.get_by_role("button", name="Заказать", exact=True).click()
    expect(site.get_by_role("heading", name=re.compile("Спасибо, заказ"))).to_be_visible()

    asked = phone.shops("Подтвердите его, пожалуйста")
    expect(asked).to_contain_text("звонить не будем")
    order = site.get_by_role("link", name="Заказ глазами магазина").get_attribute("href")
    number = order.rpartition("/")[2]
    late_shop.ask("PATCH", "/api/v1/me", {"language": "ru", "theme": "light"})
    counter = window(viewport={"width": 1440, "height": 1000})
    counter.context.add_cookies(
        [{"name": "prilavok_session", "value": late_shop.cookie("owner"), "url": late_shop.url}]
    )
    counter.goto(order)
    for wish in ("не звонить", "45К", "Telegram"):
        expect(counter.get_by_text(wish).locator("visible=true").first).to_be_visible()
    a_link_for_a_review_is_made(counter)

    page.get_by_role("button", name="Подтвердить", exact=True).click()
    evening.leap(minutes=3)
    confirmed = phone.shops("подтверждён, собираем")
    expect(confirmed).to_be_visible()
    page.get_by_role("button", name="Выбрать время").last.click()
    page.get_by_role("button", name=re.compile(r"завтра|\d\d:\d\d–\d\d:\d\d")).first.click()
    expect(phone.shops("привезём заказ")).to_be_visible()

    evening.leap_to(10)
    site.get_by_role("button", name="Отправлен").click()
    expect(site.locator(".told")).to_contain_text("Отправлен")
    evening.leap(minutes=6)
    expect(phone.shops("в пути")).to_be_visible()

    courier = window(locale="ru-RU", viewport={"width": 390, "height": 844})
    courier.goto(site.get_by_role("link", name="Страница курьера").get_attribute("href"))
    expect(courier.get_by_text("45К").first).to_be_visible()
    expect(courier.get_by_role("link", name=re.compile("Позвонить"))).to_have_count(0)
    courier.get_by_role("button", name="Еду").click()
    expect(phone.shops("едет к Вам")).to_be_visible()
    courier.get_by_role("button", name="Никто не открывает").click()
    expect(courier.get_by_text("Никого не застали").first).to_be_visible()
    expect(phone.shops("не смог с Вами связаться")).to_be_visible()

    site.get_by_role("button", name="Вручён").click()
    expect(site.locator(".told")).to_contain_text("Вручён")
    said = page.locator(".said.theirs").count()
    evening.leap(hours=30)
    late_shop.wait(lambda: not open_plans(late_shop, number))
    expect(page.locator(".said.theirs")).to_have_count(said)
    assert "call" not in late_shop.call(lambda: kinds_of_tasks(late_shop, number))


def open_plans(shop: OpenShop, order_id: str) -> list[str]:
    """What is still to be said about an order."""
    rows = shop.demo.house.bus.read_now(plans.of_order, 1, order_id)
    return [row["kind"] for row in rows if row["due_at"] is not None]


def kinds_of_tasks(shop: OpenShop, order_id: str) -> list[str]:
    return [row["kind"] for row in shop.demo.house.bus.read_now(tasks.of_order, 1, order_id)]
