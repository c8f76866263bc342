"""Who buys in the demo's shop: names, where they live, where they write from, and how they write."""

import random
from dataclasses import dataclass

from prilavok.simulator.vocabulary import PLACES, F, M, Place

NAMES = {
    ("ru", F): "Анна Елена Наталья Ирина Светлана Юлия Дарья Ксения Вероника Алиса Людмила Полина Жанна Марина",
    ("ru", M): "Алексей Дмитрий Сергей Артём Игорь Роман Павел Никита Тимур Глеб Руслан Виктор",
    ("uk", F): "Оксана Ірина Соломія Леся Надія Катерина Олена Юлія Зоряна Мирослава Тетяна Ганна Дарина Богдана",
    ("uk", M): "Андрій Тарас Остап Богдан Юрій Михайло Сергій Назар Олег Василь Ярема Ілля",
    ("en", F): "Emma Sophie Hannah Grace Nora Alice Priya Megan Ingrid Claire Zoe Harriet",
    ("en", M): "James Oliver Tom Daniel Lars Samuel Amir Peter Callum Hugo Ben Marcus",
}
SURNAMES = {
    ("ru", F): "Белова Кравец Орлова Литвин Соколова Журавель Титова Романюк Зимина Гончар Маркова Руденко Вольская",
    ("ru", M): "Белов Кравец Орлов Литвин Соколов Журавель Титов Романюк Зимин Гончар Марков Руденко Вольский",
    ("uk", F): "Коваленко Гнатюк Савчук Мороз Шевчук Левицька Дорош Кульчицька Ткач Вовк Паламар Стецюк Бойчук",
    ("uk", M): "Коваленко Гнатюк Савчук Мороз Шевчук Левицький Дорош Кульчицький Ткач Вовк Паламар Стецюк Бойчук",
    ("en", F): "Walsh Hughes Lindqvist Baker Murphy Patel Novak Cooper Reid Barnes Jansen Doyle",
    ("en", M): "Walsh Hughes Lindqvist Baker Murphy Patel Novak Cooper Reid Barnes Jansen Doyle",
}
CYRILLIC = "абвгґдеёєжзиіїйклмнопрстуфхцчшщьыъэюя’"
SOUNDS = "a,b,v,h,g,d,e,e,ie,zh,z,y,i,i,i,k,l,m,n,o,p,r,s,t,u,f,kh,ts,ch,sh,shch,,y,,e,iu,ia,"
LATIN = dict(zip(CYRILLIC, SOUNDS.split(","), strict=True)) | {"ö": "o", "ó": "o"}
CALLED = {"Леся": "Лесю", "Олег": "Олегу", "Ілля": "Ілле", "Михайло": "Михайле", "Василь": "Василю"}
SHARE = (("ru", 0.42), ("uk", 0.38), ("en", 0.20))


@dataclass(frozen=True, slots=True)
class Person:
    number: int
    first: str
    last: str
    gender: int
    language: str
    place: Place
    lowercase: bool  # writes without capitals and full stops
    emoji: bool
    hurried: bool  # presses Enter after every thought
    sloppy: float  # chance of a slip in a message
    polite: float  # chance to greet
    channels: tuple[str, ...]  # where they write from, favourite first
    regular: float  # how often they come, relative

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}".strip()

    @property
    def handle(self) -> str:
        """Latin letters, for addresses."""
        return "".join(LATIN.get(letter, letter) for letter in f"{self.first}.{self.last}".lower())

    @property
    def called(self) -> str:
        """How the shop addresses them: Ukrainian has a case of its own for that."""
        if self.language != "uk" or not self.first:
            return self.first
        endings = {"ія": "іє", "ій": "ію", "а": "о"}
        plain = next((self.first[: -len(old)] + new for old, new in endings.items() if self.first.endswith(old)), "")
        return CALLED.get(self.first) or plain or f"{self.first}е"


def people(rng: random.Random, count: int) -> list[Person]:
    return [_person(rng, number) for number in range(count)]


def _person(rng: random.Random, number: int) -> Person:
    language = rng.choices([code for code, _ in SHARE], [share for _, share in SHARE])[0]
    gender = F if rng.random() < 0.68 else M
    channels = _channels(rng, language)
    anonymous = channels == ("webchat",) and rng.random() < 0.6
    return Person(
        number=number,
        first="" if anonymous else rng.choice(NAMES[language, gender].split()),
        last="" if anonymous or rng.random() < 0.12 else rng.choice(SURNAMES[language, gender].split()),
        gender=gender,
        language=language,
        place=rng.choice(PLACES[language]),
        lowercase=rng.random() < 0.3,
        emoji=rng.random() < 0.35,
        hurried=rng.random() < 0.3,
        sloppy=rng.choice((0.0, 0.01, 0.03, 0.08)),
        polite=rng.uniform(0.35, 1.0),
        channels=channels,
        regular=rng.paretovariate(1.6),
    )


def _channels(rng: random.Random, language: str) -> tuple[str, ...]:
    """English speakers like mail, Ukrainians Telegram; four in ten are met in one place only."""
    telegram = {"ru": 0.42, "uk": 0.48, "en": 0.12}[language]
    mail = {"ru": 0.2, "uk": 0.17, "en": 0.45}[language]
    weights = {"webchat": 1 - telegram - mail, "telegram": telegram, "email": mail}
    favourite = rng.choices(list(weights), list(weights.values()))[0]
    others = [channel for channel in weights if channel != favourite]
    rng.shuffle(others)
    return (favourite, *others[: rng.choices((0, 1, 2), (0.4, 0.42, 0.18))[0]])
