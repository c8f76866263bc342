"""Whatever happens to contacts, in any order: nothing of theirs is lost, what was refused stays refused, what was taken
apart stays apart, and taking apart at once leaves everything as it was.
"""

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from prilavok.domain.errors import Conflict
from prilavok.flows import join, merge, wish
from prilavok.flows.take import take
from prilavok.store import merges as joined
from prilavok.store.schema import contacts, conversations, identities, messages
from prilavok.store.schema_orders import consents, orders, preferences
from prilavok.store.schema_people import closures, merges, resemblances
from tests.house import Shop
from tests.ordering import buyer, news, order

AGENT = "agent:01900000-0000-7000-8000-00000000cccc"
PEOPLE = ("anna", "bohdan", "vira")
MAIL = {who: f"{who}@example.org" for who in PEOPLE}
PHONE = {who: f"+38067123456{at}" for at, who in enumerate(PEOPLE)}
LEAST = 12  # examples
REFUSALS = (
    {"call": "never"},
    {"forbidden_channels": ["sms"]},
    {"forbidden_channels": ["telegram"]},
    {"consents": {"promotion": False}},
)
SAYS_NOTHING = {"call": "no_statement", "forbidden_channels": [], "consents": {}}
who = st.sampled_from(PEOPLE)
number = st.integers(0, 50)
TABLES = {  # what tells who somebody is, and what they have
    contacts: ("id", "name", "language", "timezone", "country", "facts", "went_to"),
    identities: ("id", "contact_id", "scope", "address", "verified", "claimed", "reachable", "last_at"),
    conversations: ("id", "contact_id", "reply_inbox_id", "reply_identity_id", "status"),
    messages: ("id", "conversation_id", "identity_id", "text"),
    orders: ("id", "contact_id"),
    preferences: ("contact_id", "data", "by", "updated_at"),
    consents: ("id", "contact_id", "purpose", "given", "by", "at"),
    closures: ("identity_id", "medium", "reason"),
}


def everything(db, shop_id):
    found = {}
    for table, names in TABLES.items():
        query = select(*(table.c[name] for name in names)).where(table.c.shop_id == shop_id)
        rows = [dict(row) for row in db.execute(query).mappings()]
        found[table.name] = {tuple(row[key.name] for key in table.primary_key if key.name in row): row for row in rows}
    return found


def refused(data):
    """The single refusals in a record of wishes."""
    never = {"call"} if data["call"] == "never" else set()
    without = {name for name, given in data["consents"].items() if not given}
    return never | set(data["forbidden_channels"]) | without


