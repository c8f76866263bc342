"""How people put things: greetings, slips of the finger, emoji, thoughts sent one by one, letters with a signature."""

import random
import re

from prilavok.simulator.people import Person

GREETINGS = {
    "ru": ("Здравствуйте! ", "Добрый день! ", "Добрый день, ", "Здравствуйте, ", "Доброго дня! ", "Добрый вечер! "),
    "uk": ("Добрий день! ", "Вітаю! ", "Доброго дня! ", "Доброго вечора, ", "Добрий день, ", "Доброго! "),
    "en": ("Hi! ", "Hello, ", "Hi there, ", "Hey, ", "Good morning! ", "Hello! "),
}
DAY_PART = {
    "ru": {"morning": "Доброе утро! ", "evening": "Добрый вечер! "},
    "uk": {"morning": "Доброго ранку! ", "evening": "Добрий вечір! "},
    "en": {"morning": "Good morning! ", "evening": "Good evening! "},
}
THANKS = {
    "ru": ("Спасибо!", "спасибо", "Спасибо большое", "Благодарю", "спасибочки", "Спасибо Вам!"),
    "uk": ("Дякую!", "дякую", "Щиро дякую", "Дуже дякую", "дякс", "Дякую Вам"),
    "en": ("Thanks!", "thank you", "Thanks a lot", "cheers", "Thank you so much", "ta"),
}
BYES = {
    "ru": ("Если что, пишите.", "Мы рядом.", "Хорошего дня!", "Обращайтесь.", ""),
    "uk": ("Пишіть, якщо що.", "Гарного дня!", "Ми поруч.", "Звертайтеся.", ""),
    "en": ("Write any time.", "Have a good day!", "We're here if anything comes up.", "", ""),
}
# By agent: the owner is warm, the second is brief, the third is neat.
HELLOS = {
    "ru": (
        ("{n}, добрый день! ", "Здравствуйте, {n}! ", "Добрый день! "),
        ("Добрый день. ", ""),
        ("Добрый день, {n}! ", ""),
    ),
    "uk": (
        ("{n}, добрий день! ", "Вітаю, {n}! ", "Добрий день! "),
        ("Добрий день. ", ""),
        ("Доброго дня, {n}! ", ""),
    ),
    "en": (("Hi {n}! ", "Hello {n}! ", "Hello! "), ("Hi. ", ""), ("Hello {n}. ", "")),
}
CLOSINGS = {
    "ru": ("С уважением,\n{n}", "Спасибо!\n{n}", "{n}", "--\n{n}"),
    "uk": ("З повагою,\n{n}", "Дякую!\n{n}", "{n}", "--\n{n}"),
    "en": ("Best,\n{n}", "Thanks,\n{n}", "Kind regards,\n{n}", "{n}"),
}
QUOTED = {"ru": "{date}, {who} пишет:", "uk": "{date} {who} пише:", "en": "On {date}, {who} wrote:"}
EMOJI = ("🙂", "🙏", "😊", "❤️", "👍", "☕", "🌿")
NEIGHBOURS = dict(zip("аоеитрнeoti", "плнмьогrpyo", strict=True))
UK_DAY = re.compile(r"(?<=[аеєиіїоуюя]) у (?=понеділок|середу|четвер|п’ятницю|суботу|неділю)")
SENTENCE_START = re.compile(r"(?:^|(?<=[.!?] ))[a-zа-яёіїєґ]")
SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=\S)")


def greeting(rng: random.Random, person: Person, local_hour: int) -> str:
    if rng.random() > person.polite:
        return ""
    part = "morning" if 5 <= local_hour < 11 else "evening" if local_hour >= 18 else ""
    if part and rng.random() < 0.6:
        return DAY_PART[person.language][part]
    kept = [one for one in GREETINGS[person.language] if not any(word in one for word in ("вечер", "вечор", "morning"))]
    return rng.choice(kept)


