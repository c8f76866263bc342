"""The sample shop: six wares, a page each, in three languages, with the chat widget as any shop would put it in."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

LANGUAGES = {"ru": "Русский", "uk": "Українська", "en": "English"}
PAGES = ("delivery",)
MARKS = "utm_source={source}&utm_medium={medium}&utm_campaign={campaign}"


@dataclass(frozen=True, slots=True)
class Product:
    slug: str
    price: int  # euro
    texts: Mapping[str, tuple[str, str, str]]  # language: name, one line, a paragraph


PRODUCTS = (
    Product("mist", 46, {
        "ru": ("Чайник «Туман»", "Шамот, матовая глазурь, 700 мл",
               "Носик, который не капает, и ручка под целую ладонь. Глазурь ложится туманом, двух одинаковых нет."),
        "uk": ("Чайник «Туман»", "Шамот, матова полива, 700 мл",
               "Носик, що не крапає, і ручка під цілу долоню. Полива лягає туманом, двох однакових не буває."),
        "en": ("Mist teapot", "Stoneware, matt glaze, 700 ml",
               "A spout that does not drip, a handle for the whole hand. The glaze settles like mist, never alike."),
    }),
    Product("dawn", 18, {
        "ru": ("Чашка «Рассвет»", "Красная глина, 250 мл",
               "Тонкий край, широкое дно: чай остывает ровно настолько, чтобы дочитать страницу."),
        "uk": ("Чашка «Світанок»", "Червона глина, 250 мл",
               "Тонкий край, широке денце: чай холоне рівно стільки, щоб дочитати сторінку."),
        "en": ("Dawn cup", "Red clay, 250 ml",
               "A thin rim and a wide base: the tea cools just long enough to finish the page."),
    }),
    Product("matcha", 52, {
        "ru": ("Набор для матча", "Пиала, венчик, ложечка",
               "Всё, что нужно для утра без кофе. Венчик из бамбука, 80 зубцов."),
        "uk": ("Набір для матчі", "Піала, вінчик, ложечка",
               "Усе, що треба для ранку без кави. Вінчик із бамбука, 80 зубців."),
        "en": ("Matcha set", "Bowl, whisk, scoop",
               "All you need for a morning without coffee. Bamboo whisk, eighty tines."),
    }),
    Product("walnut", 39, {
        "ru": ("Доска из ореха", "Цельный орех, 38 × 22 см",
               "Пропитана маслом, любит, когда ею пользуются. Можно сделать надпись."),
        "uk": ("Горіхова дошка", "Суцільний горіх, 38 × 22 см",
               "Просочена олією, любить, коли нею користуються. Можна зробити напис."),
        "en": ("Walnut board", "One piece of walnut, 38 × 22 cm", "Oiled, and happiest when used. Can be engraved."),
    }),
    Product("linen", 14, {
        "ru": ("Льняное полотенце", "Стираный лён, 45 × 70 см",
               "Вытирает с первого раза и с каждой стиркой становится мягче."),
        "uk": ("Лляний рушник", "Пом’якшений льон, 45 × 70 см", "Витирає з першого разу й м’якшає з кожним пранням."),
        "en": ("Linen towel", "Washed linen, 45 × 70 cm", "Dries at the first go and grows softer with every wash."),
    }),
    Product("oolong", 16, {
        "ru": ("Улун «Горный»", "Весенний сбор, 100 г",
               "Пахнет сливками и луговыми цветами. Выдерживает семь проливов."),
        "uk": ("Улун «Гірський»", "Весняний збір, 100 г", "Пахне вершками й лугом. Витримує сім заварювань."),
        "en": ("Mountain oolong", "Spring harvest, 100 g",
               "Smells of cream and meadow flowers. Good for seven infusions."),
    }),
)  # fmt: skip

WORDS = {
    "ru": {
        "write": "Напишите, где привыкли:", "form": "Форма обращения",
        "shop": "Кардамон", "wares": "Все вещи", "delivery": "Доставка", "basket": "Корзина", "add": "В корзину",
        "order": "Оформить заказ",
        "lead": "Посуда, чай и кухонные вещи, которые хочется брать в руки",
        "sub": "Лепим и выбираем сами. Есть вопрос — нажмите на кнопку внизу, ответит живой человек.",
        "back": "Ко всем вещам", "stock": "Есть в наличии, отправим сегодня до 14:00",
        "from": "Откуда пришёл покупатель:", "ad": "реклама в Instagram", "letter": "наше письмо", "search": "поиск",
        "note": "Магазин учебный: денег здесь не берут, а заказать и написать можно.",
        "delivery_text": "До пункта выдачи 4,50 €, курьером 8 €, от 60 € бесплатно.|"
                         "Заказали до 14:00 — отправим сегодня. Обычно идёт 2–5 рабочих дней.|"
                         "Не звоним без просьбы: всё важное пишем туда, откуда Вы написали.",
    },
    "uk": {
        "write": "Напишіть, де звикли:", "form": "Форма звернення",
        "shop": "Кардамон", "wares": "Усі речі", "delivery": "Доставка", "basket": "Кошик", "add": "До кошика",
        "order": "Оформити замовлення",
        "lead": "Посуд, чай і кухонні речі, які хочеться брати до рук",
        "sub": "Ліпимо й добираємо самі. Маєте запитання — натисніть кнопку внизу, відповість жива людина.",
        "back": "До всіх речей", "stock": "Є в наявності, надішлемо сьогодні до 14:00",
        "from": "Звідки прийшов покупець:", "ad": "реклама в Instagram", "letter": "наш лист", "search": "пошук",
        "note": "Крамниця навчальна: грошей тут не беруть, а замовити й написати можна.",
        "delivery_text": "До відділення 4,50 €, кур’єром 8 €, від 60 € безкоштовно.|"
                         "Замовили до 14:00 — поїде сьогодні. Зазвичай іде 2–5 робочих днів.|"
                         "Не дзвонимо без прохання: усе важливе пишемо туди, звідки написали Ви.",
    },
    "en": {
        "write": "Write where you like:", "form": "Request form",
        "shop": "Kardamon", "wares": "Everything", "delivery": "Delivery", "basket": "Basket", "add": "Add to basket",
        "order": "Check out",
        "lead": "Pots, tea and kitchen things that ask to be held",
        "sub": "Made and chosen by us. A question? Press the button below, a person answers.",
        "back": "All things", "stock": "In stock, sent today if you order before two",
        "from": "Where the customer came from:", "ad": "an Instagram ad", "letter": "our newsletter",
        "search": "search",
        "note": "A practice shop: no money is taken here, but you can order and write.",
        "delivery_text": "€4.50 to a parcel shop, €8 by courier, free from €60.|"
                         "Ordered before two, it leaves today. Usually two to five working days.|"
                         "We do not call unasked: what matters we write to where you wrote from.",
    },
}  # fmt: skip
CAMPAIGNS = {
    "ad": {"source": "instagram", "medium": "social", "campaign": "autumn-tea"},
    "letter": {"source": "newsletter", "medium": "email", "campaign": "new-glaze"},
    "search": {"source": "google", "medium": "cpc", "campaign": "teapots"},
}


@dataclass(frozen=True, slots=True)
class Ways:
    """How else the shop can be reached: keys of the form and of the product cards, and messengers (title, address)."""

    form: str = ""
    cards: str = ""
    messengers: tuple[tuple[str, str], ...] = ()


class Storefront:
    """`inbox_key` goes into the widget's script tag."""

    def __init__(self, inbox_key: str, ways: Ways) -> None:
        self.inbox_key, self.ways = inbox_key, ways

    def page(self, name: str, asked: str, accepted: str) -> str | None:
        """HTML, or None when there is no such page. `accepted`: the browser's Accept-Language."""
        language = asked if asked in LANGUAGES else spoken(accepted)
        words = WORDS[language]
        product = next((one for one in PRODUCTS if one.slug == name), None)
        if product is not None:
            return self.frame(
                name,
                language,
                product.texts[language][0],
                _product(product, language, words) + self._cards(product, language),
            )
        if name == "delivery":
            return self.frame(name, language, words["delivery"], _delivery(words))
        return None if name else self.frame(name, language, words["lead"], _shelf(language, words))

    def frame(self, name: str, language: str, title: str, main: str) -> str:
        words = WORDS[language]
        path = f"/shop/{name}" if name else "/shop"
        others = "".join(
            f'<a href="{path}?lang={code}" lang="{code}" title="{called}"'
            f"{' aria-current=true' if code == language else ''}>{code.upper()}</a>"
            for code, called in LANGUAGES.items()
        )
        return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · {words["shop"]}</title>
