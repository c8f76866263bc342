"""The net under the rules: what may be a refusal that nobody understood.

A call too few can be made up for, a call against the word cannot. Wherever telephones, voices or silence are spoken of
and no rule accounts for it, calls wait until a person has read the comment; nothing else waits.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cache

from prilavok.domain.wishes import Call
from prilavok.language.comment.call_statements import Calls
from prilavok.language.comment.call_unsaid import BUSY
from prilavok.language.comment.call_unspoken import at_door, brought_there
from prilavok.language.comment.hunch import refusal_hunch
from prilavok.language.comment.phrases import Phrases
from prilavok.language.comment.tokens import Token
from prilavok.language.comment.wordlist import words

MAYBE, SETTLED = 0.3, 0.6  # the second opinion's: from here on a refusal is possible, though calls are spoken of
SPEECH = words("""
    CALLV CALLN PHONE TUBE TALK VOICE LINK HEAR DEAF BOTHER REACH номер number звук sound шум noise
    слушать слухати listen динамик speaker callz
    тишина тиша тихий тихо silence silent quiet молчать мовчати mute горло гортань throat связки зв'язки язык мова
    dnd dnc разговор розмова беседа роуминг roaming письменный письмовий текст текстом
""")
SIGNS = frozenset("📞☎📱📲🤫🤐🔇🔕📵🙉🔊🗣")


def calls_wait(tokens: Sequence[Token], calls: Calls, explained: AbstractSet[int]) -> bool:
    """Whether a person must read before anybody calls. `explained`: words from which a wish was read."""
    if calls.call is Call.NEVER or not tokens:
        return False
    known = explained | calls.settled
    open_words = (token for place, token in enumerate(tokens) if place not in known)
    if any(_speaks(token) or token.low in SIGNS for token in open_words):
        return True
    if calls.call is Call.NO_STATEMENT and _quiet(tokens):
        return True
    return refusal_hunch(tokens) > (SETTLED if calls.settled else MAYBE)


def _speaks(token: Token) -> bool:
    """ "Ліфта нема" is not mute, though the dictionary knows "немой"."""
    return bool(token.keys & (SPEECH - {"DEAF"} if "NOT" in token.keys else SPEECH))


def _quiet(tokens: Sequence[Token]) -> bool:
    """ "Малыш спит", "я на паре": why no sound may be wanted. A knock or the bell is another matter."""
    return not at_door(tokens) and any(not brought_there(tokens, hit) for hit in _reasons().find(tokens))


@cache
def _reasons() -> Phrases:
    return Phrases({"busy": BUSY})
