"""Prilavok: the shop counter, where an online shop and its customers meet."""

__version__ = "0.1.0"
