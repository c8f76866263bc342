"""The policy as the API shows it, and what a dry run is told and answers."""

from datetime import datetime
from typing import Annotated, Any

import msgspec

from prilavok.commerce.shape import GivenOrder, Moment
from prilavok.domain.order import Status

Short = Annotated[str, msgspec.Meta(max_length=100)]
Line = Annotated[str, msgspec.Meta(max_length=500)]
Words = Annotated[list[Short], msgspec.Meta(max_length=20)]


class Policy(msgspec.Struct, kw_only=True):
    """`editable`: words, limits and nights that the editor offers."""

    version: int
    data: dict[str, Any]
    built_in: bool
    schema: dict[str, Any]


class NewPolicy(msgspec.Struct):
    data: dict[str, Any]
    note: Line = ""


class PolicyVersion(msgspec.Struct, kw_only=True):
    version: int
    note: str
    author: str | None
    created_at: datetime


class PolicyVersions(msgspec.Struct):
    items: list[PolicyVersion]


class GivenEvent(msgspec.Struct, kw_only=True):
    """`by_customer`: it is what the customer did themselves; an order is always placed by them."""

    kind: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    at: Moment | None = None
    key: Short = ""
    urgent: bool = False
    by_customer: bool | None = None


class SupposedOrder(GivenOrder, kw_only=True):
    """`status`: where it stands; usually as the event has it."""

    status: Status | None = None


class GivenIdentity(msgspec.Struct, kw_only=True):
    channel: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    address: Line = ""
    reachable: bool = True
    last_inbound: Moment | None = None


class GivenPreferences(msgspec.Struct, kw_only=True):
    call: Short = "no_statement"
    preferred_channels: Words = []
    forbidden_channels: Words = []
    contact_window: dict[str, Any] | None = None


class GivenContact(msgspec.Struct, kw_only=True):
    identities: Annotated[list[GivenIdentity], msgspec.Meta(max_length=100)] = []
    timezone: Short | None = None
    country: Annotated[str, msgspec.Meta(max_length=2)] | None = None
    consents: dict[str, bool | None] = {}
    preferences: GivenPreferences = msgspec.field(default_factory=GivenPreferences)
    complaint_open: bool = False
    told: Words = []
    recent: Annotated[list[Moment], msgspec.Meta(max_length=1000)] = []


class DryRun(msgspec.Struct, kw_only=True):
    """`policy`: rules to try; the shop's own when there are none."""

    event: GivenEvent
    order: SupposedOrder | None = None
    contact: GivenContact = msgspec.field(default_factory=GivenContact)
    at: Moment | None = None
    policy: dict[str, Any] | None = None


class Said(msgspec.Struct):
    why: str
    data: dict[str, Any]
    text: str


class DecidedStep(msgspec.Struct, kw_only=True):
    """`because` for people, `reasons` for programs; so with what was not chosen and with a silence."""

    channel: str
    address: str
    at: datetime
    wait_for: str | None
    until: datetime | None
    because: str
    reasons: list[Said]
    voice: bool
    to_customer: str


class NotChosen(msgspec.Struct, omit_defaults=True):
    """`inbox_id` only where it tells two lines apart that reach one address."""

    channel: str
    address: str
    because: str
    reasons: list[Said]
    inbox_id: str = ""


class Decided(msgspec.Struct, kw_only=True, omit_defaults=True):
    """`because` of a silence; `steps` of a plan."""

    outcome: str
    rejected: list[NotChosen]
    policy_version: int
    steps: list[DecidedStep] | None = None
    because: str | None = None
    reasons: list[Said] | None = None
    needs_person: bool | None = None
    stage: str | None = None
    purpose: str | None = None
    timezone: str | None = None
    country: str | None = None
    wishes: dict[str, Any] | None = None


class Rehearsal(msgspec.Struct, kw_only=True):
    data: dict[str, Any]
    since: Moment | None = None


class WhatIf(msgspec.Struct, kw_only=True):
    """`policies`: names of `built-in`, `shop`, `call-everybody`, `mail-only`, or rules. `since`: recorded orders
    instead of a population.
    """

    policies: Annotated[list[str | dict[str, Any]], msgspec.Meta(min_length=1, max_length=5)]
    orders: Annotated[int, msgspec.Meta(ge=1, le=5000)] = 1000
    since: Moment | None = None
    population: Annotated[int, msgspec.Meta(ge=0, le=2**31)] = 1


class Run(msgspec.Struct, kw_only=True):
    name: str
    figures: dict[str, float]
    series: dict[str, list[dict[str, Any]]]


class Runs(msgspec.Struct):
    runs: list[Run]
