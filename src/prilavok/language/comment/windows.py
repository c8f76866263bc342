"""Which time is for words and which for the parcel."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from prilavok.domain.wishes import Window
from prilavok.language.comment.polarity import ONE_MORE, Propositions
from prilavok.language.comment.times import TimeHit
from prilavok.language.comment.tokens import Token
from prilavok.language.comment.wordlist import words

SPEAKING = words("""
    PHONE на_связи CALLV CALLN WRITE PEN CONTACT TALK MESSAGE ANSWER text BOTHER telegram viber whatsapp sms
    email communication
""")
BRINGING = words("COMING GIVE LEAVE дом дома home вдома RECEIVE")
NOBODY = words("нас никого нікого меня мене нас дома вдома")
SOONER = words("раньше ранее раніше earlier sooner before")
THEN, THIS, HOURS = words("тогда тоді then"), words("это цей этот цю this that"), words("время час time пору")
NOBODY_AT_ALL = words("никого нікого")
LATER_ON = words("потом потім then afterwards")
LIFTS = words("лифт ліфт lift elevator")
KNOCKING = words("постучать стучать стукати постукати стукнути стукнуть knock")
EVERY = words("каждый кожен кожного щовечора щоранку every")
AWAY = words("""
    работа работать спать учеба офис робота працювати спить sleep asleep work занятый занят зайнятий сон учиться
    пара урок лекция совещание отсутствовать отсутствие смена пустой пустий порожній empty вахта зміна
    дежурство чергування
