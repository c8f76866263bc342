"""What errors mean to whoever asked."""

import pytest
from sqlalchemy.exc import OperationalError

from prilavok.store.base import open_engine
from prilavok.web.errors import as_refusal


def test_while_the_database_is_away_everybody_is_asked_to_come_again():
    engine = open_engine("postgresql://nobody@127.0.0.1:1/nowhere?connect_timeout=2")
    with pytest.raises(OperationalError) as away:
        engine.connect()
    refusal = as_refusal(away.value)
    assert refusal is not None
    assert refusal.status == 503
    assert int(refusal.headers["retry-after"]) > 0
    assert "127.0.0.1" not in refusal.detail


def test_a_fault_of_ours_is_no_refusal():
    assert as_refusal(ZeroDivisionError()) is None


def test_a_statement_that_the_database_refuses_is_a_fault_of_ours_and_no_outage():
    engine = open_engine("sqlite://")
    with engine.connect() as db, pytest.raises(OperationalError) as wrong:
        db.exec_driver_sql("select nothing from nowhere")
    assert as_refusal(wrong.value) is None
