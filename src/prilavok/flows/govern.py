"""The owner changes the policy. Every change is a new version; what waits is decided again when its time comes."""

from collections.abc import Mapping
from typing import Any

from prilavok.domain.editing import as_mapping, policy_from
from prilavok.flows.unit import Unit
from prilavok.store import rulebook


def govern(unit: Unit, shop_id: int, data: Mapping[str, Any], *, note: str, author_id: str | None) -> int:
    """The number of the version. BadInput names what is wrong in `data`, and what no policy may say."""
    whole = as_mapping(policy_from(data))
    return rulebook.add_version(unit.db, shop_id, whole, note=note, author_id=author_id, now=unit.now)
