"""The rules as a table that an owner can read: for the guide and for whoever wants to print it."""

from prilavok.domain.country import CALL, CLASSES, HABITS
from prilavok.domain.rules import BUILT_IN, Policy, Rule


def occasions(policy: Policy = BUILT_IN) -> str:
    """Occasions × media, in Markdown."""
    lines = [
        "| occasion | stage | messenger | mail | SMS | call | next way after | gathered for | kind |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for kind, rule in policy.rules.items():
        marks = " | ".join(_mark(rule, one) for one in CLASSES)
        after = ", then ".join(dict.fromkeys(said(one) for one in rule.within)) if rule.tell and rule.rungs > 1 else ""
        gathered = said(rule.digest) if rule.digest else ""
        cells = (f"`{kind}`", rule.stage.value, marks, after, gathered, rule.purpose.value if rule.tell else "not told")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def habits() -> str:
    """Countries × their order of media, in Markdown."""
    lines = ["| country | where people expect to be written to | tone | answer in a messenger |", "|---|---|---|---|"]
    for country, habit in HABITS.items():
        lines.append(f"| {country} | {', '.join(habit.media)} | {habit.tone} | {habit.answer['messenger']} min |")
    return "\n".join(lines)


def said(seconds: int) -> str:
    if seconds % 3600 == 0:
        return f"{seconds // 3600} h"
    return f"{seconds // 60} min"


def _mark(rule: Rule, kind: str) -> str:
    if not rule.tell:
        return ""
    if kind in rule.media:
        return "last" if kind == CALL else "yes"
    return "if urgent" if kind == CALL and rule.purpose.value == "transactional" else ""
