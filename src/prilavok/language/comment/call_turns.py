"""What turns a call round: silence before it, a threat after it, something better instead of it."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from prilavok.language.comment.call_statements import Stance, Statement
from prilavok.language.comment.call_unspoken import Unspoken
from prilavok.language.comment.keys import CHANNELS
from prilavok.language.comment.polarity import SPLITS
from prilavok.language.comment.tokens import Token
from prilavok.language.comment.wordlist import words

WORDS_OF_TEXT = frozenset(CHANNELS) | words("PEN WRITE MESSAGE CHAT text texts")
SILENT = words("молчать мовчати silence тишина тиша")
REPLY = words("ANSWER reply replies replied respond response ответ відповідь answer answered")
PENALTIES = words("""
    CANCEL refund star stars review report furious ban blocked hang отмена возврат отказ звезда кол единица минус бан
    жалоба обидеться обижусь заблокировать блок скандал зірка відмова скарга образитися ображусь отказаться
    відмовитися пожаловаться поскаржитися blacklist чс
""")
SO = words("and и та і то i you we получить отримати равно дорівнює")
ANOTHER = words("""
    другой другому інший іншому новый новий временный тимчасовий запасной запасний new another other spare temporary
    instead вместо замість сюда сюди теперь тепер второй другий second
""")
EXCEPTION = words("исключение виняток exception")
REACH, MOST_BEFORE, MOST_AFTER = 8, 14, 8


class Turns(Unspoken):
    """Looks past the proposition that a call stands in."""

    def silence(self, place: int) -> tuple[int, int] | None:
        """ "Пишите в телеграм, молчу час — звоните": the words that make the call the second choice."""
        sentence = self.tokens[place].sentence
        for at in range(max(0, place - MOST_BEFORE), min(len(self.tokens), place + MOST_AFTER)):
            token = self.tokens[at]
            near = 0 <= sentence - token.sentence <= (at < place)
            if at == place or not near or not (token.keys & SILENT or self._no_reply(at)):
                continue
            before = self.tokens[max(0, at - MOST_BEFORE) : min(at, place)]
            written = [one for one in before if one.keys & WORDS_OF_TEXT and not one.keys & {"CALLV", "ANSWER"}]
            if written and not any(one.keys & {"CALLV", "CALLN"} for one in self.tokens[at - 1 : at]):
                return max(0, at - 2), at + 1
        return None

    def _no_reply(self, at: int) -> bool:
        token = self.tokens[at]
        if not token.keys & REPLY or not (token.keys & {"ENGLISH", "PERF", "PAST", "NOUN"}):
            return False
        first, _ = self.propositions.bounds_of(at)
        inside = self.tokens[max(first, at - 3) : at]
        return any("NOT" in one.keys or "WITHOUT" in one.keys for one in inside) and not any(
            one.keys & {"CALLN", "PHONE"} for one in self.proposition(at)
        )

    def threatened(self, place: int) -> tuple[int, int] | None:
        """ "call me = 1 star review", "позвоните — отменю", "call me and I cancel"."""
        here, joint = self.tokens[place], False
        for at in range(place + 1, min(len(self.tokens), place + REACH)):
            token = self.tokens[at]
            if token.sentence != here.sentence:
                return None
            joint |= bool(set("=—–-") & set(token.gap)) or token.low in SO - {"i", "you", "we"}
            if token.low in {"to", "about", "чтобы", "щоб", "про", "насчет", "по"}:
                return None
            if joint and token.keys & PENALTIES and not token.keys & {"IMPER"}:
                return place, at + 1
        return None

    def outdone(self, place: int) -> tuple[int, int] | None:
        """ "text > call", "захотите позвонить — лучше напишите"."""
        here = self.tokens[place]
        if place and ">" in here.gap and self.tokens[place - 1].keys & WORDS_OF_TEXT:
            return place - 1, place + 1
        if "IMPER" in here.keys and "INF" not in here.keys:
            return None
        _, last = self.propositions.bounds_of(place)
        after = [one for one in self.tokens[last : last + 3] if one.sentence == here.sentence]
        if any(one.keys & {"BETTER"} and two.keys & WORDS_OF_TEXT for one, two in pairwise(after)):
            return place, last + 2
        return None

    def we_do_not(self, place: int) -> bool:
        """ "Не звоним", "не созваниваемся": said by the customer of both sides."""
        token = self.tokens[place]
        return token.low.endswith(("м", "мо", "мся", "мось")) and self.negated(place)

    def sworn_off(self, said: list[Statement]) -> list[Statement]:
        """ "You phoned during my exam. Never again"."""
        if not any(one.stance is Stance.COMPLAINT for one in said):
            return said
        return said + [
            Statement(Stance.REFUSED, hit.first, hit.last, doubtful=True) for hit in self.hits.get("never again", ())
        ]

    def excepted(self, said: Sequence[Statement]) -> list[Statement]:
        """ "Не звоним! Исключение: дверь никто не открыл"."""
        if not any(one.stance is Stance.REFUSED for one in said):
            return []
        return [
            Statement(Stance.CONDITIONAL, place, place + 1)
            for place, token in enumerate(self.tokens)
            if (token.keys & EXCEPTION or self._save(place))
            and not any(
                "NOT" in one.keys and one.clause == token.clause for one in self.tokens[max(0, place - 2) : place]
            )
        ]

    def _save(self, place: int) -> bool:
        """ "Разве что склад сгорит"."""
        return self.tokens[place].low in {"разве", "хіба"} and self.tokens[place + 1 : place + 2] != []

    def without_silence(self, said: list[Statement]) -> list[Statement]:
        """The silence that a call waits for refuses nothing."""
        quiet = [place for one in said if one.stance is Stance.CONDITIONAL for place in self._waits(one.first)]
        return [
            replace(one, stance=Stance.ALLOWED, doubtful=False)
            if one.stance is Stance.REFUSED and any(one.first <= place < one.last for place in quiet)
            else one
            for one in said
        ]

    def _waits(self, place: int) -> range:
        found = self.silence(place)
        return range(*found) if found is not None else range(0)

    def elsewhere(self, said: list[Statement]) -> list[Statement]:
        """ "Номер отключён, звонить на 8 903 …": another telephone, and no refusal; a person reads the number."""
        there = self.rung_elsewhere(said)
        if not there and not self.renumbered():
            return said
        unspoken = [one for one in said if one.stance is Stance.REFUSED and not self.speaks(one)]
        return [replace(one, stance=Stance.ALLOWED) if one in there else one for one in said if one not in unspoken]

    def welcomed(self, said: list[Statement]) -> list[Statement]:
        """ "Звонить не обязательно, но если хочется — пожалуйста"."""
        leave = [
            hit.first
            for hit in self.hits.get("welcome", ())
            if not any(one.keys & (WORDS_OF_TEXT | {"NOT"}) for one in self.tokens[hit.first : hit.last + 3])
        ]
        return [
            replace(one, stance=Stance.ALLOWED)
            if one.stance is Stance.REFUSED and any(one.last <= at for at in leave) and self._needless(one)
            else one
            for one in said
        ]

    def _needless(self, one: Statement) -> bool:
        return any(each.keys & {"USELESS", "NEED"} for each in self.tokens[one.first : one.last + 2])

    def rung_elsewhere(self, said: Sequence[Statement]) -> list[Statement]:
        return [one for one in said if one.stance in {Stance.ASKED, Stance.ALLOWED} and self._at_number(one.first)]

    def renumbered(self) -> bool:
        """ "Телефон в ремонте, временный номер 8 913 …"."""
        return any(
            "NUMBER" in token.keys
            and any(one.low in ANOTHER for one in self._same_sentence(place, 5))
            and not any(one.keys & WORDS_OF_TEXT for one in self._same_sentence(place, 8))
            for place, token in enumerate(self.tokens)
        )

    def _same_sentence(self, place: int, reach: int) -> list[Token]:
        near = self.tokens[max(0, place - reach) : place + 2]
        return [one for one in near if one.sentence == self.tokens[place].sentence]

    def _at_number(self, place: int) -> bool:
        after = self.tokens[place + 1 : place + 6]
        return "CALLV" in self.tokens[place].keys and any("NUMBER" in one.keys for one in after)

    def speaks(self, one: Statement) -> bool:
        said = self.tokens[one.first : one.last]
        return any(each.keys & {"CALLV", "CALLN"} and "PHONE" not in each.keys for each in said)

    def supposed(self, one: Statement) -> bool:
        """A call that only stands under an "if": "если собираетесь звонить — не надо"."""
        first, _ = self.propositions.bounds_of(one.first)
        led: Sequence[Token] = self.tokens[first : first + 1]
        return one.stance is Stance.CONDITIONAL and any(each.low in SPLITS for each in led)
