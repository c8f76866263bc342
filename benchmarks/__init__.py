"""Measurements side by side: `python -m benchmarks --help`. What they found stands in README.md."""