<link rel="icon" href="/phone/static/leaf.svg">
<link rel="stylesheet" href="/phone/static/shop.css">
<script src="/phone/static/shop.js" type="module"></script>
<script src="/widget.js" data-inbox="{escape(self.inbox_key)}" async></script>
</head>
<body>
<header>
<a class="brand" href="/shop?lang={language}">
<img src="/phone/static/leaf.svg" alt="" width="28" height="28">{words["shop"]}</a>
<nav><a href="/shop?lang={language}">{words["wares"]}</a>
<a href="/shop/delivery?lang={language}">{words["delivery"]}</a></nav>
<span class="languages">{others}</span>
<a class="basket" href="/shop/basket?lang={language}">{words["basket"]} <output id="basket">0</output></a>
</header>
<main>{main}</main>
<footer>{self._messengers(words)}<p>{words["note"]}</p>{_campaigns(language, words)}</footer>
</body>
</html>
"""

    def _cards(self, product: Product, language: str) -> str:
        """Reviews and questions of this product, as any shop would put them in."""
        if not self.ways.cards:
            return ""
        about = f'data-product="{product.slug}" data-name="{escape(product.texts[language][0])}"'
        return (
            f'<section class="cards"><div data-prilavok-cards="{escape(self.ways.cards)}" {about} '
            f'data-language="{language}"></div><script src="/cards.js" async></script></section>'
        )

    def _messengers(self, words: Mapping[str, str]) -> str:
        links = "".join(f'<a href="{escape(url)}">{escape(title)}</a>' for title, url in self.ways.messengers)
        if self.ways.form:
            links += f'<a href="/f/{escape(self.ways.form)}" target="_blank" rel="noopener">{words["form"]}</a>'
        return f'<p class="ways"><span>{words["write"]}</span>{links}</p>' if links else ""


def spoken(accepted: str) -> str:
    """The first of our languages in an Accept-Language header; English when there is none."""
    for one in accepted.lower().split(","):
        code = one.split(";")[0].strip()[:2]
        if code in LANGUAGES:
            return code
    return "en"


def _shelf(language: str, words: Mapping[str, str]) -> str:
    cards = "".join(
        f'<a class="card" href="/shop/{one.slug}?lang={language}">'
        f'<img src="/phone/static/ware-{one.slug}.svg" alt="" width="240" height="200">'
        f"<b>{one.texts[language][0]}</b><span>{one.texts[language][1]}</span><em>{one.price} €</em></a>"
        for one in PRODUCTS
    )
    hero = f'<section class="hero"><h1>{words["lead"]}</h1><p>{words["sub"]}</p></section>'
    return f'{hero}<section class="shelf">{cards}</section>'


def _product(product: Product, language: str, words: Mapping[str, str]) -> str:
    name, line, text = product.texts[language]
    return (
        f'<a class="back" href="/shop?lang={language}">← {words["back"]}</a><article class="product">'
        f'<img src="/phone/static/ware-{product.slug}.svg" alt="" width="480" height="400">'
        f"<div><h1>{name}</h1><p class=line>{line}</p><p>{text}</p><p class=price>{product.price} €</p>"
        f'<p class="buy"><button id="add" type="button" data-slug="{product.slug}">{words["add"]}</button>'
        f'<a id="go" href="/shop/basket?lang={language}">{words["order"]} →</a></p>'
        f'<p class="stock">{words["stock"]}</p></div></article>'
    )


def _delivery(words: Mapping[str, str]) -> str:
    lines = "".join(f"<li>{escape(line)}</li>" for line in words["delivery_text"].split("|"))
    return f'<article class="plain"><h1>{words["delivery"]}</h1><ul>{lines}</ul></article>'


def _campaigns(language: str, words: Mapping[str, str]) -> str:
    links = " ".join(
        f'<a href="/shop/mist?lang={language}&amp;{escape(MARKS.format(**marks))}">{words[name]}</a>'
        for name, marks in CAMPAIGNS.items()
    )
    return f'<p class="campaigns">{words["from"]} {links}</p>'
