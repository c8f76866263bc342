"""The shop platforms that come with Prilavok; installed ones of other authors are found by `registry`."""

from prilavok.commerce.base import Source
from prilavok.commerce.generic import Generic
from prilavok.commerce.shopify import Shopify
from prilavok.commerce.woocommerce import WooCommerce

OURS: dict[str, type[Source]] = {one.kind: one for one in (Generic, Shopify, WooCommerce)}