def hello(rng: random.Random, person: Person, agent: int) -> str:
    """The agent's greeting, with the customer's name where there is one."""
    chosen = rng.choice(HELLOS[person.language][agent])
    if "{n}" in chosen and not person.first:
        return ""
    return chosen.replace("{n}", person.called)


def after_greeting(text: str, hi: str) -> str:
    """After a comma the sentence goes on in a small letter."""
    rest = text.removeprefix(hi.rstrip()).lstrip()
    if not hi.endswith(", ") or rest == text or rest.startswith(("I ", "I'", "I’")) or rest[:2].isupper():
        return text
    return hi + rest[:1].lower() + rest[1:]


def thank_in_passing(text: str, thanks: str) -> str:
    """ "Ok Thanks!" becomes "Ok, thanks!", and "Thanks I'll think" gets its comma too."""
    before, found, after = text.partition(f" {thanks}")
    if found and (before[-1:].isalnum() or before.endswith(",")):
        return f"{before.removesuffix(',')}, {thanks[:1].lower()}{thanks[1:]}{after}"
    rest = text.removeprefix(f"{thanks} ")
    return f"{thanks}, {rest}" if rest != text and thanks[-1].isalnum() and rest[:1].islower() else text


def sentences(text: str) -> str:
    """A capital letter at the beginning of each sentence."""
    return SENTENCE_START.sub(lambda found: found[0].upper(), text)


def easy_on_the_ear(text: str) -> str:
    """Ukrainian: «поїде в середу», but «буде їх у середу»."""
    return UK_DAY.sub(" в ", text)


def in_own_words(rng: random.Random, person: Person, text: str) -> str:
    """A customer's line as this person would type it."""
    if not person.lowercase:
        text = sentences(text)
    elif not text[:3].isupper():
        text = (text[:1].lower() + text[1:]).removesuffix(".")
    if rng.random() < person.sloppy * 3:
        text = slip(rng, text)
    if person.emoji and rng.random() < 0.35 and not any(letter > "\u2600" for letter in text):
        text = f"{text} {rng.choice(EMOJI)}"
    return text


def slip(rng: random.Random, text: str) -> str:
    """One slip of the finger inside a word: two letters change places, one is left out, or a neighbour is hit."""
    places = [at for at in range(2, len(text) - 1) if text[at - 1 : at + 2].isalpha() and text[at - 2].isalpha()]
    if not places:
        return text
    at = rng.choice(places)
    match rng.randrange(3):
        case 0:
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        case 1:
            return text[:at] + text[at + 1 :]
        case _:
            wrong = NEIGHBOURS.get(text[at], text[at])
            return text[:at] + wrong + text[at + 1 :]


def thoughts(rng: random.Random, person: Person, text: str, *, chat: bool) -> list[str]:
    """One message, or several short ones from a person in a hurry."""
    parts = [part.strip() for part in text.split("//")]
    if not chat or not person.hurried:
        return [" ".join(parts)]
    if len(parts) == 1 and len(text) < 160 and rng.random() < 0.6:
        parts = SENTENCE.split(text, maxsplit=1)
    return [part for part in parts if part]


def letter(rng: random.Random, person: Person, text: str, *, first: bool) -> str:
    """A customer's mail: greeting on a line of its own, a name below."""
    for one in (*GREETINGS[person.language], *DAY_PART[person.language].values()):
        if text.startswith(one):
            text = f"{one.rstrip(' ,')}{',' if one.rstrip().endswith(',') else ''}\n\n{capital(text[len(one) :])}"
            break
    if not person.first or (not first and rng.random() < 0.5):
        return text
    return f"{text}\n\n{rng.choice(CLOSINGS[person.language]).format(n=person.first)}"


def quote(date: str, who: str, text: str, language: str) -> str:
    """The tail of a mail that answers another."""
    return "\n".join([QUOTED[language].format(date=date, who=who), *(f"> {line}" for line in text.splitlines())])


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
