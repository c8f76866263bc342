"""The built widget on a shop's page, with an obedient server behind it (fake_chat.py)."""

import gzip
import re

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.journeys.conftest import WIDGET
from tests.journeys.fake_chat import FakeChat, days_ago

SNIPPET = '<script src="CHAT/widget.js" data-inbox="key-1" async></script>'
SHOP = f'<!doctype html><html lang="ru"><title>Чайник</title><body><h1>Чайник</h1>{SNIPPET}</body></html>'
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def visit(context: BrowserContext, chat: FakeChat, html: str = SHOP, path: str = "/", csp: str = "") -> Page:
    page = context.new_page()
    page.goto(chat.page(path, html, csp))
    return page


def open_chat(page: Page) -> Locator:
    page.get_by_role("button", name=re.compile("Написать в магазин")).click()
    return page.get_by_role("dialog")


def write(page: Page, words: str) -> None:
    page.get_by_label("Сообщение", exact=True).fill(words)
    page.keyboard.press("Enter")


def own(page: Page, words: str) -> Locator:
    return page.locator(".own .bubble", has_text=words)


def has_tick(page: Page, words: str, name: str) -> None:
    expect(own(page, words).get_by_role("img", name=name)).to_be_visible()


def test_the_bundle_is_small() -> None:
    if not WIDGET.exists():
        pytest.skip("the widget is not built: run `make`, or `npm run build` in web/")
    assert len(gzip.compress(WIDGET.read_bytes())) <= 25 * 1024


def test_a_visitor_without_history_costs_nothing_until_they_ask(context: BrowserContext, chat: FakeChat) -> None:
    page = visit(context, chat)
    expect(page.get_by_role("button", name="Написать в магазин")).to_be_visible()
    assert chat.connections == 0
    assert page.evaluate("Object.keys(localStorage)") == []
    dialog = open_chat(page)
    expect(dialog.get_by_text("Обычно отвечаем за 4 минуты").first).to_be_visible()
    expect(page.get_by_label("Сообщение", exact=True)).to_be_focused()
    assert chat.connections == 1
    assert page.evaluate("Object.keys(localStorage)") == []


def test_a_visitor_writes_and_sees_how_far_it_came(context: BrowserContext, chat: FakeChat) -> None:
    page = visit(context, chat)
    open_chat(page)
    write(page, "Есть синий?")
    has_tick(page, "Есть синий?", "Отправлено")
    expect(page.get_by_text("Сообщение у нас. Обычно отвечаем за 4 минуты")).to_be_visible()
    chat.tell({"kind": "receipts", "delivered": 1, "read": 0})
    has_tick(page, "Есть синий?", "Доставлено")
    chat.tell({"kind": "receipts", "delivered": 1, "read": 1})
    has_tick(page, "Есть синий?", "Прочитано")
    chat.tell({"kind": "receipts", "delivered": 1, "read": 0})
    chat.tell({"kind": "typing", "who": {"name": "Анна"}})
    expect(page.locator(".typing").get_by_text("Анна печатает…")).to_be_attached()
    has_tick(page, "Есть синий?", "Прочитано")
    chat.say("Да, последний.")
    expect(page.get_by_role("dialog").locator(".shop", has_text="Да, последний.")).to_be_visible()
    expect(page.locator(".typing")).to_be_hidden()
    expect(page.get_by_role("dialog").get_by_role("status").filter(has_text="Анна: Да, последний.")).to_be_attached()
    page.wait_for_function("() => localStorage['prilavok:key-1:read'] === '2'")
    assert {"kind": "seen", "delivered": 2} in chat.heard
    assert {"kind": "seen", "read": 2} in chat.heard
    assert page.title() == "Чайник"


def test_an_unsent_message_survives_a_reload_and_is_stored_once(context: BrowserContext, chat: FakeChat) -> None:
    page = visit(context, chat)
    open_chat(page)
    chat.acks = False
    write(page, "Первое")
    write(page, "Второе")
    has_tick(page, "Второе", "Отправляется")
    page.reload()
    chat.acks = True
    chat.cut()
    has_tick(page, "Второе", "Отправлено")
    assert chat.stored() == ["Первое", "Второе"]
    expect(page.locator(".own")).to_have_count(2)
    assert [key for key in page.evaluate("Object.keys(localStorage)") if ":out:" in key] == []


