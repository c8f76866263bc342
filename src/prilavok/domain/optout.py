"""The words by which people shut a number to texts and open it again, wherever SMS is spoken."""

# Of one meaning only: "cancel", "end", "да" and the like answer other questions too.
STOP = frozenset(
    {"stop", "stopall", "stop all", "unsubscribe", "optout", "opt out", "opt-out", "стоп", "отписка"}
    | {"отписаться", "отпишите", "отпишите меня", "отписать", "не присылайте", "не присылайте смс"}
    | {"відписка", "відписатися", "відписатись", "відпишіть", "відпишіть мене", "не надсилайте", "не надсилайте смс"}
)
START = frozenset({"start", "unstop", "старт", "подписаться", "підписатися", "підписатись"})
AROUND = " \t\r\n.,!?…«»\"'()*"


def opted(text: str) -> bool | None:
    """True: let us in again; False: wants no more texts; None: said something else."""
    if len(text) > 40:
        return None
    word = " ".join(text.strip(AROUND).casefold().split())
    return False if word in STOP else True if word in START else None
