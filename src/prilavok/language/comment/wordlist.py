"""Tables of words are written as text: one blank between two words."""


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def in_order(text: str) -> list[str]:
    return text.split()