def test_a_lost_ack_makes_no_double(context: BrowserContext, chat: FakeChat) -> None:
    page = visit(context, chat)
    open_chat(page)
    write(page, "Раз")
    has_tick(page, "Раз", "Отправлено")
    chat.acks = False
    write(page, "Два")
    has_tick(page, "Два", "Отправляется")
    # The server had stored it, and the line broke before the ack: the welcome brings it back.
    chat.remember("Два", "inbound", client_id=chat.wait_for("send", 2)[-1]["id"])
    chat.acks = True
    chat.cut()
    has_tick(page, "Два", "Отправлено")
    expect(page.locator(".own")).to_have_count(2)
    assert chat.stored() == ["Раз", "Два"]


def test_nothing_is_missed_or_doubled_while_the_line_breaks(context: BrowserContext, chat: FakeChat) -> None:
    page = visit(context, chat)
    open_chat(page)
    write(page, "Здравствуйте")
    has_tick(page, "Здравствуйте", "Отправлено")
    context.set_offline(True)
    chat.cut()
    for number in range(5):
        chat.say(f"Ответ {number}")
    expect(page.get_by_text("Нет связи. Сообщение уйдёт, как только она появится")).to_be_visible()
    write(page, "Из туннеля")
    has_tick(page, "Из туннеля", "Отправляется")
    context.set_offline(False)
    has_tick(page, "Из туннеля", "Отправлено")
    expect(page.get_by_text("Нет связи")).to_be_hidden()
    expect(page.locator(".shop")).to_have_count(5)
    assert page.locator(".shop .bubble p").all_text_contents() == [f"Ответ {number}" for number in range(5)]
    assert chat.stored() == ["Здравствуйте", "Из туннеля"]


def test_two_tabs_are_one_visitor(context: BrowserContext, chat: FakeChat) -> None:
    first, second = visit(context, chat), visit(context, chat)
    open_chat(first)
    open_chat(second)
    write(first, "Из первой")
    has_tick(second, "Из первой", "Отправлено")
    write(second, "Из второй")
    has_tick(first, "Из второй", "Отправлено")
    chat.say("Вижу оба")
    for page in (first, second):
        expect(page.locator(".shop")).to_have_count(1)
        expect(page.locator(".own")).to_have_count(2)
    assert len(chat.threads) == 1
    assert chat.stored() == ["Из первой", "Из второй"]
    assert len({frame["id"] for frame in chat.heard_of("send")}) == len(chat.heard_of("send")) == 2


def test_a_message_written_without_a_line_is_sent_by_one_tab_of_two(context: BrowserContext, chat: FakeChat) -> None:
    first, second = visit(context, chat), visit(context, chat)
    open_chat(first)
    write(first, "Начало")
    has_tick(first, "Начало", "Отправлено")
    open_chat(second)
    expect(second.locator(".own")).to_have_count(1)
    context.set_offline(True)
    chat.cut()
    for words in ("а", "б", "в"):
        write(first, words)
    expect(second.locator(".own")).to_have_count(4)
    context.set_offline(False)
    has_tick(first, "в", "Отправлено")
    has_tick(second, "в", "Отправлено")
    assert chat.stored() == ["Начало", "а", "б", "в"]
    expect(second.locator(".own")).to_have_count(4)


