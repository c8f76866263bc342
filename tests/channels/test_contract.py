"""What every channel promises, held against every channel of the registry. Fixtures: see fixtures/README.md."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prilavok.channels.base import (
    BadSignature,
    Button,
    NeedsOwner,
    Outbound,
    Pause,
    Request,
    Response,
    Sent,
    TryLater,
    Undeliverable,
    Unknown,
    secret_fields,
)
from prilavok.channels.registry import all_channels
from prilavok.domain.errors import BadInput
from tests.channels.reading import FIXTURES, channel, deliveries, delivery, fields, form, plain, sealed, shown
from tests.channels.seals import SEALED_INSIDE, SEALS, asked

KINDS = sorted(all_channels())
SIGNED = sorted(SEALS.keys() & set(KINDS))
HOOKS = [(kind, path) for kind in KINDS for path in deliveries(kind)]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OUTBOUND = Outbound(
    message_id="01900000-0000-7000-8000-00000000aaaa",
    conversation_id="01900000-0000-7000-8000-00000000bbbb",
    address="123456789",
    text="It is on its way.",
    buttons=(Button("Thanks"), Button("Where is it?", data="where")),
    call={"extension": "101"},  # a telephone rings for nothing less; all others write
)
STATUSES = {200, 400, 401, 403, 404, 429, 500}


@pytest.mark.parametrize(("kind", "path"), HOOKS, ids=[f"{kind}-{path.stem}" for kind, path in HOOKS])
def test_a_delivery_means_what_its_fixture_says(kind: str, path: Path) -> None:
    fixture = json.loads(path.read_text())
    hook = delivery(kind, fixture, path.parent)
    if "error" in fixture:
        with pytest.raises({"BadInput": BadInput, "BadSignature": BadSignature}[fixture["error"]]) as raised:
            list(channel(kind).parse(hook))
        assert fixture.get("says", "") in getattr(raised.value, "reason", str(raised.value))
    else:
        assert [shown(one) for one in channel(kind).parse(hook)] == fixture["expect"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_fixture_says_where_it_is_from(kind: str) -> None:
    assert deliveries(kind), "a channel without a single delivery"
    assert all(json.loads(path.read_text())["_source"] for path in deliveries(kind))


@pytest.mark.parametrize("kind", SIGNED)
@pytest.mark.parametrize("forgery", ["none", "empty", "cut", "longer", "other", "not ascii"])
def test_a_delivery_with_a_wrong_signature_is_refused(kind: str, forgery: str) -> None:
    path = deliveries(kind)[0]
    hook = delivery(kind, json.loads(path.read_text()), path.parent)
    seal = SEALS[kind](channel(kind), hook.body, hook.received_at)
    forged = {
        "none": lambda _: None,
        "empty": lambda _: "",
        "cut": lambda value: value[:-1],
        "longer": lambda value: value + "A",
        "other": lambda value: value[::-1] + "x",
        "not ascii": lambda value: value + "ї",
    }[forgery]
    headers = {name: it for name, value in seal.items() if (it := forged(value)) is not None}
    with pytest.raises(BadSignature):
        list(channel(kind).parse(replace(hook, headers=headers)))


@pytest.mark.parametrize("kind", SIGNED)
def test_an_inbox_without_its_secret_accepts_nothing(kind: str) -> None:
    cls = all_channels()[kind]
    bare = cls(
        msgspec.structs.replace(channel(kind).config, **dict.fromkeys(secret_fields(cls.Config), "")),
        channel(kind).inbox,
    )
    path = deliveries(kind)[0]
    hook = delivery(kind, json.loads(path.read_text()), path.parent)
    if not cls.capabilities.hooked or SEALS[kind] is asked:
        bare.inbox = replace(bare.inbox, signing_key=b"another key")
    for headers in ({}, dict.fromkeys(hook.headers, ""), hook.headers):
        with pytest.raises(BadSignature):
            list(bare.parse(replace(hook, headers=headers)))


@pytest.mark.parametrize("kind", SIGNED)
@pytest.mark.parametrize("shift", [timedelta(minutes=-6), timedelta(minutes=6)])
def test_a_delivery_replayed_outside_the_tolerance_is_refused(kind: str, shift: timedelta) -> None:
    if all_channels()[kind].quality["replay"].startswith("exempt, "):
        assert "webhook-timestamp" not in SEALS[kind](channel(kind), b"", NOW), "it knows when it was signed"
        return
    path = deliveries(kind)[0]
    hook = delivery(kind, json.loads(path.read_text()), path.parent)
    with pytest.raises(BadSignature):
        list(channel(kind).parse(replace(hook, received_at=hook.received_at + shift)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_poisonous_update_does_not_lose_its_neighbours(kind: str) -> None:
    path = FIXTURES / kind / "hooks" / "batch-with-poison.json"
    single = all_channels()[kind].quality.get("batches", "").startswith("exempt, ")
    if single or not all_channels()[kind].capabilities.hooked:
        assert not path.exists(), "one delivery is one message here"
        return
    came = list(channel(kind).parse(delivery(kind, json.loads(path.read_text()), path.parent)))
    assert [type(one).__name__ for one in came] == ["Received", "Unknown", "Received"]
    assert isinstance(came[1], Unknown)
    assert came[1].what


@pytest.mark.parametrize("kind", [kind for kind in KINDS if all_channels()[kind].capabilities.takes_along])
def test_a_link_that_takes_a_token_along_brings_it_back(kind: str) -> None:
    assert "0kYq7Tz" in channel(kind).deep_link("account", "0kYq7Tz")
    came = [one for path in deliveries(kind) for one in json.loads(path.read_text()).get("expect", [])]
    assert any(one.get("link_token") for one in came), "no delivery of a customer who came by a link"


def answers() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for kind in KINDS:
        path = FIXTURES / kind / "answers.json"
        found += [(kind, case) for case in (json.loads(path.read_text()) if path.exists() else [])]
    return found


@pytest.mark.parametrize(("kind", "case"), answers(), ids=[f"{kind}-{case['name']}" for kind, case in answers()])
def test_every_answer_of_the_vendor_leads_to_the_right_error(kind: str, case: dict[str, Any]) -> None:
    bound = channel(kind)
    if hasattr(bound, "clock"):
        bound.clock = NOW.timestamp
    outcome = talk(bound, case["answers"])
    wanted = {"perhaps_sent": False, "after": None, "address_is_dead": False, **case["outcome"]}
    assert isinstance(outcome, ERRORS[wanted["is"]]), outcome
    got = fields(outcome) if isinstance(outcome, Sent) else vars(outcome)
    for name, value in got.items():
        if name in wanted:
            assert plain(value) == wanted[name], name
    assert isinstance(outcome, Sent) or outcome.reason


ERRORS: dict[str, Any] = {"TryLater": TryLater, "Undeliverable": Undeliverable, "NeedsOwner": NeedsOwner, "Sent": Sent}


def talk(bound: Any, given_answers: list[Any]) -> Any:
    """Drives one send by hand: what came of it, a Sent or the error."""
    dialogue = bound.deliver(said_by(bound, address=address_for(bound)))
    left = list(given_answers)
    try:
        asked = next(dialogue)
        while True:
            assert isinstance(asked, Request | Pause)
            asked = step(dialogue, left.pop(0))
    except StopIteration as end:
        assert not left, "fewer requests than answers"
        return end.value
    except (TryLater, Undeliverable, NeedsOwner) as error:
        return error


def said_by(bound: Any, **changes: Any) -> Outbound:
    """What can be said through the channel: for everybody to read, where nothing else can."""
    if not bound.capabilities.public:
        return replace(OUTBOUND, **changes)
    return replace(OUTBOUND, public=True, replies_to="review:1", buttons=(), **changes)


def step(dialogue: Any, answer: Any) -> Any:
    match answer:
        case "timeout":
            return dialogue.throw(TryLater("no answer in time", perhaps_sent=True))
        case "unreachable":
            return dialogue.throw(TryLater("cannot connect"))
        case _:
            body = json.dumps(answer["body"]) if "body" in answer else answer.get("text", "")
            return dialogue.send(Response(answer["status"], answer.get("headers", {}), body.encode()))


def address_for(bound: Any) -> str:
    return "anna@example.com" if bound.capabilities.address_kind in {"email", "jid"} else OUTBOUND.address


def speaks_http(kind: str) -> bool:
    try:
        return isinstance(
            next(channel(kind).deliver(said_by(channel(kind), address=address_for(channel(kind))))), Request
        )
    except StopIteration:
        return False


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_is_tried(kind: str) -> None:
    if not speaks_http(kind):
        assert not (FIXTURES / kind / "answers.json").exists(), "its errors are tried in tests of its own"
        return
    cases = json.loads((FIXTURES / kind / "answers.json").read_text())
    tried = [answer for case in cases for answer in case["answers"]]
    assert {one["status"] for one in tried if isinstance(one, dict)} >= STATUSES
    assert {"timeout", "unreachable"} <= {one for one in tried if isinstance(one, str)}
    assert any(case["name"] == "not json" for case in cases)


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_that_is_too_long_never_reaches_the_vendor(kind: str) -> None:
    bound = channel(kind)
    able = bound.capabilities
    limits = {False: able.text_limit} if not able.public else {}
    if able.comments is not None:
        limits[True] = able.comments.text_limit
    for public, limit in limits.items():
        long = Outbound(message_id="1", conversation_id="1", address="1", text="я" * (limit + 1), public=public)
        with pytest.raises(Undeliverable) as raised:
            next(bound.deliver(long))
        assert str(limit) in raised.value.reason


@pytest.mark.parametrize("kind", KINDS)
def test_every_setting_has_a_title_and_a_sentence_of_help(kind: str) -> None:
    schema = msgspec.json.schema(all_channels()[kind].Config)
    for name, part in schema["$defs"].items():
        for field, about in part.get("properties", {}).items():
            assert about.get("title"), f"{name}.{field} has no title"
            assert about.get("description", "").endswith((".", "…")), f"{name}.{field} has no sentence of help"


@pytest.mark.parametrize("kind", KINDS)
def test_no_setting_that_is_secret_is_ever_printed(kind: str) -> None:
    config = channel(kind).config
    schema = msgspec.json.schema(type(config))["$defs"][type(config).__name__]["properties"]
    for field, about in schema.items():
        if about.get("format") == "password":
            assert about.get("writeOnly"), field
            value = getattr(config, field)
            assert not value or value not in repr(config)
            assert not value or value not in repr(list(config.__rich_repr__()))


@pytest.mark.parametrize("kind", KINDS)
def test_a_channel_says_how_good_it_is_and_why_not_better(kind: str) -> None:
    cls = all_channels()[kind]
    assert cls.kind == kind
    assert cls.title
    assert cls.summary.endswith(".")
    assert cls.quality
    for what, state in cls.quality.items():
        verdict, _, reason = state.partition(", ")
        assert verdict in {"done", "todo", "exempt"}, f"{what}: {state}"
        assert verdict != "exempt" or reason, f"{what} is exempt without a reason"


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([1 << 31, 1 << 53, 1 << 64, -(1 << 63), 10**400, 1e308, 0.5])
    | st.text(max_size=8)
    | st.sampled_from(["", "\0", "\x1b[31m", "\u202e", "/start", "𝄞" * 3, "send", "seen", "javascript:1"]),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=6), children, max_size=3),
    max_leaves=6,
)


def mutated(value: Any, path: list[int], new: Any) -> Any:
    """`value` with the part that `path` leads to replaced by `new`."""
    if not path or not isinstance(value, dict | list) or not value:
        return new
    keys = sorted(value) if isinstance(value, dict) else range(len(value))
    chosen = keys[path[0] % len(keys)]
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[chosen] = mutated(value[chosen], path[1:], new)  # type: ignore[index]
    return copy


@cache
def bodies(kind: str) -> list[tuple[str, Any]]:
    """What is known to come, as JSON or as a form, small enough to be changed part by part."""
    known = [json.loads(path.read_text()) for path in deliveries(kind)]
    found = [(how, one[how]) for one in known for how in ("body", "form") if one.get(how)]
    return [(how, body) for how, body in found if len(json.dumps(body)) < 20_000]


def encoded(how: str, body: Any) -> bytes:
    return form(body) if how == "form" and isinstance(body, dict) else json.dumps(body).encode()


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_known_delivery_with_a_foreign_part_is_refused_or_understood(kind: str, data: Any) -> None:
    how, body = data.draw(st.sampled_from(bodies(kind) or [("body", {})]))
    body = mutated(body, data.draw(st.lists(st.integers(0, 20), max_size=6)), data.draw(JSON_VALUES))
    check_parses_or_refuses(kind, encoded(how, body))


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=st.binary(max_size=64) | JSON_VALUES.map(lambda value: json.dumps(value).encode()))
def test_whatever_comes_is_refused_in_plain_words(kind: str, body: bytes) -> None:
    check_parses_or_refuses(kind, body)


NASTY = [
    b"",
    b"null",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"messages":' + b"[" * 50_000,
    b'{"result":[{"update_id":1,"message":' + b'{"reply_to_message":' * 50_000,
    b'"\\ud800"',
    b'{"text":"\\udc00","id":"\\ud800","from":"\\ud800\\ud800"}',
    b'{"id":"a","from":"b","text":"\xed\xa0\x80"}',
    b'{"update_id":1,"message":{"message_id":' + b"9" * 5000 + b"}}",
    b'{"update_id":' + b"9" * 5000 + b"}",
    b'{"kind":"seen","visitor":"a","read":' + b"9" * 5000 + b"}",
    b'{"messages":[{"id":"a","from":{"id":"b"},"at":"0001-01-01T00:00:00+14:00"}]}',
    b'{"messages":[{"id":"a","from":{"id":"b"},"at":"9999-12-31T23:59:59-14:00"}]}',
    b'{"messages":[{"id":"a","from":{"id":"b"},"attachments":[{"data":"***"}]}]}',
    b"\xff\xfe{\x00}\x00",
    b"\x00" * 1000,
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", NASTY, ids=range(len(NASTY)))
def test_what_was_made_to_break_a_parser_breaks_none(kind: str, body: bytes) -> None:
    check_parses_or_refuses(kind, body)


def check_parses_or_refuses(kind: str, body: bytes) -> None:
    hook = sealed(kind, body, {}, NOW)
    assert channel(kind).answer(hook).status == 200  # also where nothing of it can be used: it is kept and done with
    try:
        came = list(channel(kind).parse(hook))
    except BadInput as error:
        storable(error.reason)
        return
    except BadSignature:
        if kind in SEALED_INSIDE:
            return
        assert kind in SEALS
        assert not SEALS[kind](channel(kind), body, NOW), "the vendor could have signed this"
        return
    for one in came:
        storable(fields(one))
        at = getattr(one, "at", NOW)
        assert at.utcoffset() == timedelta(0)
        assert at <= NOW + timedelta(minutes=5)


def storable(value: Any) -> None:
    """What any database takes: UTF-8 without NUL, integers of 64 bits."""
    match value:
        case str():
            assert "\0" not in value
            value.encode()
        case bool() | None | float():
            return
        case int():
            assert -(1 << 63) <= value < 1 << 63
        case dict():
            for name, part in value.items():
                storable(name)
                storable(part)
        case list():
            for part in value:
                storable(part)
        case bytes():
            return
        case _:
            pytest.fail(f"{type(value).__name__} cannot be stored")
