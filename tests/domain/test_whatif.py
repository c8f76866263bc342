"""What if: other rules, the same people."""

from prilavok.domain.population import population
from prilavok.domain.rules import BUILT_IN
from prilavok.domain.whatif import COMPARISONS, Tally, by_policy, calls_everybody, mails_only, play

ORDERS = 150


def test_the_built_in_policy_never_makes_a_forbidden_contact_and_the_others_do() -> None:
    ours = play(population(1, ORDERS), by_policy(BUILT_IN), Tally()).figures()
    calls = play(population(1, ORDERS), calls_everybody, Tally()).figures()
    assert ours["forbidden"] == 0
    assert ours["night"] == 0
    assert calls["forbidden"] > ORDERS
    assert calls["night"] > 0
    assert ours["cost_per_order"] < calls["cost_per_order"]
    assert ours["calls_per_order"] < calls["calls_per_order"]


def test_ours_reaches_more_people_in_an_hour_than_letters_do() -> None:
    ours = play(population(2, ORDERS), by_policy(BUILT_IN), Tally()).figures()
    mails = play(population(2, ORDERS), mails_only, Tally()).figures()
    assert ours["reached_1h"] > mails["reached_1h"]
    assert ours["reached_24h"] > mails["reached_24h"]


def test_the_same_seed_gives_the_same_people_and_every_policy_meets_them() -> None:
    assert list(population(3, 20)) == list(population(3, 20))
    assert list(population(3, 20)) != list(population(4, 20))
    for decider in COMPARISONS.values():
        assert play(population(3, 20), decider, Tally()).orders == 20


def test_whoever_stops_it_sees_what_there_is() -> None:
    tally = Tally()
    stories = population(5, 1000)
    play((next(stories) for _ in range(7)), by_policy(BUILT_IN), tally)
    assert tally.figures()["orders"] == 7
    assert sum(one["value"] for one in tally.series()["contacts"]) == sum(tally.contacts.values())
    assert Tally().figures()["contacts_per_order"] == 0
