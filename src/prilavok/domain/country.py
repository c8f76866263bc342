"""Habits of countries, as data: where people expect to be written to, how soon they expect an answer, and in what tone.

An order of media names channels by the word that people use, or a whole class ("messenger", "mail", "sms", "call").
Every list is a custom and no law: a customer's own word, and the place where they write to the shop, come before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

MESSENGER, MAIL, SMS, CALL = "messenger", "mail", "sms", "call"
CLASSES = (MESSENGER, MAIL, SMS, CALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """`media` the customary order; `answer` minutes that people wait contentedly, by class; `tone` how the shop
    addresses them; `zone` whose hours count while the customer's own are unknown.
    """

    media: tuple[str, ...]
    answer: Mapping[str, int]
    tone: str  # formal | friendly | brief
    zone: str


ANYWHERE = Habit(
    media=(MESSENGER, MAIL, SMS, CALL),
    answer={MESSENGER: 60, MAIL: 24 * 60, SMS: 60, CALL: 3},
    tone="friendly",
    zone="UTC",
)

HABITS: Mapping[str, Habit] = {
    "GB": Habit(  # written words first, and soon: more than a quarter expect an answer within five minutes
        media=("email", "whatsapp", MESSENGER, SMS, CALL),
        answer={MESSENGER: 5, MAIL: 4 * 60, SMS: 30, CALL: 1},
        tone="formal",
        zone="Europe/London",
    ),
    "US": Habit(  # mail and a text message; a call is still no surprise
        media=("email", SMS, MESSENGER, CALL),
        answer={MESSENGER: 5, MAIL: 12 * 60, SMS: 15, CALL: 2},
        tone="friendly",
        zone="America/Chicago",
    ),
    "FR": Habit(  # a letter, with its forms of politeness
        media=("email", "whatsapp", SMS, MESSENGER, CALL),
        answer={MESSENGER: 30, MAIL: 24 * 60, SMS: 60, CALL: 3},
        tone="formal",
        zone="Europe/Paris",
    ),
    "SE": Habit(  # parcels are announced by SMS
        media=(SMS, "email", MESSENGER, CALL),
        answer={MESSENGER: 15, MAIL: 24 * 60, SMS: 60, CALL: 5},
        tone="brief",
        zone="Europe/Stockholm",
    ),
    "PL": Habit(
        media=("email", SMS, "whatsapp", MESSENGER, CALL),
        answer={MESSENGER: 15, MAIL: 12 * 60, SMS: 30, CALL: 3},
        tone="formal",
        zone="Europe/Warsaw",
    ),
    "RU": Habit(  # a messenger; most would rather write than call, and wait for an hour in it
        media=("telegram", "max", "whatsapp", "vk", MESSENGER, SMS, MAIL, CALL),
        answer={MESSENGER: 60, MAIL: 24 * 60, SMS: 60, CALL: 3},
        tone="formal",
        zone="Europe/Moscow",
    ),
    "UA": Habit(
        media=("viber", "telegram", "whatsapp", MESSENGER, SMS, MAIL, CALL),
        answer={MESSENGER: 60, MAIL: 24 * 60, SMS: 60, CALL: 3},
        tone="friendly",
        zone="Europe/Kyiv",
    ),
}


def habit_of(country: str) -> Habit:
    return HABITS.get(country, ANYWHERE)
