"""What a message becomes where the other side has less than we have: answers without buttons, a number to dial."""

from prilavok.domain.message import Outbound


def numbered(outbound: Outbound, *, only_links: bool = False) -> str:
    """The text, and under it the buttons as a list: what can be answered by its number, what can be opened.

    `only_links`: where there are buttons to answer with, but none to open an address.
    """
    answers = [] if only_links else [button for button in outbound.buttons if not button.url]
    lines = [f"{number}. {button.text}" for number, button in enumerate(answers, 1)]
    lines += [f"{button.text}: {button.url}" for button in outbound.buttons if button.url]
    return "\n".join(filter(None, [outbound.text, *lines]))


def dialled(address: str) -> str:
    """An address as telephone networks take it: + and digits. What has none stays as it is."""
    digits = "".join(sign for sign in address if sign in "0123456789")
    return f"+{digits}" if digits else address
