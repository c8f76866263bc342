"""When people write and when the shop answers: hours of the week, nights, weekends, the rush before the holidays."""

import math
import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

HOURS = (2, 1, 0.6, 0.4, 0.4, 0.8, 2, 4, 7, 9, 11, 12, 11, 10, 10, 10, 11, 12, 13, 14, 15, 14, 10, 5)  # of customers
MONTHS = (0.8, 0.9, 1.0, 0.85, 0.85, 0.75, 0.7, 0.75, 0.95, 1.05, 1.3, 1.7)  # January first
OPEN = {True: (9.0, 20.0), False: (11.0, 17.0)}  # shop hours on weekdays and at weekends

ANSWER = {"webchat": 3.5, "telegram": 9.0, "email": 95.0}  # minutes, the median in open hours
FOLLOW_UP = {"webchat": 1.6, "telegram": 7.0, "email": 330.0}  # minutes until the customer goes on


def begin(rng: random.Random, since: datetime, until: datetime) -> datetime:
    """When a matter begins: busier in the evening and before the holidays, and the shop grows over the year."""
    span = (until - since).total_seconds()
    while True:
        at = since + timedelta(seconds=span * rng.random() ** 0.8)
        weight = HOURS[at.hour] / 15 * MONTHS[at.month - 1] / 1.7 * (0.7 if at.weekday() >= 5 else 1.0)
        if rng.random() < weight:
            return at


def answered(rng: random.Random, asked: datetime, channel: str, zone: ZoneInfo) -> datetime:
    """When an agent answers what was asked at `asked`: at night nobody is there, at weekends few are."""
    local = asked.astimezone(zone)
    minutes = ANSWER[channel] * math.exp(rng.gauss(0, 0.85))
    if local.weekday() >= 5:
        minutes *= 2.6
    if local.hour == 13 or (local.weekday() == 0 and local.hour < 12):
        minutes *= 1.8
    opens, closes = OPEN[local.weekday() < 5]
    hour = local.hour + local.minute / 60
    if opens <= hour and hour + minutes / 60 < closes:
        return asked + timedelta(minutes=minutes)
    if opens <= hour < closes and minutes < 40:
        return asked + timedelta(minutes=minutes)  # somebody stays a little longer
    return _next_opening(local, opens) + timedelta(minutes=min(minutes, 90) * rng.uniform(0.4, 1.6) + 2)


def _next_opening(local: datetime, opens: float) -> datetime:
    hour = local.hour + local.minute / 60
    day = local if hour < opens else local + timedelta(days=1)
    first = OPEN[day.weekday() < 5][0]
    return day.replace(hour=int(first), minute=0, second=0).astimezone(ZoneInfo("UTC"))


def followed_up(rng: random.Random, told: datetime, channel: str, zone: ZoneInfo) -> datetime:
    """When the customer goes on after an answer; who would have to get up at night does it in the morning."""
    at = told + timedelta(minutes=FOLLOW_UP[channel] * math.exp(rng.gauss(0, 0.9)), seconds=rng.uniform(5, 50))
    local = at.astimezone(zone)
    if local.hour < 7 and at - told > timedelta(minutes=20):
        return local.replace(hour=7, minute=rng.randrange(60)).astimezone(ZoneInfo("UTC")) + timedelta(hours=1)
    return at
