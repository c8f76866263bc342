"""The words that fill the gaps of the scripts, for each language: wares, places, dates, courtesies."""

from dataclasses import dataclass
from datetime import datetime

M, F, N = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Ware:
    """`forms`: RU and UK nominative, accusative, genitive, dative, locative; EN the bare name alone."""

    slug: str
    kind: str  # cup | teapot | ware | tea
    price: float  # euro
    gender: int
    forms: tuple[str, ...]

    def fits(self, wanted: str) -> bool:
        allowed = {"": ("cup", "teapot", "ware", "tea"), "ware": ("cup", "teapot", "ware"), "vessel": ("cup", "teapot")}
        return self.kind in allowed.get(wanted, (wanted,))

    def words(self, gap: str) -> dict[str, str]:
        if len(self.forms) == 1:
            name = self.forms[0]
            return {gap: name, f"{gap}.the": f"the {name}", f"{gap}.The": f"The {name}"}
        cases = dict(zip(("nom", "acc", "gen", "dat", "loc"), self.forms, strict=True))
        return {gap: cases["nom"], **{f"{gap}.{case}": form for case, form in cases.items()}}


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    to: str
    inside: str
    timezone: str
    country: str


def _wares(*rows: tuple[str, str, float, int, str, str]) -> tuple[Ware, ...]:
    """The fifth column is declined (`_` stands for a space inside a form), the last one follows every form as it is."""
    return tuple(
        Ware(slug, kind, price, gender, tuple(f"{form.replace('_', ' ')} {rest}".strip() for form in forms.split(" ")))
        for slug, kind, price, gender, forms, rest in rows
    )


WARES = {
    "ru": _wares(
        ("mist", "teapot", 46, M, "чайник чайник чайника чайнику чайнике", "«Туман»"),
        ("mist-small", "teapot", 34, M, "заварник заварник заварника заварнику заварнике", "«Капля»"),
        ("dawn", "cup", 18, F, "чашка чашку чашки чашке чашке", "«Рассвет»"),
        ("dawn-pair", "cup", 24, F, "кружка кружку кружки кружке кружке", "«Сосны»"),
        ("bowl", "cup", 12, F, "пиала пиалу пиалы пиале пиале", "«Речка»"),
        ("walnut", "ware", 39, F, "доска доску доски доске доске", "из ореха"),
        ("matcha", "ware", 52, M, "набор набор набора набору наборе", "для матча"),
        ("linen", "ware", 14, N, "полотенце полотенце полотенца полотенцу полотенце", "изо льна"),
        ("butter", "ware", 27, F, "маслёнка маслёнку маслёнки маслёнке маслёнке", "«Полдень»"),
        ("plate", "ware", 22, F, "тарелка тарелку тарелки тарелке тарелке", "«Поле»"),
        ("oolong", "tea", 16, M, "улун улун улуна улуну улуне", "«Горный»"),
        ("herbal", "tea", 9, M, "сбор сбор сбора сбору сборе", "«Липа и чабрец»"),
    ),
    "uk": _wares(
        ("mist", "teapot", 46, M, "чайник чайник чайника чайнику чайнику", "«Туман»"),
        ("mist-small", "teapot", 34, M, "заварник заварник заварника заварнику заварнику", "«Крапля»"),
        ("dawn", "cup", 18, F, "чашка чашку чашки чашці чашці", "«Світанок»"),
        ("dawn-pair", "cup", 24, F, "філіжанка філіжанку філіжанки філіжанці філіжанці", "«Сосни»"),
        ("bowl", "cup", 12, F, "піала піалу піали піалі піалі", "«Річка»"),
        ("walnut", "ware", 39, F, "горіхова_дошка горіхову_дошку горіхової_дошки горіховій_дошці горіховій_дошці", ""),
        ("matcha", "ware", 52, M, "набір набір набору набору наборі", "для матчі"),
        ("linen", "ware", 14, M, "лляний_рушник лляний_рушник лляного_рушника лляному_рушнику лляному_рушнику", ""),
        ("butter", "ware", 27, F, "маслянка маслянку маслянки маслянці маслянці", "«Полудень»"),
        ("plate", "ware", 22, F, "тарілка тарілку тарілки тарілці тарілці", "«Поле»"),
        ("oolong", "tea", 16, M, "улун улун улуну улуну улуні", "«Гірський»"),
        ("herbal", "tea", 9, M, "збір збір збору збору зборі", "«Липа й чебрець»"),
    ),
    "en": _wares(
        ("mist", "teapot", 46, N, "", "Mist teapot"),
        ("mist-small", "teapot", 34, N, "", "Drop teapot"),
        ("dawn", "cup", 18, N, "", "Dawn cup"),
        ("dawn-pair", "cup", 24, N, "", "Pines mug"),
        ("bowl", "cup", 12, N, "", "River bowl"),
        ("walnut", "ware", 39, N, "", "walnut board"),
        ("matcha", "ware", 52, N, "", "matcha set"),
        ("linen", "ware", 14, N, "", "linen towel"),
        ("butter", "ware", 27, N, "", "Noon butter dish"),
        ("plate", "ware", 22, N, "", "Field plate"),
        ("oolong", "tea", 16, N, "", "Mountain oolong"),
        ("herbal", "tea", 9, N, "", "lime blossom tea"),
    ),
}  # fmt: skip

