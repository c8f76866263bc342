"""What a server's refusal means: is the address dead, is it a matter of time, or is the sender the problem?"""

import re
from dataclasses import dataclass

STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
CODE = re.compile(r"(?<![\d.#:-])([45]\d\d)(?=[ \-#,:;.]|$)(?!\.\d)")
UNKNOWN_USER = re.compile(
    r"user (?:is )?(?:unknown|not (?:found|known|exist)|doesn.t exist|does not exist)|"
    r"(?:unknown|no such|invalid|non-?existent) (?:local )?"
    r"(?:user|mailbox|recipient|account|address)|does(?:n.t| not) (?:exist|have an? .{0,"
    r"30}account)|(?:recipient|mailbox|address|account|user) "
    r"(?:name )?(?:is )?not (?:found|recognized|exist|listed|valid)|no mailbox|not a "
    r"known user|recipient unknown|address (?:not found|unknown|invalid)|"
    r"mailbox not found|user .{1,80} (?:not|does ?n.t|does not) exist|no (?:such )"
    r"?(?:person|one) (?:here|at this)|unrouteable address|undeliverable address|bad "
    r"destination|"
    r"host (?:or domain name )?(?:not|un)(?:known| found)|domain (?:does not exist|not found)|invalid domain|nxdomain|"
    r"нет такого пользовател|пользовател\w+ не (?:найден|существ|зарегистр)|адрес\w* "
    r"(?:\S+ )?не (?:найден|существ)|ящик\w* (?:\S+ )?не (?:найден|существ)|"
    r"не существует|такого адреса нет|получател\w+ не найден|немає такого|не існує|не "
    r"знайдено|користувач\w* не|unknown recipient|recipnotfound|resolver\.adr",
    re.IGNORECASE,
)
DISABLED = re.compile(
    r"(?:account|mailbox|user|recipient|address).{0,60}(?:disabled|inactive|suspended|"
    r"deactivated|frozen|blocked|closed|discontinued|expired|locked|unavailable)"
    r"|ящик.{0,40}(?:заблокирован|отключ[её]н|неактив|заморожен|удал[её]н)|скриньк.{0,"
    r"40}(?:заблокован|вимкнен|неактив|заморожен|видален)"
    r"|account (?:that you tried to reach )?is (?:disabled|inactive)",
    re.IGNORECASE,
)
FULL = re.compile(
    r"(?:mailbox|inbox|account|user|maildrop|storage|recipient).{0,50}(?:full|over ?quota|"
    r"exceed|out of (?:storage|space))|over ?quota|quota exceeded|exceed\w* .{0,40}quota|"
    r"insufficient (?:system )?(?:storage|disk)|"
    r"переполнен|превышен\w* (?:квот|лимит|размер ящ)|переповнен|перевищен\w* (?:квот|"
    r"ліміт)|mailbox full|ящик полон|out of storage",
    re.IGNORECASE,
)
POLICY = re.compile(
    r"\bspam\b|спам|polic(?:y|ies)|blacklist|block ?list|blocked using|\bdnsbl|\brbl\b|"
    r"spamhaus|reputation|denied|not (?:permitted|allowed|authorized|authorised)|"
    r"unauthenticated|authenticat|"
    r"\bspf\b|\bdkim\b|\bdmarc\b|banned|rejected (?:due to|as|by|for) (?:content|security|"
    r"local)|content (?:rejected|filter)|relay(?:ing)?\b|unsolicited|mismatch|suspicious|"
    r"virus|too (?:large|big)|size limit|"
    r"message (?:rejected|refused|content)|use the smtp server of|ptr record|reverse dns|"
    r"sent_second_ehlo|отклонен\w* .{0,40}(?:политик|антиспам)|запрещ|заборонен|header "
    r"error|sender (?:address )?(?:rejected|verify)|greylist",
    re.IGNORECASE,
)
PASSING = re.compile(
    r"try (?:again|later)|temporar|timed? ?out|connection (?:refused|timed|reset|lost)|"
    r"(?:did|does) not (?:respond|answer|accept)|not responding|queue (?:has )?(?:been )"
    r"?(?:expired|too long)|too many connections|deferred|"
    r"delivery (?:time )?expired|retry timeout|unable to connect|host .{0,60}unreachable|"
    r"временн|тимчасов|попробуйте (?:позже|снова)|greylist|no answer from host|rate limit|"
    r"too busy|expired",
    re.IGNORECASE,
)
HARD = frozenset(["1.1", "1.2", "1.3", "1.6", "1.10", "2.1", "4.4", "1.0", "1.8", "4.14"])


@dataclass(frozen=True, slots=True)
class Verdict:
    """Neither temporary nor policy: the address itself is dead."""

    temporary: bool
    policy: bool
    status: str  # x.y.z, the most telling of those found; "" when none


def judge(status: str, diagnostic: str) -> Verdict:
    """`status` as the report gives it (it may be generic or wrong), `diagnostic` the words of the remote server."""
    best = telling_status(status, diagnostic)
    subject_detail = best[2:] if best else ""
    code = CODE.search(diagnostic)
    words = diagnostic[:4000]
    if UNKNOWN_USER.search(words) and not best.startswith("4"):
        return Verdict(temporary=False, policy=False, status=best)
    if FULL.search(words) or subject_detail == "2.2":
        return Verdict(temporary=True, policy=False, status=best)
    if best.startswith("4") or (not best and code and code[1].startswith("4")):
        return Verdict(temporary=True, policy=False, status=best)
    if subject_detail in HARD or (DISABLED.search(words) and not subject_detail.startswith("7")):
        return Verdict(temporary=False, policy=False, status=best)
    if subject_detail.startswith("7") or POLICY.search(words):
        return Verdict(temporary=False, policy=True, status=best)
    if not best.startswith("5") and not code and PASSING.search(words):
        return Verdict(temporary=True, policy=False, status=best)
    return Verdict(temporary=False, policy=False, status=best)


def telling_status(status: str, diagnostic: str) -> str:
    """5.0.0 and 5.5.0 say nothing: the code that the server wrote into its words says more."""
    own = STATUS.search(status)
    said: list[str] = [one for one in STATUS.findall(diagnostic) if not one.startswith("2")]
    if own and own[1][2:] not in {"0.0", "5.0", "3.0"} and not own[1].startswith("2"):
        return own[1]
    if said:
        return said[0]
    return str(own[1]) if own else ""