def test_who_comes_back_finds_the_badge_and_then_the_talk(context: BrowserContext, chat: FakeChat) -> None:
    page = visit(context, chat)
    open_chat(page)
    write(page, "Когда привезёте?")
    has_tick(page, "Когда привезёте?", "Отправлено")
    page.keyboard.press("Escape")
    page.goto("about:blank")
    chat.say("Завтра")
    chat.say("До обеда")
    page.goto(chat.shop_url + "/")
    launcher = page.get_by_role("button", name="Написать в магазин, 2 новых сообщения")
    expect(launcher).to_be_visible()
    launcher.click()
    expect(page.locator(".own", has_text="Когда привезёте?")).to_be_visible()
    expect(page.locator(".shop")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Написать в магазин", exact=True)).to_be_focused()
    page.reload()
    expect(page.get_by_role("button", name="Написать в магазин", exact=True)).to_be_visible()
    page.wait_for_function("() => localStorage['prilavok:key-1:read'] === '3'")


def test_older_history_comes_when_one_scrolls_up(context: BrowserContext, chat: FakeChat) -> None:
    page = visit(context, chat)
    open_chat(page)
    write(page, "0")
    has_tick(page, "0", "Отправлено")
    for number in range(1, 251):
        chat.remember(f"слово {number}")
    page.reload()
    expect(page.locator(".shop")).to_have_count(100)
    expect(page.get_by_text("слово 250", exact=True)).to_be_in_viewport()
    top = page.get_by_text("слово 151", exact=True)
    page.locator(".log").evaluate("log => log.scrollTo(0, 0)")
    expect(page.locator(".shop")).to_have_count(200)
    expect(top).to_be_in_viewport()
    page.locator(".log").evaluate("log => log.scrollTo(0, 0)")
    expect(page.locator(".shop")).to_have_count(250)
    page.locator(".log").evaluate("log => log.scrollTo(0, 0)")
    expect(page.get_by_text("Здравствуйте. Чем можем помочь?")).to_be_visible()


def test_a_hostile_page_can_neither_dress_nor_move_nor_hear_the_widget(context: BrowserContext, chat: FakeChat) -> None:
    css = """* { all: unset !important; display: none !important; color: red !important; font-size: 40px !important }
             html, body, h1 { display: block !important }
             div { position: static !important; visibility: hidden !important }
             body { transform: scale(0.5); overflow: hidden; filter: blur(3px) }"""
    script = "window.keys = []; document.addEventListener('keydown', e => window.keys.push(e.key))"
    html = f'<!doctype html><html lang="ru"><style>{css}</style><script>{script}</script><body><h1>Чайник</h1>{SNIPPET}'
    page = visit(context, chat, html)
    before = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    button = page.get_by_role("button", name="Написать в магазин")
    box = button.bounding_box()
    assert box is not None
    assert (box["width"], box["x"] + box["width"], box["y"] + box["height"]) == (56, 1024 - 20, 768 - 20)
    open_chat(page)
    page.keyboard.type("Привет")
    dialog = page.get_by_role("dialog").bounding_box()
    assert dialog is not None
    assert dialog["width"] == 384
    assert page.get_by_label("Сообщение", exact=True).evaluate("e => getComputedStyle(e).fontSize") == "15px"
    assert page.evaluate("window.keys") == []
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == before


def test_the_strictest_policy_needs_only_our_address(context: BrowserContext, chat: FakeChat) -> None:
    ws = chat.chat_url.replace("http", "ws")
    csp = (
        f"default-src 'none'; script-src {chat.chat_url}; connect-src {chat.chat_url} {ws}; img-src {chat.chat_url};"
        " style-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(chat.page("/", SHOP, csp))
    open_chat(page)
    page.locator("input[type=file]").set_input_files({"name": "чайник.png", "mimeType": "image/png", "buffer": PIXEL})
    expect(page.locator(".chip canvas")).to_be_visible()
    write(page, "Такой есть?")
    has_tick(page, "Такой есть?", "Отправлено")
    expect(page.get_by_role("img", name="Картинка чайник.png")).to_be_visible()
    assert chat.upload_tokens == ["Visitor visitor-1"]
    assert page.locator("[style]").count() == 0
    assert [text for text in complaints if "favicon" not in text] == []


def test_words_are_never_markup(context: BrowserContext, chat: FakeChat) -> None:
    page = visit(context, chat)
    open_chat(page)
    evil = '<img src=x onerror="window.bad=1"> https://shop.example/?a=1&b=<script> javascript:alert(1)'
    write(page, evil)
    has_tick(page, "onerror", "Отправлено")
    chat.say(
        evil,
        author={"kind": "agent", "name": "<b onmouseover=alert(1)>Анна</b>"},
        buttons=[
            {"text": "<i>Да</i>", "url": "javascript:window.bad=1"},
            {"text": "Сайт", "url": "https://shop.example/"},
        ],
        attachments=[
            {
                "id": "1",
                "name": "<b>.txt",
                "type": "text/plain",
                "size": 3,
                "kind": "file",
                "url": "javascript:window.bad=1",
            }
        ],
    )
    expect(page.locator(".shop")).to_have_count(1)
    assert page.evaluate("window.bad") is None
    hrefs = page.locator(".log a").evaluate_all("links => links.map(a => a.href)")
    assert sorted(set(hrefs)) == ["https://shop.example/", "https://shop.example/?a=1&b="]
    expect(page.locator(".name")).to_have_text("<b onmouseover=alert(1)>Анна</b>")


def test_everything_can_be_done_by_keyboard(context: BrowserContext, chat: FakeChat) -> None:
    chat.welcome["quick_replies"] = [{"text": "Где мой заказ?"}]
    page = visit(context, chat)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Написать в магазин")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Тёплый чай")).to_be_visible()
    field = page.get_by_label("Сообщение", exact=True)
    expect(field).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Эмодзи")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(field).to_have_value("😊")
    expect(field).to_be_focused()
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("строка")
    expect(field).to_have_value("😊\nстрока")
    field.fill("")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Где мой заказ?")).to_be_focused()
    page.keyboard.press("Enter")
    has_tick(page, "Где мой заказ?", "Отправлено")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.parametrize(
    ("language", "button", "promise", "field"),
    [
        ("ru", "Написать в магазин", "Обычно отвечаем за 4 минуты", "Сообщение…"),
        ("uk-UA", "Написати в крамницю", "Зазвичай відповідаємо за 4 хвилини", "Повідомлення…"),
        ("en", "Write to the shop", "We usually answer in 4 minutes", "Message…"),
    ],
)
def test_it_speaks_the_language_of_the_page(
    context: BrowserContext, chat: FakeChat, language: str, button: str, promise: str, field: str
) -> None:
    chat.welcome["greeting"] = {"ru": "Чем помочь?", "uk": "Чим допомогти?", "en": "How can we help?"}
    page = visit(context, chat, SHOP.replace('lang="ru"', f'lang="{language}"'))
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text(promise).first).to_be_visible()
    expect(page.get_by_placeholder(field)).to_be_focused()
    expect(page.get_by_text(chat.welcome["greeting"][language[:2]])).to_be_visible()
    assert chat.heard_of("hello")[0]["language"] == language[:2]