PLACES = {
    "ru": (
        Place("Одесса", "в Одессу", "в Одессе", "Europe/Kyiv", "UA"),
        Place("Харьков", "в Харьков", "в Харькове", "Europe/Kyiv", "UA"),
        Place("Днепр", "в Днепр", "в Днепре", "Europe/Kyiv", "UA"),
        Place("Рига", "в Ригу", "в Риге", "Europe/Riga", "LV"),
        Place("Вильнюс", "в Вильнюс", "в Вильнюсе", "Europe/Vilnius", "LT"),
        Place("Кишинёв", "в Кишинёв", "в Кишинёве", "Europe/Chisinau", "MD"),
        Place("Тбилиси", "в Тбилиси", "в Тбилиси", "Asia/Tbilisi", "GE"),
        Place("Ереван", "в Ереван", "в Ереване", "Asia/Yerevan", "AM"),
        Place("Алматы", "в Алматы", "в Алматы", "Asia/Almaty", "KZ"),
        Place("Ташкент", "в Ташкент", "в Ташкенте", "Asia/Tashkent", "UZ"),
        Place("Берлин", "в Берлин", "в Берлине", "Europe/Berlin", "DE"),
        Place("Прага", "в Прагу", "в Праге", "Europe/Prague", "CZ"),
    ),
    "uk": (
        Place("Київ", "до Києва", "у Києві", "Europe/Kyiv", "UA"),
        Place("Львів", "до Львова", "у Львові", "Europe/Kyiv", "UA"),
        Place("Полтава", "до Полтави", "у Полтаві", "Europe/Kyiv", "UA"),
        Place("Чернівці", "до Чернівців", "у Чернівцях", "Europe/Kyiv", "UA"),
        Place("Вінниця", "до Вінниці", "у Вінниці", "Europe/Kyiv", "UA"),
        Place("Ужгород", "до Ужгорода", "в Ужгороді", "Europe/Kyiv", "UA"),
        Place("Луцьк", "до Луцька", "у Луцьку", "Europe/Kyiv", "UA"),
        Place("Одеса", "до Одеси", "в Одесі", "Europe/Kyiv", "UA"),
        Place("Варшава", "до Варшави", "у Варшаві", "Europe/Warsaw", "PL"),
        Place("Краків", "до Кракова", "у Кракові", "Europe/Warsaw", "PL"),
        Place("Лейпциг", "до Лейпцига", "у Лейпцигу", "Europe/Berlin", "DE"),
    ),
    "en": (
        Place("London", "to London", "in London", "Europe/London", "GB"),
        Place("Leeds", "to Leeds", "in Leeds", "Europe/London", "GB"),
        Place("Bristol", "to Bristol", "in Bristol", "Europe/London", "GB"),
        Place("Dublin", "to Dublin", "in Dublin", "Europe/Dublin", "IE"),
        Place("Utrecht", "to Utrecht", "in Utrecht", "Europe/Amsterdam", "NL"),
        Place("Malmö", "to Malmö", "in Malmö", "Europe/Stockholm", "SE"),
        Place("Kraków", "to Kraków", "in Kraków", "Europe/Warsaw", "PL"),
        Place("Boston", "to Boston", "in Boston", "America/New_York", "US"),
    ),
}

