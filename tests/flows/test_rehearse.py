"""Recorded orders under other rules; nothing is written and nobody is written to."""

import asyncio
from threading import Event

import pytest

from prilavok.domain.editing import as_mapping
from prilavok.domain.rules import BUILT_IN
from prilavok.flows import rehearse
from tests.asking import PATIENCE, until
from tests.house import Shop, on_both
from tests.ordering import said_of


async def an_order(shop: Shop, number: str, comment: str = "") -> None:
    body = {
        "number": number,
        "placed_at": said_of(shop, hours=-30),
        "currency": "UAH",
        "total": "900.00",
        "customer": {"name": "Олена", "phone": f"+38067123456{number}", "email": f"o{number}@example.org"},
        "comment": comment,
    }
    assert (await shop.ask("PUT", f"/api/v1/orders/{number}", body)).status == 200
    events = [{"kind": "shipped", "at": said_of(shop, hours=-2)}]
    assert (await shop.ask("POST", f"/api/v1/orders/{number}/events", events)).status == 200


@on_both
async def test_recorded_orders_live_through_the_present_rules_and_the_proposed_ones(shop: Shop) -> None:
    await an_order(shop, "1")
    await an_order(shop, "2", "не звоните")
    data = {**as_mapping(BUILT_IN), "answer_own_act_within": 0}
    answer = await shop.ask("POST", "/api/v1/policy/rehearse", {"data": data})
    assert answer.status == 200, answer.text
    runs = answer.json()["runs"]
    assert [run["name"] for run in runs] == ["present", "proposed"]
    assert all(run["figures"]["orders"] == 2 for run in runs)
    assert all(run["figures"]["forbidden"] == 0 for run in runs)


async def test_the_way_of_many_shops_is_shown_with_what_it_does_to_people(shop: Shop) -> None:
    asked = {"policies": ["built-in", "call-everybody", {"prefer": "cost"}], "orders": 60}
    answer = await shop.ask("POST", "/api/v1/simulate", asked)
    assert answer.status == 200, answer.text
    ours, calls, cheap = answer.json()["runs"]
    assert (ours["name"], calls["name"], cheap["name"]) == ("built-in", "call-everybody", "policy 3")
    assert ours["figures"]["forbidden"] == cheap["figures"]["forbidden"] == 0
    assert calls["figures"]["forbidden"] > 0
    assert len(ours["series"]["by_hour"]) == 24


async def test_recorded_orders_can_be_simulated_too(shop: Shop) -> None:
    await an_order(shop, "1")
    asked = {"policies": ["shop", "call-everybody"], "since": said_of(shop, hours=-100)}
    runs = (await shop.ask("POST", "/api/v1/simulate", asked)).json()["runs"]
    assert runs[1]["figures"]["calls_per_order"] > 0
    assert runs[0]["figures"]["calls_per_order"] == 0


@on_both
async def test_however_many_play_with_rules_the_inbox_is_read_beside_them(shop: Shop, monkeypatch) -> None:
    playing, at_once, finish = [], [], Event()

    def plays(*_, **__):
        playing.append(1)
        at_once.append(len(playing))
        assert finish.wait(PATIENCE)
        playing.pop()
        return {}

    monkeypatch.setattr(rehearse, "compare", plays)
    asked = [asyncio.create_task(shop.ask("POST", "/api/v1/simulate", {"policies": ["shop"]})) for _ in range(12)]
    try:
        await until(lambda: playing)
        assert (await shop.ask("GET", "/api/v1/conversations?q=%D1%81%D0%BD%D1%96%D0%B3")).status == 200
    finally:
        finish.set()
    assert {answer.status for answer in await asyncio.gather(*asked)} == {200}
    assert at_once == [1] * 12


@pytest.mark.parametrize("policies", [["luck"], [{"rules": {"placed": {"media": ["call"]}}}], []])
async def test_no_other_policy_is_played(shop: Shop, policies: list) -> None:
    assert (await shop.ask("POST", "/api/v1/simulate", {"policies": policies, "orders": 1})).status == 422
