"""Who answers to what happened. Read this page first: it is the whole reactive system."""

from collections.abc import Mapping, Sequence

from prilavok.domain.events import (
    CallEnded,
    Event,
    Hinted,
    LeftUnsaid,
    LinkOpened,
    MessageChanged,
    MessageReceived,
    OccasionArose,
    OccasionsArose,
    OnePersonProven,
    Reported,
    Vouched,
    WishesChanged,
)
from prilavok.flows import follow
from prilavok.flows.acknowledge import acknowledge
from prilavok.flows.appraise import appraise
from prilavok.flows.assess import assess_order
from prilavok.flows.confirm import confirm
from prilavok.flows.hang_up import hang_up, left_unsaid
from prilavok.flows.join import join
from prilavok.flows.leave_address import leave_address
from prilavok.flows.merge import on_proof
from prilavok.flows.notify import notify, notify_many, reconsider
from prilavok.flows.overhear import overhear
from prilavok.flows.reopen import reopen
from prilavok.flows.schedule import offer
from prilavok.flows.suspect import suspect
from prilavok.flows.tap import tap
from prilavok.flows.unit import Reaction
from prilavok.flows.vouch import vouch

REACTIONS: Mapping[type[Event], Sequence[Reaction]] = {
    MessageReceived: [tap, follow.answer, acknowledge, leave_address, reopen],
    MessageChanged: [follow.receipt],
    Reported: [confirm, overhear, appraise],
    CallEnded: [hang_up],
    LinkOpened: [join],
    Vouched: [vouch],
    Hinted: [suspect],
    OnePersonProven: [on_proof],
    OccasionArose: [assess_order, offer, follow.overtake, notify],
    OccasionsArose: [notify_many],
    LeftUnsaid: [left_unsaid],
    WishesChanged: [reconsider],
}