ABROAD = {
    "ru": ("Польшу", "Германию", "Чехию", "Португалию", "Сербию"),
    "uk": ("Польщу", "Німеччину", "Чехію", "Іспанію", "Канаду"),
    "en": ("Norway", "Portugal", "Canada", "Switzerland", "Japan"),
}
STREETS = {
    "ru": ("Садовая, {h}, кв. {f}", "Липовый переулок, {h}", "Набережная, {h}, кв. {f}", "Школьная, {h}, подъезд 2"),
    "uk": ("вул. Садова, {h}, кв. {f}", "пров. Липовий, {h}", "вул. Замкова, {h}, кв. {f}", "вул. Шевська, {h}"),
    "en": ("{h} Mill Lane", "{h} Orchard Road, flat {f}", "{h} Harbour Street", "{h} Abbey Row, flat {f}"),
}
FRIENDS = {
    "ru": ("мама, Нина Павловна", "сосед Илья", "моя сестра Катя", "муж, Артём"),
    "uk": ("мама, Ганна Іванівна", "сусід Ілля", "сестра Леся", "чоловік, Остап"),
    "en": ("my neighbour Joan", "my sister Beth", "my flatmate Amir", "my husband Tom"),
}
WINDOWS = {
    "ru": ("с 10 до 13", "с 14 до 18", "с 18 до 21"),
    "uk": ("з 10 до 13", "з 14 до 18", "з 18 до 21"),
    "en": ("between 10 and 1", "between 2 and 6", "between 6 and 9 pm"),
}
PROMOS = {"ru": ("ЧАЙ10", "ОСЕНЬ", "УТРО15"), "uk": ("ЧАЙ10", "ЗАТИШОК", "РАНОК15"), "en": ("TEA10", "COSY", "DAWN15")}
WEEKDAYS = {
    "ru": ["в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу", "в воскресенье"],
    "uk": ["у понеділок", "у вівторок", "у середу", "у четвер", "у п’ятницю", "у суботу", "у неділю"],
    "en": ["on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday", "on Saturday", "on Sunday"],
}
MONTHS = {
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "en": "January February March April May June July August September October November December",
}
SUBJECTS = {
    "ru": {
        "": "Вопрос", "order": "Заказ {order}", "wholesale": "Оптовый заказ", "compliment": "Спасибо",
        "return": "Возврат", "partner": "Продвижение сайта", "jobs": "Работа у вас", "angry": "Где ответ???",
    },
    "uk": {
        "": "Запитання", "order": "Замовлення {order}", "wholesale": "Гуртове замовлення", "compliment": "Дякую",
        "return": "Повернення", "partner": "Просування сайту", "school": "Шкільний ярмарок", "angry": "Третій лист",
    },
    "en": {
        "": "A question", "order": "Order {order}", "wholesale": "Trade order", "compliment": "Thank you",
        "return": "Return", "partner": "Your website", "wedding": "Wedding bowls", "angry": "Still no answer",
    },
}  # fmt: skip


def date(at: datetime, language: str) -> str:
    return f"{at.day} {MONTHS[language].split()[at.month - 1]}"