""")


@dataclass(slots=True)
class Windows:
    contact: Window | None = None
    delivery: Window | None = None
    spans: list[tuple[int, int, str, str]] = field(default_factory=list)  # first, last, field, value
    puzzling: list[TimeHit] = field(default_factory=list)  # several, excluding


def read_windows(tokens: Sequence[Token], times: Sequence[TimeHit], silent: set[int]) -> Windows:
    """`silent`: words about calls that say nothing about when to call (refusals, calls on arrival)."""
    result = Windows()
    times = [hit for hit in times if not _nobody_home(tokens, hit)] or times
    times = [hit for hit in times if not (_of_lift(tokens, hit) or _at_the_bell(tokens, hit))]
    times = [hit for hit in times if not (hit.point and _is_past(tokens, hit)) and not _rang_then(tokens, hit)]
    times = _positive(
        tokens, [hit for hit in times if not (hit.vague and (_asleep(tokens, hit) or _habit(tokens, hit)))]
    )
    days: list[TimeHit] = [hit for hit in times if hit.days and hit.days != "no time"]
    used: set[int] = set()
    for hit in _merged([hit for hit in times if not hit.days], tokens):
        contact = _is_for_words(tokens, hit, silent)
        excluded = hit.direction != "within" and (_excluded(tokens, hit) or _then_not(tokens, hit))
        if excluded and hit.from_ and hit.to and not hit.point:
            result.puzzling.append(hit)
            continue
        window = _side(tokens, hit, excluded=excluded)
        day = _day_of(tokens, hit, days)
        if day is not None:
            used.add(day.first)
            name = "contact_window" if contact else "delivery_window"
            result.spans.append((day.first, day.last, name, day.days))
            window = Window(window.from_, window.to, day.days, window.vague)
        _put(result, hit, window, contact=contact)
    for day in days:
        if day.first not in used:
            which = day.days
            if _excluded(tokens, day):
                which = "weekends" if which == "weekdays" else "weekdays"
            _put(result, day, Window(None, None, which), contact=_is_for_words(tokens, day, silent))
    return result


def _positive(tokens: Sequence[Token], times: Sequence[TimeHit]) -> list[TimeHit]:
    """ "В будни я на работе, привезите в выходные": when somebody cannot explains when they can."""
    propositions = Propositions(tokens)
    of = {hit: propositions.of[hit.first] for hit in times}
    busy = {hit for hit in times if _is_busy(tokens, *propositions.bounds[of[hit]])}
    if any(_is_told(tokens, *propositions.bounds[of[hit]]) for hit in times):
        busy |= {hit for hit in times if _is_of_own(tokens, *propositions.bounds[of[hit]])}
    free = [hit for hit in times if hit not in busy and hit.days != "no time"]
    apart = {of[hit] for hit in busy}.isdisjoint(of[hit] for hit in free)
    return [hit for hit in times if hit not in busy] if free and apart else list(times)


def _is_told(tokens: Sequence[Token], first: int, last: int) -> bool:
    inside = tokens[first:last]
    return any(one.keys & BRINGING and one.keys & {"IMPER", "INF", "ENGLISH", "доставка"} for one in inside)


def _is_of_own(tokens: Sequence[Token], first: int, last: int) -> bool:
    """ "С утра на рынке торгую": what the customer does then."""
    inside = tokens[first:last]
    doing = any(one.keys >= {"VERB", "P1"} and not one.keys & {*BRINGING, "IMPER", "WANT", "быть"} for one in inside)
    return doing and not any(one.keys & {"IMPER", "OKAY", "NEED", *BRINGING} for one in inside)


def _habit(tokens: Sequence[Token], hit: TimeHit) -> bool:
    """ "Почту проверяю каждый вечер"."""
    inside = [one for one in tokens if one.clause == tokens[hit.first].clause]
    mine = any(one.keys >= {"VERB", "P1"} and not one.keys & {"IMPER", "RECEIVE"} for one in inside)
    return mine and any(one.low in EVERY for one in inside)


def _of_lift(tokens: Sequence[Token], hit: TimeHit) -> bool:
    """ "Лифт ходит только до 11": a floor."""
    before = tokens[max(0, hit.first - 4) : hit.first]
    return any(one.keys & LIFTS and one.sentence == tokens[hit.first].sentence for one in before)


def _at_the_bell(tokens: Sequence[Token], hit: TimeHit) -> bool:
    """ "Ребёнок спит с 12 до 15, стучите": why to knock."""
    inside = [one for one in tokens if one.clause == tokens[hit.first].clause]
    asleep = any(one.keys >= {"SLEEP", "P3"} for one in inside) and not any("IMPER" in one.keys for one in inside)
    return asleep and any(one.keys & KNOCKING and "NOT" not in one.keys for one in tokens)


def _rang_then(tokens: Sequence[Token], hit: TimeHit) -> bool:
    """ "Минулого разу дзвонили з самого ранку"."""
    inside = [one for one in tokens if one.clause == tokens[hit.first].clause]
    wished = any(one.keys & {"SOME", "WANT"} or one.low in {"бы", "б"} for one in inside)
    return hit.vague and not wished and any(one.keys >= {"CALLV", "PAST"} for one in inside)


def _asleep(tokens: Sequence[Token], hit: TimeHit) -> bool:
    """ "Днём сплю" explains, and sets no hour."""
    inside = [one for one in tokens if one.clause == tokens[hit.first].clause]
    told = any(one.keys & {"IMPER", "NOT", "PEN", *BRINGING} for one in inside)
    return not told and any(one.keys >= {"SLEEP", "P1"} or one.low in {"asleep", "sleeping"} for one in inside)


def _is_past(tokens: Sequence[Token], hit: TimeHit) -> bool:
    """ "Я заказал это в три часа ночи", "звонили в шесть утра"."""
    inside = [one for one in tokens if one.clause == tokens[hit.first].clause]
    return any(one.keys >= {"PAST", "VERB"} for one in inside) and not any("IMPER" in one.keys for one in inside)


def _is_busy(tokens: Sequence[Token], first: int, last: int) -> bool:
    inside = tokens[first:last]
    if any(one.keys & {"COMING", "GIVE", "LEAVE"} and "NOT" not in one.keys for one in inside):
        return False
    if any(one.keys & (AWAY | {"USELESS"}) or one.low in NOBODY_AT_ALL for one in inside):
        return True
    denied = any("NOT" in one.keys and two.low not in ONE_MORE for one, two in pairwise([*inside, inside[-1]]))
    return denied and any(one.keys & (SPEAKING | {"дом", "дома"}) or one.keys >= {"CANT", "P1"} for one in inside)


def _put(result: Windows, hit: TimeHit, window: Window | None, *, contact: bool) -> None:
    name = "contact_window" if contact else "delivery_window"
    before = result.contact if contact else result.delivery
    if before is not None and before != window:
        result.puzzling.append(hit)
        result.spans = [span for span in result.spans if span[2] != name]
        window = None
    if contact:
        result.contact = window
    else:
        result.delivery = window
    if window is not None:
        result.spans.append((hit.first, hit.last, name, f"{window.from_ or ''}-{window.to or ''}"))


def _merged(hits: list[TimeHit], tokens: Sequence[Token]) -> list[TimeHit]:
    """ "после 18 … до 21" is one window; "вечером после 19" is the exact one."""
    merged: list[TimeHit] = []
    for hit in hits:
        last = merged[-1] if merged else None
        if (
            last is not None
            and hit.first - last.last <= 3
            and tokens[hit.first].sentence == tokens[last.first].sentence
        ):
            joint = {one.low for one in tokens[last.last : hit.first]}
            if joint & {"или", "або", "or", "либо"}:
                merged.append(hit)
                continue
            if last.from_ and not last.to and hit.to and not hit.from_ and hit.first - last.last <= 2:
                merged[-1] = TimeHit(last.first, hit.last, last.from_, hit.to, direction="range")
                continue
            joined = [one.low for one in tokens[last.last : hit.first]]
            if last.to and not last.from_ and hit.from_ and not hit.to and len(joined) == 1 and _excluded(tokens, last):
                merged[-1] = TimeHit(last.first, hit.last, last.to, hit.from_, direction="within")
                continue  # "не раньше 9 и позже 18" leaves what lies between
            if last.vague != hit.vague and hit.first - last.last <= 2:
                exact = hit if last.vague else last
                if "18:00" in {last.from_, hit.from_}:
                    exact = _in_the_evening(exact)
                merged[-1] = TimeHit(
                    last.first, hit.last, exact.from_, exact.to, point=exact.point, direction=exact.direction
                )
                continue
        merged.append(hit)
    return merged


def _in_the_evening(hit: TimeHit) -> TimeHit:
    """ "вечером после восьми" is eight in the evening."""
    from_, to = (
        f"{int(time[:2]) + 12}{time[2:]}" if time is not None and time < "12:00" else time
        for time in (hit.from_, hit.to)
    )
    return replace(hit, from_=from_, to=to)


def _then_not(tokens: Sequence[Token], hit: TimeHit) -> bool:
    """ "Обед с 13 до 14, тогда не звоните": the hour is named first and excluded afterwards."""
    sentence = tokens[hit.first].sentence
    after = [one for one in tokens[hit.last : hit.last + 9] if one.sentence - sentence <= 1]
    for at, one in enumerate(after):
        meant = one.low in THEN or (one.low in THIS and at + 1 < len(after) and after[at + 1].low in HOURS)
        if meant and any("NOT" in each.keys for each in after[at + 1 : at + 4]):
            return any(each.keys & (SPEAKING | BRINGING) for each in after[at + 1 : at + 5])
    return False


def _side(tokens: Sequence[Token], hit: TimeHit, *, excluded: bool) -> Window:
    """ "не до 12" and "на работе до 18" mean the other side."""
    turned = excluded or _away(tokens, hit)
    after = tokens[hit.last : hit.last + 2]
    if hit.point and hit.from_ == hit.to and len(after) == 2 and "NOT" in after[0].keys and after[1].low in SOONER:
        return Window(hit.from_, None, vague=hit.vague)  # "на 19:30, не раньше"
    if (excluded and bool(hit.from_) != bool(hit.to)) or (turned and hit.to and not hit.from_):
        return Window(hit.to, hit.from_, vague=hit.vague)
    return Window(hit.from_, hit.to, vague=hit.vague)


def _excluded(tokens: Sequence[Token], hit: TimeHit) -> bool:
    here = tokens[hit.first]
    if "NOT" in here.keys:
        return False
    before = [one for one in tokens[max(0, hit.first - 4) : hit.first] if one.sentence == here.sentence]
    for back, one in enumerate(reversed(before)):
        if one.low in {"кроме", "крім", "except", "исключая"}:
            return True
        if "NOT" in one.keys and one.clause != here.clause and back:
            return False  # "звонить не надо, вечером привезите"
        if "NOT" in one.keys and (one.low not in {"нет", "no"} or (back and "CALLN" in before[-back].keys)):
            verb = before[len(before) - back :]
            return (
                not verb
                or bool(
                    verb[0].keys
                    & (SPEAKING | BRINGING | {"NEED", "мочь", "могти", "быть", "бути", "can", "be", "VERB"})
                )
                or verb[-1].low in {"в", "у", "на", "по", "рано"}
            )
    if any(one.keys & BRINGING for one in before):
        return False  # "доставьте с 18 до 22, не звонить"
    after = [one for one in tokens[hit.last : hit.last + 4] if one.clause == tokens[hit.last - 1].clause]
    for forward, one in enumerate(after[:3]):
        if "NOT" in one.keys:
            verb = after[forward + 1 : forward + 3]
            return any(
                each.keys & (SPEAKING | BRINGING | {"NEED", "мочь", "могти", "быть", "бути", "CANT"}) for each in verb
            )
        if one.keys & {"IMPER", "PEN"}:
            return False
    return False


def _away(tokens: Sequence[Token], hit: TimeHit) -> bool:
    here = tokens[hit.first]
    before = [one for one in tokens[max(0, hit.first - 4) : hit.first] if one.sentence == here.sentence]
    after = [one for one in tokens[hit.last : hit.last + 3] if one.clause == here.clause]
    if any(one.keys >= {"P3", "BROKEN"} and "FEM" not in one.keys for one in before) and _is_open(tokens, hit):
        return False  # "приёмка работает до 16"
    if any(one.low in LATER_ON for one in after):
        after = []  # "дома до 8:30, потом работа"
    return any(one.keys & (AWAY | {"SILENT", "GONE"}) for one in before + after)


def _is_open(tokens: Sequence[Token], hit: TimeHit) -> bool:
    """Whether a place, and nobody's husband, works until then."""
    inside = [one for one in tokens[: hit.first] if one.clause == tokens[hit.first].clause]
    return any("NOUN" in one.keys and not one.keys & {"KIN", "WEEKDAY", "WEEKEND", "P3"} for one in inside)


