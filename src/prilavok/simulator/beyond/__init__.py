"""Vendors that stand beyond the demo's street, because one shop rarely has them all: `prilavok demo --every-channel`
opens an inbox with each, and `prilavok load` presses with their deliveries.
"""

from prilavok.simulator.beyond import calls, letters, texts

BEYOND = (*texts.LINES, *calls.LINES, *letters.LINES)
