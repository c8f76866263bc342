"""An order comment, read: the text in, wishes with their words out. Pure, deterministic, never raises."""

from collections.abc import Iterable, Sequence

from prilavok.domain.wishes import Call, Reading, Span, Wishes
from prilavok.language.comment.attention import read_attention
from prilavok.language.comment.call_net import calls_wait
from prilavok.language.comment.call_statements import Calls, Stance
from prilavok.language.comment.calls import read_calls
from prilavok.language.comment.channels import read_channels
from prilavok.language.comment.handing import read_change, read_handing
from prilavok.language.comment.keys import language_of, with_keys
from prilavok.language.comment.phrases import Hit
from prilavok.language.comment.place import Place, read_place
from prilavok.language.comment.times import times_in
from prilavok.language.comment.tokens import Token, questions_in, tokens_of
from prilavok.language.comment.windows import Windows, read_windows

MOST_CHARACTERS = 5_000
MOST_TOKENS = 900
STANCES_OF = {
    Call.NEVER: {Stance.REFUSED},
    Call.ONLY_IF_URGENT: {Stance.CONDITIONAL, Stance.REFUSED},
    Call.BEFORE_ARRIVAL: {Stance.ARRIVAL},
    Call.REQUIRED: {Stance.ASKED},
    Call.NO_STATEMENT: set[Stance](),
}


def read_comment(text: str, language: str = "") -> Reading:
    """`language` (ru, uk, en) is a hint. What lies past the first 5,000 characters is left to a person."""
    spoken = language_of(text[:MOST_CHARACTERS], language)
    cut = tokens_of(text[:MOST_CHARACTERS])
    end = min(len(text), MOST_CHARACTERS) if len(cut) <= MOST_TOKENS else cut[MOST_TOKENS].start
    tokens = with_keys(cut[:MOST_TOKENS], spoken)
    times = times_in(tokens)
    calls = read_calls(tokens, times, questions_in(text[:end], tokens))
    channels = read_channels(tokens)
    mute = {Stance.ARRIVAL, Stance.REFUSED, Stance.ELSE}
    silent = {place for one in calls.statements if one.stance in mute for place in range(one.first, one.last)}
    windows = read_windows(tokens, times, silent)
    places = read_place(text, tokens)
    handing = read_handing(tokens)
    change = read_change(text, tokens)
    wishes = _wishes(calls, channels, windows, places, handing, change)
    spans = sorted(_spans(tokens, wishes, calls, channels, windows, places, handing, change), key=_by_place)
    guesses = {(tokens[one.first].start, tokens[one.last - 1].end) for one in calls.statements if one.guessed}
    explained = {
        number
        for number, token in enumerate(tokens)
        if any(
            span.start <= token.start and token.end <= span.end
            for span in spans
            if span.field != "call" or (span.start, span.end) not in guesses
        )
    }
    attention = read_attention(text, tokens, explained | calls.conditions)
    to_read = [*_stretches(tokens, attention), *_doubts(tokens, calls, windows)]
    if end < len(text) and text[end:].strip():
        to_read.append(Span(end, len(text), "to_read", "long"))
    needs_human = bool(to_read)
    return Reading(
        wishes=wishes,
        spans=tuple(spans),
        needs_human=needs_human,
        calls_wait=wishes.call is not Call.NEVER and (needs_human or calls_wait(tokens, calls, explained)),
        to_read=tuple(sorted(set(to_read), key=_by_place)),
        lasting=_lasting(tokens, spans),
        language=spoken,
    )


Named = list[tuple[int, str]]
Sum = tuple[int | float, int, int]
Handing = dict[str, tuple[int, int]]