def test_the_agent_learns_where_the_visitor_came_from_and_goes(context: BrowserContext, chat: FakeChat) -> None:
    chat.page("/", SHOP)
    page = context.new_page()
    page.goto(chat.shop_url + "/?utm_source=ya&utm_campaign=tea", referer="https://search.example/")
    open_chat(page)
    write(page, "Добрый день")
    has_tick(page, "Добрый день", "Отправлено")
    hello = chat.heard_of("hello")[0]
    assert hello["utm"] == {"source": "ya", "campaign": "tea"}
    assert hello["page"]["title"] == "Чайник"
    assert hello["page"]["referrer"] == hello["first"]["referrer"] == "https://search.example/"
    assert hello["timezone"] == "Europe/Warsaw"
    page.evaluate("history.pushState({}, '', '/cup#top'); document.title = 'Чашка'")
    pages = [frame["page"] for frame in chat.wait_for("page")]
    assert [(p["url"], p["title"]) for p in pages] == [(chat.shop_url + "/cup", "Чашка")]


def test_the_talk_can_go_on_elsewhere_but_need_not(context: BrowserContext, chat: FakeChat) -> None:
    chat.welcome |= {"links": [{"inbox_id": "7", "channel": "x", "title": "Telegram"}], "email": "shop@shop.example"}
    page = visit(context, chat)
    open_chat(page)
    fold = page.get_by_text("Продолжить в другом месте")
    expect(fold).to_be_hidden()
    write(page, "Мне пора")
    fold.click()
    expect(page.get_by_role("link", name="Продолжить в Telegram")).to_have_attribute(
        "href", "https://t.example/shop?start=7"
    )
    letter = page.get_by_role("link", name="Написать на shop@shop.example")
    expect(letter).to_have_attribute("href", re.compile("^mailto:shop@shop.example"))


def test_a_refused_message_says_why_and_can_be_sent_again(context: BrowserContext, chat: FakeChat) -> None:
    page = visit(context, chat)
    open_chat(page)
    chat.refuse = "Слишком много сообщений. Подождите минуту."
    write(page, "Эй")
    expect(page.get_by_text("Слишком много сообщений. Подождите минуту.")).to_be_visible()
    assert chat.stored() == []
    page.get_by_role("button", name="Отправить ещё раз").click()
    has_tick(page, "Эй", "Отправлено")
    assert chat.stored() == ["Эй"]


def test_what_the_shop_changed_or_took_back_is_shown(context: BrowserContext, chat: FakeChat) -> None:
    page = visit(context, chat)
    open_chat(page)
    write(page, "Цена?")
    has_tick(page, "Цена?", "Отправлено")
    price, slip = chat.say("100"), chat.say("Не туда")
    expect(page.locator(".shop")).to_have_count(2)
    chat.cut()
    price.update(text="120", edited_at=days_ago(0))
    slip.update(deleted_at=days_ago(0))
    expect(page.locator(".shop", has_text="120").get_by_text("изменено")).to_be_visible()
    expect(page.get_by_text("Сообщение удалено")).to_be_visible()
    expect(page.get_by_text("Не туда")).to_have_count(0)


