"""Small pages that the server renders itself, for people who never heard of us."""

from html import escape

WORDS = {
    "signin": {
        "ru": ("Вход", "Нажмите, чтобы войти. Ссылка сработает один раз.", "Войти"),
        "uk": ("Вхід", "Натисніть, щоб увійти. Посилання спрацює один раз.", "Увійти"),
        "en": ("Sign in", "Press to sign in. The link works once.", "Sign in"),
    },
    "signin_gone": {
        "ru": ("Ссылка больше не действует", "Попросите новую: prilavok owner ВАШ_АДРЕС.", ""),
        "uk": ("Посилання більше не діє", "Попросіть нове: prilavok owner ВАША_АДРЕСА.", ""),
        "en": ("This link has been used", "Ask for a new one: prilavok owner YOUR_ADDRESS.", ""),
    },
    "track_gone": {
        "ru": ("Здесь ничего нет", "Ссылка устарела. Напишите нам ещё раз, мы ответим.", ""),
        "uk": ("Тут нічого немає", "Посилання застаріло. Напишіть нам ще раз, ми відповімо.", ""),
        "en": ("There is nothing here", "The link has expired. Write to us again and we will answer.", ""),
    },
}
WORDS["consent_gone"] = {
    "ru": (
        "Этот вход уже не завершить",
        "Его начали слишком давно, в другом браузере, или он уже завершён. Вернитесь в настройки ящика и нажмите "
        "кнопку входа ещё раз.",
        "",
    ),
    "uk": (
        "Цей вхід уже не завершити",
        "Його почали надто давно, в іншому браузері, або він уже завершений. Поверніться до налаштувань скриньки й "
        "натисніть кнопку входу ще раз.",
        "",
    ),
    "en": (
        "This sign-in cannot be finished any more",
        "It was begun too long ago, in another browser, or it is finished already. Go back to the inbox's settings and "
        "press the button once more.",
        "",
    ),
}
WORDS["link_gone"] = {
    "ru": ("Ссылка больше не действует", "Она устарела или записана не целиком. Новая есть в последнем сообщении.", ""),
    "uk": ("Посилання більше не діє", "Воно застаріло або записане не цілком. Нове є в останньому повідомленні.", ""),
    "en": ("This link no longer works", "It has expired or is not complete. The latest message has a new one.", ""),
}
WORDS["refused_often"] = {
    "ru": ("Слишком часто", "Подождите минуту и обновите эту страницу: то, что Вы написали, отправится ещё раз.", ""),
    "uk": ("Надто часто", "Зачекайте хвилину й оновіть цю сторінку: написане надішлеться ще раз.", ""),
    "en": ("Too often", "Wait a minute and load this page again: what you wrote will be sent once more.", ""),
}
WORDS["refused_broken"] = {
    "ru": ("Сейчас не получилось", "Подождите немного и обновите эту страницу.", ""),
    "uk": ("Зараз не вийшло", "Зачекайте трохи й оновіть цю сторінку.", ""),
    "en": ("That did not work just now", "Wait a little and load this page again.", ""),
}
WORDS["refused"] = {
    "ru": ("Так не получится", "Откройте страницу по своей ссылке ещё раз. Если не поможет, напишите магазину.", ""),
    "uk": ("Так не вийде", "Відкрийте сторінку за своїм посиланням ще раз. Якщо не допоможе, напишіть крамниці.", ""),
    "en": (
        "This cannot be done",
        "Open the page by your link again. If that does not help, write to the shop.",
        "",
    ),
}
STYLE = """
:root {
  color-scheme: light dark;
  --surface: #fbfaf8; --raised: #fff; --text: #1d2422; --muted: #5d6966; --line: #dfe3e0; --edge: #87928e;
  --accent: #0f5c56;
}
@media (prefers-color-scheme: dark) {
  :root {
    --surface: #151a19; --raised: #1c2322; --text: #e8ecea; --muted: #9aa8a4; --line: #2c3634; --edge: #6f7f7a;
    --accent: #6cc5bc;
  }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--surface); color: var(--text); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 36rem; margin: 0 auto; padding: 12vh 20px 48px }
h1 { font-size: 1.5rem; line-height: 1.3; margin: 0 0 8px }
p { margin: 0 0 16px }
.muted { color: var(--muted) }
button {
  font: inherit; font-weight: 600; color: #fff; background: #0f5c56; border: 0; border-radius: 8px;
  min-height: 44px; padding: 8px 24px; cursor: pointer;
}
button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
ol { list-style: none; margin: 24px 0; padding: 0 }
li { position: relative; padding: 0 0 16px 28px; border-left: 2px solid var(--line); margin-left: 7px }
li:last-child { border-color: transparent }
li::before {
  content: ""; position: absolute; left: -7px; top: 6px; width: 12px; height: 12px; border-radius: 50%;
  background: var(--surface); border: 2px solid var(--line); box-sizing: border-box;
}
li.done::before { background: var(--accent); border-color: var(--accent) }
time { color: var(--muted); font-size: .875rem }
blockquote {
  margin: 8px 0 0; padding: 12px 16px; background: var(--raised); border: 1px solid var(--line);
  border-radius: 12px; white-space: pre-wrap; overflow-wrap: anywhere;
}
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
# Its address is a secret: no other site learns it, no cache keeps the page. Not `no-referrer`: with it browsers say
# "Origin: null" even to ourselves, and the button of the page would be refused.
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow",
}


def page(name: str, language: str) -> str:
    """A page of a heading, a sentence and perhaps one button that posts to the same address."""
    title, sentence, button = WORDS[name].get(language, WORDS[name]["en"])
    form = f'<form method="post"><button>{escape(button)}</button></form>' if button else ""
    return whole(title, language, f"<h1>{escape(title)}</h1><p>{escape(sentence)}</p>{form}")


def refused(status: int, language: str) -> str:
    """What somebody reads who is no program, where a program would be given problem+json."""
    name = {404: "track_gone", 410: "link_gone", 429: "refused_often"}.get(status, "refused")
    return page("refused_broken" if status >= 500 else name, language)


def whole(title: str, language: str, body: str, *, style: str = "", head: str = "") -> str:
    """`body` and `head` are HTML that is safe already; `style` comes after what all pages share."""
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title>{head}<style>{STYLE}{style}</style></head>"
        f"<body><main>{body}</main></body></html>"
    )


def best_language(accept: str, default: str = "en") -> str:
    """The first of our languages that the browser asks for."""
    for part in accept.lower().split(","):
        tongue = part.strip()[:2]
        if tongue in {"ru", "uk", "en"}:
            return tongue
    return default
