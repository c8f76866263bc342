"""What the shop says by itself, in the customer's language. At most three sentences: who writes, why, what next."""

import re

LANGUAGES = ("ru", "uk", "en")
UKRAINIAN = re.compile(r"[іїєґ]", re.IGNORECASE)
RUSSIAN = re.compile(r"[ыэёъ]", re.IGNORECASE)
CYRILLIC = re.compile(r"[а-я]", re.IGNORECASE)
LATIN = re.compile(r"[a-z]", re.IGNORECASE)

ACKNOWLEDGEMENT = {
    "ru": "Здравствуйте! Это {shop}: Ваше письмо у нас, обычно отвечаем {when}.\n"
    "Здесь видно, что с ним происходит: {link}\n"
    "Отвечать на это письмо не нужно, но можно: оно попадёт в тот же разговор.",
    "uk": "Добрий день! Це {shop}: Ваш лист у нас, зазвичай відповідаємо {when}.\n"
    "Тут видно, що з ним відбувається: {link}\n"
    "Відповідати на цей лист не потрібно, але можна: він потрапить до тієї самої розмови.",
    "en": "Hello! This is {shop}: your letter has arrived, we usually answer {when}.\n"
    "You can see here what happens to it: {link}\n"
    "No need to reply, but you may: it joins the same conversation.",
}
WENT_ON = {
    "ru": "Это {shop}. Продолжаем разговор здесь: всё, что Вы писали на сайте, мы видим.",
    "uk": "Це {shop}. Продовжуємо розмову тут: усе, що Ви писали на сайті, ми бачимо.",
    "en": "This is {shop}. We go on here: everything you wrote on the site is with us.",
}


def language_of(text: str, preferred: str, default: str) -> str:
    """The language to answer in: the known one, else by letters that only one language has, else the shop's."""
    known = preferred.lower()[:2]
    if known in LANGUAGES:
        return known
    if UKRAINIAN.search(text) and not RUSSIAN.search(text):
        return "uk"
    if RUSSIAN.search(text):
        return "ru"
    if CYRILLIC.search(text):
        return default if default in {"ru", "uk"} else "ru"
    return "en" if LATIN.search(text) else default


def within(seconds: int, language: str) -> str:
    """«в течение 4 минут», «протягом 2 годин», "within 3 days"."""
    if seconds < 3600:
        count, words = max(1, round(seconds / 60)), MINUTES
    elif seconds < 48 * 3600:
        count, words = round(seconds / 3600), HOURS
    else:
        count, words = round(seconds / 86400), DAYS
    one, many = words[language]
    noun = one if _singular(count, language) else many
    return f"{WITHIN[language]} {count} {noun}"


WITHIN = {"ru": "в течение", "uk": "протягом", "en": "within"}
# After «в течение» and «протягом» stands the genitive: only singular and plural differ.
MINUTES = {"ru": ("минуты", "минут"), "uk": ("хвилини", "хвилин"), "en": ("minute", "minutes")}
HOURS = {"ru": ("часа", "часов"), "uk": ("години", "годин"), "en": ("hour", "hours")}
DAYS = {"ru": ("дня", "дней"), "uk": ("дня", "днів"), "en": ("day", "days")}


def _singular(count: int, language: str) -> bool:
    return count == 1 if language == "en" else count % 10 == 1 and count % 100 != 11