def test_buttons_answer_for_the_visitor(context: BrowserContext, chat: FakeChat) -> None:
    page = visit(context, chat)
    open_chat(page)
    write(page, "Доставка?")
    has_tick(page, "Доставка?", "Отправлено")
    chat.say("Когда удобнее?", buttons=[{"text": "Утром", "data": "am"}, {"text": "Вечером", "data": "pm"}])
    page.get_by_role("button", name="Вечером").click()
    has_tick(page, "Вечером", "Отправлено")
    assert chat.heard_of("send")[-1]["button"] == "pm"
    expect(page.get_by_role("button", name="Утром")).to_have_count(0)


def test_a_domain_that_is_not_allowed_shows_no_widget_and_tells_its_owner(
    context: BrowserContext, chat: FakeChat
) -> None:
    chat.close_with = 4403
    page = visit(context, chat)
    warnings: list[ConsoleMessage] = []
    page.on("console", lambda message: warnings.append(message) if message.type == "warning" else None)
    with page.expect_console_message(lambda message: "127.0.0.1 is not among the allowed domains" in message.text):
        page.get_by_role("button", name="Написать в магазин").click()
    expect(page.locator("[data-prilavok]")).to_have_count(0)
    assert len(warnings) == 1


def test_a_browser_that_forbids_storage_still_has_a_chat(context: BrowserContext, chat: FakeChat) -> None:
    context.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name,"
        " {get() { throw new DOMException('no', 'SecurityError') }})"
    )
    page = visit(context, chat)
    open_chat(page)
    write(page, "Слышно?")
    has_tick(page, "Слышно?", "Отправлено")
    chat.cut()
    write(page, "А теперь?")
    has_tick(page, "А теперь?", "Отправлено")
    assert chat.stored() == ["Слышно?", "А теперь?"]


def test_the_shop_s_script_can_drive_it(context: BrowserContext, chat: FakeChat) -> None:
    page = visit(context, chat)
    expect(page.get_by_role("button", name="Написать в магазин")).to_be_visible()
    page.evaluate(
        """() => {
             window.seen = []
             const note = name => detail => seen.push([name, detail?.text ?? detail ?? null])
             for (const name of ['open', 'close', 'message', 'unread']) prilavok.on(name, note(name))
           }"""
    )
    page.evaluate("prilavok.identify('jwt-1'); prilavok.open()")
    write(page, "Это я")
    has_tick(page, "Это я", "Отправлено")
    assert chat.heard_of("hello")[0]["identity"] == "jwt-1"
    page.evaluate("prilavok.close()")
    chat.say("Узнали")
    page.wait_for_function("seen.length === 4")
    assert page.evaluate("seen") == [["open", None], ["close", None], ["unread", 1], ["message", "Узнали"]]
    page.evaluate("prilavok.hide()")
    expect(page.get_by_role("button", name=re.compile("Написать"))).to_be_hidden()
    page.evaluate("prilavok.show(); prilavok.identify(null)")
    expect(page.get_by_role("button", name="Написать в магазин", exact=True)).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == []


def test_a_narrow_telephone_gives_it_the_whole_screen(context: BrowserContext, chat: FakeChat) -> None:
    page = visit(context, chat)
    page.set_viewport_size({"width": 320, "height": 568})
    dialog = open_chat(page)
    write(page, "Ж" * 300 + " https://shop.example/" + "a" * 200)
    has_tick(page, "ЖЖЖ", "Отправлено")
    assert dialog.bounding_box() == {"x": 0, "y": 0, "width": 320, "height": 568}
    assert page.locator(".log").evaluate("log => log.scrollWidth <= log.clientWidth")
    page.set_viewport_size({"width": 320, "height": 300})  # the keyboard is up
    expect(page.get_by_role("button", name="Отправить", exact=True)).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Закрыть чат")).to_be_in_viewport(ratio=1)


def test_a_page_that_reads_from_right_to_left_gets_it_mirrored(context: BrowserContext, chat: FakeChat) -> None:
    page = visit(context, chat, SHOP.replace('lang="ru"', 'lang="ru" dir="rtl"'))
    box = open_chat(page).bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (20, 384)
    assert page.evaluate("document.documentElement.scrollWidth") == 1024