def _nobody_home(tokens: Sequence[Token], hit: TimeHit) -> bool:
    """ "после обеда, утром никого нет": only the other time is meant."""
    after = [one for one in tokens[hit.last : hit.last + 4] if one.clause == tokens[hit.last - 1].clause]
    return bool(after) and after[0].low in NOBODY and any("NOT" in one.keys for one in after[1:])


def _is_for_words(tokens: Sequence[Token], hit: TimeHit, silent: set[int]) -> bool:
    """The nearest verb decides; in doubt the parcel."""
    here = tokens[hit.first]
    best, speaking = 99.0, False
    for place in range(max(0, hit.first - 9), min(len(tokens), hit.last + 9)):
        token = tokens[place]
        if token.sentence != here.sentence or hit.first <= place < hit.last or place in silent:
            continue
        kinds = token.keys & SPEAKING, token.keys & BRINGING
        if token.keys >= {"ACCEPT", "RECEIVE"} and any(
            "CALLN" in one.keys for one in tokens[max(0, place - 2) : place + 3]
        ):
            kinds = token.keys, frozenset()
        if not any(kinds):
            continue
        distance = hit.first - place if place < hit.first else place - hit.last + 1.5
        distance += 3 * (token.clause != here.clause)
        if distance < best:
            best, speaking = distance, bool(kinds[0])
    return speaking


def _day_of(tokens: Sequence[Token], hit: TimeHit, days: Sequence[TimeHit]) -> TimeHit | None:
    near = [
        day
        for day in days
        if tokens[day.first].sentence == tokens[hit.first].sentence
        and not any(one.keys & (SPEAKING | BRINGING) for one in tokens[hit.last : day.first])
    ]  # "звонить после 19, привозить в выходные" are two
    close = [day for day in near if -4 <= day.first - hit.last <= 3 or 0 <= hit.first - day.last <= 3]
    return close[0] if close else None
