"""What somebody writes that may tell who they are: an e-mail, a telephone number, the number of an order."""

import re

MOST = 4  # of each kind in one message
LONGEST = 4000  # characters that are looked through

DIGIT = re.compile(r"\d")
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
PHONE = re.compile(r"(?<![\w#№])\+?\d(?:[ ()\u00a0-]{0,2}\d){8,14}(?!\w)")
ORDER = re.compile(
    r"(?:№|#|\bзаказ\w{0,3}|\bзамовленн\w{0,2}|\border)[\s:]{0,3}(?:(?:номер\w{0,2}|number|no\.?|№|#)[\s:]{0,3})?"
    r"([A-ZА-Я]{0,4}-?\d{3,12})\b",
    re.IGNORECASE,
)


def hints_in(text: str) -> tuple[tuple[str, str], ...]:
    """(email | phone | order, as it was written), each once."""
    text = text[:LONGEST]
    found = [("email", one.lower()) for one in EMAIL.findall(text)[:MOST]] if "@" in text else []
    if DIGIT.search(text):
        found += [("phone", one) for one in PHONE.findall(text)[:MOST]]
        found += [("order", one) for one in ORDER.findall(text)[:MOST]]
    return tuple(dict.fromkeys(found))