class Town(RuleBasedStateMachine):
    shop: Shop  # of the first example; each example has one of its own
    lived = 0  # examples

    @initialize()
    def open(self):
        old = type(self).shop
        type(self).lived += 1
        name = f"Крамниця {next(old.numbers)}"
        shop = self.shop = old.run(Shop.open(old.house, name, old.runner, old.clock))
        kinds = {"dove": "telegram", "owl": "mail", "rooster": "sms"}
        self.inboxes = {word: shop.run(shop.connect(kind)) for kind, word in kinds.items()}
        self.words, self.orders, self.shut = set(), set(), set()
        self.refused: dict[str, set[str]] = {}  # contact → what they, or those they were one with, refused
        self.apart: set[frozenset[str]] = set()  # whom a colleague holds for two
        self.seen = None

    # What happens

    @rule(who=who, where=st.sampled_from(["post", "telegram", "mail", "sms"]), says=who, proven=st.booleans())
    def somebody_writes(self, who, where, says, proven):
        """In messengers by a name of their own; `says`: whose phone and mail they type, or have proven."""
        address = {"mail": MAIL, "sms": PHONE}.get(where, {}).get(who, who)
        told = {} if where in {"mail", "sms"} else {"phone": PHONE[says], "email": MAIL[says]}
        text = f"слово {len(self.words)}"
        self.words.add(text)
        sender = {"verified": proven, **told}
        inbox = self.inboxes.get(where)
        self.run(self.shop.customer_writes(text, who=address, inbox=inbox, sender=sender))

    @rule(who=who, phone=who, known=st.booleans())
    def an_order_comes(self, who, phone, known):
        person = buyer(phone=PHONE[phone], email=MAIL[who], messengers={"dove": who} if known else {})
        key = f"o{len(self.orders)}"
        given = order(key, at=self.shop.clock(), buyer=person)
        taken = self.do(take, self.shop.id, "api", news(given, external_id=key), quiet=True)
        self.orders.add(taken.order_id)

    @rule(who=who)
    def stop_by_sms(self, who):
        if self.identity("phone", PHONE[who]) is not None:
            state = {"address": PHONE[who], "at": self.shop.clock(), "reachable": False, "reason": "blocked"}
            self.run(self.shop.vendor_says(("Reachability", state), inbox=self.inboxes["sms"]))
            self.shut.add(self.identity("phone", PHONE[who])["id"])

    @rule(who=number, what=st.sampled_from(REFUSALS))
    def somebody_refuses(self, who, what):
        if person := self.pick(self.present(), who):
            row = self.look()["preferences"].get((person,))
            before = row["data"] if row is not None else SAYS_NOTHING
            without = [*before["forbidden_channels"], *what.get("forbidden_channels", ())]
            self.do(wish.save, self.shop.id, person, {**what, "forbidden_channels": without}, by="customer")
            new = refused(SAYS_NOTHING | what) - refused(before)  # said again it is nobody else's word
            for one in self.family(person):
                self.refused.setdefault(one, set()).update(new)

    @rule(who=who, newcomer=who)
    def a_link_is_opened(self, who, newcomer):
        visitor = self.identity(self.inboxes["telegram"].scope, who)
        if visitor is not None:
            url = self.do(join.offer_link, self.shop.id, visitor["id"], self.shop.post.id)
            token = url.partition("start=")[2]
            opened = self.shop.customer_writes("", who=newcomer, link_token=token, silent=True)
            self.run(opened)

    # What colleagues do

    @rule(one=number, other=number)
    def a_colleague_joins(self, one, other):
        pair = self.pick(self.present(), one), self.pick(self.present(), other)
        if None not in pair and pair[0] != pair[1]:
            together = {frozenset((a, b)) for a in self.family(pair[0]) for b in self.family(pair[1])}
            self.do(merge.merge, self.shop.id, *pair, by=AGENT)
            self.apart -= together

    @rule(one=number, other=number)
    def a_colleague_joins_and_thinks_better_of_it(self, one, other):
        pair = self.pick(self.present(), one), self.pick(self.present(), other)
        if None not in pair and pair[0] != pair[1]:
            together = {frozenset((a, b)) for a in self.family(pair[0]) for b in self.family(pair[1])}
            before = self.look()
            which = self.do(merge.merge, self.shop.id, *pair, by=AGENT)
            self.do(merge.undo, self.shop.id, which, by=AGENT)
            assert self.look() == before
            self.apart = self.apart - together | {frozenset(pair)}

    @rule(which=number)
    def a_colleague_parts(self, which):
        rows = [row for row in self.rows(merges) if row["undone_at"] is None]
        if row := self.pick(rows, which):
            own = row["moved"]["rows"]["identities"]
            try:
                self.do(merge.undo, self.shop.id, row["id"], by=AGENT)
            except Conflict:
                return
            where = {one["id"]: one["contact_id"] for one in self.look()["identities"].values()}
            assert row["kept_id"] not in {where[one] for one in own}
            self.apart.add(frozenset((row["kept_id"], row["gone_id"])))

    @rule(which=number, accepted=st.booleans())
    def a_colleague_answers_a_suggestion(self, which, accepted):
        asked = [row for row in self.rows(resemblances) if row["state"] == joined.OPEN]
        if row := self.pick(asked, which):
            pair = [self.today(row["one_id"]), self.today(row["other_id"])]
            if pair[0] == pair[1]:
                return
            together = {frozenset((a, b)) for a in self.family(pair[0]) for b in self.family(pair[1])}
            self.do(merge.accept if accepted else merge.dismiss, self.shop.id, row["id"], by=AGENT)
            self.apart = self.apart - together if accepted else self.apart | {frozenset(pair)}

    # What holds

    @invariant()
    def nothing_is_lost(self):
        now = self.look()
        present = {row["id"] for row in now["contacts"].values() if row["went_to"] is None}
        for table in ("identities", "conversations", "orders", "consents"):
            assert {row["contact_id"] for row in now[table].values()} <= present, table
        assert {row["text"] for row in now["messages"].values()} >= self.words
        assert {row["id"] for row in now["orders"].values()} == self.orders
        assert {row["identity_id"] for row in now["closures"].values()} >= self.shut
        mine = {row["id"]: row["contact_id"] for row in now["identities"].values()}
        for row in now["conversations"].values():
            assert mine.get(row["reply_identity_id"], row["contact_id"]) == row["contact_id"]

    @invariant()
    def what_was_refused_stays_refused(self):
        said = {row["contact_id"]: refused(row["data"]) for row in self.look()["preferences"].values()}
        for person, what in self.refused.items():
            assert what <= said.get(self.today(person), set())

    @invariant()
    def who_was_taken_apart_stays_apart(self):
        for one, other in self.apart:
            assert self.today(one) != self.today(other)

    @invariant()
    def one_proven_address_is_one_person_unless_a_colleague_is_asked(self):
        now = self.look()
        proven = {}
        for row in now["identities"].values():
            if row["verified"]:
                proven.setdefault((row["scope"], row["address"]), set()).add(row["contact_id"])
        assert all(len(people) == 1 for people in proven.values())

    # Looking

    def do(self, flow, *args, **more):
        return self.run(self.shop.house.bus.do(flow, *args, **more))

    def run(self, work):
        self.seen = None
        return self.shop.run(work)

    def look(self):
        if self.seen is None:
            self.seen = self.shop.run(self.shop.read(everything))
        return self.seen

    def rows(self, table):
        query = select(table).where(table.c.shop_id == self.shop.id).order_by(table.c.id)
        return self.shop.run(self.shop.read(lambda db, _: [dict(row) for row in db.execute(query).mappings()]))

    def identity(self, scope, address):
        rows = self.look()["identities"].values()
        return next((row for row in rows if (row["scope"], row["address"]) == (scope, address)), None)

    def present(self):
        return sorted(row["id"] for row in self.look()["contacts"].values() if row["went_to"] is None)

    def today(self, person):
        people = {row["id"]: row["went_to"] for row in self.look()["contacts"].values()}
        while people[person] is not None:
            person = people[person]
        return person

    def family(self, person):
        return [row["id"] for row in self.look()["contacts"].values() if self.today(row["id"]) == person]

    @staticmethod
    def pick(found, which):
        return found[which % len(found)] if found else None


def test_contacts_live_through_anything_in_any_order(open_house, runner, clock, loft):
    Town.shop = runner.run(Shop.open(open_house(work=False), "Перша", runner, clock))
    often = settings(
        max_examples=LEAST,
        stateful_step_count=20,
        deadline=None,
        derandomize=True,
        report_multiple_bugs=False,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    run_state_machine_as_test(Town, settings=often)
    assert Town.lived >= LEAST
