"""How a call of ours ended stands beside it; so far the end of a sentence said it.

Revision ID: 0008
Revises: 0007
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from prilavok.store.base import Id, Json

revision = "0008"
down_revision = "0007"

SAID = {  # after the vendor's name: now the outcome says it all
    "nobody answered": "no_answer",
    "the line was busy": "busy",
    "hung up before anybody answered": "cancelled",
    "the number cannot be reached": "unreachable",
    "the call did not get through": "failed",
    "not reached": "failed",
    "the agent's own telephone was not picked up": "agent_no_answer",
}
MORE = {  # these say more than the outcome, and stay
    "there is no such number": "unreachable",
    "the telephone is switched off or there is no such number": "unreachable",
    "the account has no money left for this call": "failed",
}
MADE = ("failed", "read")
messages = sa.table(
    "messages",
    *(sa.column(name) for name in ("shop_id", "direction", "receipt", "reason")),
    sa.column("id", Id()),
    sa.column("content", Json()),
)


def upgrade() -> None:
    for row in _calls():
        sentence = (row.reason or "").rpartition(": ")[2]
        outcome = "answered" if row.receipt == "read" else SAID.get(sentence) or MORE.get(sentence)
        if outcome:
            _change(row, {**row.content["call"], "outcome": outcome}, None if sentence in SAID else row.reason)


def downgrade() -> None:
    sentences = {outcome: sentence for sentence, outcome in reversed(SAID.items())}
    for row in _calls():
        call = dict(row.content["call"])
        outcome = call.pop("outcome", "")
        _change(row, call, row.reason or sentences.get(outcome))


def _calls() -> list[Any]:
    """Those that we made, and that are over."""
    ours = (messages.c.direction == "outbound", messages.c.receipt.in_(MADE))
    query = sa.select(messages).where(*ours, sa.cast(messages.c.content, sa.Text).contains('"call":{'))
    return [row for row in op.get_bind().execute(query) if "call" in row.content]


def _change(row: Any, call: Mapping[str, Any], reason: str | None) -> None:
    which = (messages.c.shop_id == row.shop_id, messages.c.id == row.id)
    changes = {"content": {**row.content, "call": call}, "reason": reason}
    op.get_bind().execute(messages.update().where(*which).values(changes))
