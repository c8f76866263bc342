"""A customer presses a button of ours, or answers a numbered question with its number: one tap instead of a call.

Only the order's own customer can press: a button is text, and anybody can send any text. What was done stays done, and
a second press says how things stand.
"""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from prilavok.domain.events import MessageReceived
from prilavok.flows.circumstances import own_addresses
from prilavok.flows.slots import choice
from prilavok.flows.tap import acts
from prilavok.flows.tap.say import answer, calm, tell_agent
from prilavok.flows.tap.words import Options, slot_options, texts
from prilavok.flows.unit import Unit
from prilavok.kit.ids import is_id
from prilavok.store import contacts, messages, orders, shops
from prilavok.store.questions import Row

__all__ = ["tap"]

ANSWERABLE = timedelta(days=7)
LOOK_BACK = 20  # messages
PRESS = re.compile(r"o:([0-9a-f-]{36}):([a-z]+)(?::(\d{10}))?")
NUMBER = re.compile(r"\W*(\d{1,2})\W*")
YES = frozenset(
    {"да", "так", "yes", "ok", "okay", "ок", "окей", "ага", "угу", "+", "верно", "вірно", "подтверждаю", "подтвердить"}
    | {"підтверджую", "підтвердити", "confirm", "confirmed"}
)
AGREEING = ("confirm", "ok")


def tap(unit: Unit, event: MessageReceived) -> None:
    """Whatever is no press of the presser's own order is left to people."""
    if event.automatic or event.ref_id is None or event.message_id is None:
        return
    if not (event.button or is_short_answer(event.words)):
        return  # nearly every message: it costs no question
    message = messages.get(unit.db, event.shop_id, event.message_id)
    identity = contacts.identity(unit.db, event.shop_id, event.ref_id)
    if message is None or identity is None:
        return
    found = PRESS.fullmatch(pressed(unit, message) or "")
    if found is None or not is_id(found[1]):
        return
    order = orders.get(unit.db, event.shop_id, found[1], lock=True)
    if order is None or not _theirs(order, identity):
        return
    act, code = found[2], found[3] or ""
    if act == "change":
        _change(unit, event, order)
    elif act == "slot" and not code:
        _offer(unit, event, order)
    elif act in ACTS:
        outcome = ACTS[act](unit, order, code)
        calm(unit, event)
        if outcome in texts("en"):
            answer(unit, event, _text(unit, order, outcome))


def _theirs(order: Row, identity: Row) -> bool:
    """Whoever was asked may answer: the order's customer, from any of their addresses, or the address it names."""
    return order["contact_id"] == identity["contact_id"] or identity["address"] in own_addresses(order)


ACTS: Mapping[str, Callable[[Unit, Row, str], str]] = {
    "confirm": lambda unit, order, _: acts.confirm(unit, order),
    "cancel": lambda unit, order, _: acts.cancel(unit, order),
    "slot": acts.pick,
    "ok": lambda _unit, _order, _code: "",
}


def pressed(unit: Unit, message: Row) -> str | None:
    """The data of the button, or of the choice that a short answer means; None for an ordinary message."""
    button = (message["content"] or {}).get("button")
    if isinstance(button, str):
        return button
    if not is_short_answer(message["text"]):
        return None
    number = NUMBER.fullmatch(_bare(message["text"]))
    choices = _asked(unit, message)
    if number is not None:
        place = int(number[1]) - 1
        return choices[place] if 0 <= place < len(choices) else None
    return next((one for act in AGREEING for one in choices if one.endswith(f":{act}")), None)


def is_short_answer(text: str) -> bool:
    """A bare number or a word of consent: it may answer a question of ours."""
    words = _bare(text)
    return words in YES or NUMBER.fullmatch(words) is not None


def _bare(text: str) -> str:
    return text.strip().lower().rstrip(".!)")


def _asked(unit: Unit, message: Row) -> list[str]:
    """The choices of our last question at this address; none when a person of the shop has spoken since."""
    before = messages.of_identity(
        unit.db, message["shop_id"], message["identity_id"], before=message["identity_seq"], limit=LOOK_BACK
    )
    for one in reversed(before):
        if one["direction"] != "outbound" or one["deleted_at"] is not None:
            continue
        if unit.now - one["created_at"] > ANSWERABLE:
            return []
        choices = (one["content"] or {}).get("choices")
        if choices:
            return [str(each.get("data", "") if isinstance(each, dict) else each) for each in choices]
        if not one["automatic"]:
            return []
    return []


def _change(unit: Unit, event: MessageReceived, order: Row) -> None:
    """A person of the shop sees it; the customer is asked what should be changed."""
    first = tell_agent(unit, order, event.conversation_id or "")
    answer(unit, event, _text(unit, order, "change" if first else "change_already"))


def _offer(unit: Unit, event: MessageReceived, order: Row) -> None:
    """The free days and hours as buttons, or as a numbered list."""
    calm(unit, event)
    found = choice(unit.db, order, unit.now)
    if not found.free:
        answer(unit, event, _text(unit, order, "no_slots"))
        return
    today = unit.now.date()
    options: Options = slot_options(acts.language(unit, order), order["id"], found, today)
    answer(unit, event, _text(unit, order, "slots"), options, _text(unit, order, "by_number"))


def _text(unit: Unit, order: Row, outcome: str) -> str:
    shop = shops.get(unit.db, order["shop_id"])
    values: dict[str, Any] = {"number": order["number"], "shop": shop["name"] if shop is not None else ""}
    values["link"] = acts.link(unit, order)
    return texts(acts.language(unit, order))[outcome].format(**values)