def _wishes(
    calls: Calls,
    channels: tuple[Named, Named],
    windows: Windows,
    places: list[Place],
    handing: Handing,
    change: Sum | None,
) -> Wishes:
    preferred, forbidden = list(channels[0]), list(channels[1])
    for call, names in ((Call.NEVER, forbidden), (Call.REQUIRED, preferred)):
        if calls.call is call:
            said = [one.first for one in calls.statements if one.stance in STANCES_OF[call]]
            names.append((min(said, default=0), "phone"))
    there = {one.field: one.value for one in places}
    return Wishes(
        call=calls.call,
        preferred_channels=tuple(name for _, name in sorted(preferred)),
        forbidden_channels=tuple(name for _, name in sorted(forbidden)),
        contact_window=windows.contact,
        delivery_window=windows.delivery,
        intercom=there.get("intercom"),
        floor=there.get("floor"),
        entrance=there.get("entrance"),
        apartment=there.get("apartment"),
        recipient_other="recipient_other" in handing,
        leave_at_door="leave_at_door" in handing,
        change_from=change[0] if change else None,
        gift="gift" in handing,
    )


def _spans(
    tokens: Sequence[Token], wishes: Wishes, calls: Calls, channels: tuple[Named, Named], windows: Windows,
    places: list[Place], handing: Handing, change: Sum | None,
) -> Iterable[Span]:  # fmt: skip
    for one in calls.statements:
        if one.stance in STANCES_OF[wishes.call]:
            yield _span(tokens, one.first, one.last, "call", wishes.call.value)
    for field, names in zip(("preferred_channels", "forbidden_channels"), channels, strict=True):
        for place, name in names:
            yield _span(tokens, place, place + 1, field, name)
    for first, last, field, value in windows.spans:
        yield _span(tokens, first, last, field, value)
    for there in places:
        yield Span(there.start, there.end, there.field, there.value)
    for field, (first, last) in handing.items():
        yield _span(tokens, first, last, field, "true")
    if change is not None:
        yield Span(change[1], change[2], "change_from", f"{change[0]:g}")


def _span(tokens: Sequence[Token], first: int, last: int, field: str, value: str) -> Span:
    return Span(tokens[first].start, tokens[last - 1].end, field, value)


def _stretches(tokens: Sequence[Token], hits: Iterable[Hit]) -> Iterable[Span]:
    """The whole sentence around what needs a person; one span a sentence."""
    bounds: dict[int, tuple[int, int]] = {}
    for token in tokens:
        start, end = bounds.get(token.sentence, (token.start, token.end))
        bounds[token.sentence] = (min(start, token.start), max(end, token.end))
    reasons: dict[int, str] = {}
    for hit in hits:
        reasons.setdefault(tokens[hit.first].sentence, hit.value)
    return [Span(*bounds[sentence], "to_read", reason) for sentence, reason in reasons.items()]


def _doubts(tokens: Sequence[Token], calls: Calls, windows: Windows) -> Iterable[Span]:
    for one in calls.statements:
        scolds = (
            one.stance is Stance.COMPLAINT and calls.call is not Call.REQUIRED
        )  # else the call asked for sees to it
        if calls.doubtful or scolds or one.angry:
            yield _span(tokens, one.first, one.last, "to_read", "call")
    for hit in windows.puzzling:
        yield _span(tokens, hit.first, hit.last, "to_read", "window")


def _lasting(tokens: Sequence[Token], spans: Sequence[Span]) -> frozenset[str]:
    """Wishes about contact in a sentence that says "never", "always", "no more", or that the reader is deaf."""
    fields = {"call", "preferred_channels", "forbidden_channels", "contact_window"}
    found = set()
    for number, token in enumerate(tokens):
        after = tokens[number + 1].keys if number + 1 < len(tokens) else frozenset[str]()
        more = token.low in {"больше", "більше"} and "NOT" in after
        if not (token.keys & {"EVER", "DEAF"} or more):
            continue
        inside = [one for one in tokens if one.sentence == token.sentence]
        low, high = inside[0].start, inside[-1].end
        found |= {span.field for span in spans if span.field in fields and low <= span.start < high}
    return frozenset(found)


def _by_place(span: Span) -> tuple[int, int, str, str]:
    return span.start, span.end, span.field, span.value
