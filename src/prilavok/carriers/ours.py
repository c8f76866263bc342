"""The carriers that come with Prilavok."""

from prilavok.carriers.cdek import Cdek
from prilavok.carriers.generic import Parcels
from prilavok.carriers.novaposhta import NovaPoshta
from prilavok.commerce.base import Source

OURS: dict[str, type[Source]] = {one.kind: one for one in (Cdek, NovaPoshta, Parcels)}
