"""Reports that only people can read: Mail.ru, Exim, qmail, Exchange in several languages, old Gmail."""

import re
from dataclasses import dataclass

from prilavok.channels.email.headers import ADDRESS, Headers, addresses

MOST_TEXT = 64 * 1024
MOST_NAMED = 200
INTRODUCTION = re.compile(
    r"could ?n(?:o|')t be delivered|(?:could|can|was|is) not (?:be )?deliver|cannot be "
    r"delivered|was(?:n't| not) delivered|unable to deliver|delivery (?:to the following|"
    r"has failed|failed|of the following|attempt|to .{0,80}(?:failed|delayed))|"
    r"did not reach the following|following (?:address|recipient)\w*.{0,30}(?:failed|fail|"
    r"had)|addresses had (?:permanent|transient)|wasn't able to deliver|undeliverable|"
    r"permanent (?:fatal )?error|"
    r"returned to sender|mail delivery (?:sub)?system|this message was created "
    r"automatically by (?:the )?mail|(?:is|has been) delayed|not yet been delivered|"
    r"delivery status notification|failed permanently|"
    r"mailbox (?:is )?full|error(?:s)? occurred while|transaction failed|recipient\w* "
    r"(?:has |have )?failed|mail (?:server|system) .{0,60}(?:reject|return)|reporting-mta|"
    r"не (?:может|могло|могут|может быть|было|были|был|удалось|удается|удаётся) (?:быть )"
    r"?(?:доставлен|доставить|выполнить доставку)|не доставлен|недоставлен|невозможно "
    r"доставить|ошибка (?:при )?доставк|создано автоматически сервером|доставк\w+ .{0,"
    r"60}(?:не удал|невозможн|отложен|задерж)|"
    r"не (?:може|могло|можуть|може бути|було|вдалося|вдається) (?:бути )?(?:доставлен|"
    r"доставити)|не доставлено|неможливо доставити|помилка (?:при )?доставк|доставк\w+ "
    r".{0,60}(?:не вдал|неможлив|відклад|затрим)|"
    r"konnte nicht zugestellt|n'a pas pu être|no se pudo entregar|nie (?:mógł|mogła|został).{0,20}dostarczon",
    re.IGNORECASE | re.DOTALL,
)
COPY = re.compile(
    r"^[ \t>]*(?:-{2,}[^\n]{0,30}(?:copy of (?:the|your) message|original message|"
    r"returned message|below this line|message headers?|undelivered message|the header of "
    r"the original|исходн|оригинал|текст письма|копия|заголов|вихідн|копія)[^\n]*"
    r"|original message headers?:|-{3,} ?(?:original|start of) [^\n]*|(?:исходные )"
    r"?заголовки (?:исходного )?(?:сообщения|письма)[^\n]*:|заголовки вихідного "
    r"повідомлення[^\n]*:|the original message[^\n]{0,40}:|"
    r"received: (?:from|by) [^\n]*|return-path: *<[^\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)
LEADING = (  # the surest places first; each has the address as its only group
    re.compile(r"^[ \t]*<?([^\s<>@]{1,64}@[^\s<>@:]{1,255}?)>?[ \t]*:(?=\s|$)", re.MULTILINE),
    re.compile(r"rcpt to: ?<([^\s<>@]{1,64}@[^\s<>@]{1,255})>", re.IGNORECASE),
    re.compile(
        r"^[ \t]*[*•·-]?[ \t]*<?([^\s<>@]{1,64}@[^\s<>@;,:()]{1,255})>?(?:<mailto:[^>\n]*>)?[ \t]*(?:\([^\n]*\))?$",
        re.MULTILINE,
    ),
    re.compile(
        r"^[ \t]*<?([^\s<>@]{1,64}@[^\s<>@;,:]{1,255})>?(?:<mailto:[^>\n]*>)?[ \t]+(?:on\b|\(|-|—|,|на\b)[^\n]*$",
        re.MULTILINE,
    ),
    re.compile(
        r"^[ \t]*(?:to|recipient|final recipient|кому|получатель|адресат|одержувач|адрес "
        r"получателя|failed recipient)[ \t]*:[ \t]*[^\n<@]{0,60}?<?([^\s<>@]{1,64}@[^\s<>"
        r"@;,]{1,255})>?",
        re.IGNORECASE | re.MULTILINE,
    ),
    re.compile(
        r"(?:delivered to|deliver (?:your )?(?:message|mail) to|delivery to|user|"
        r"получател\w+|адрес\w*|адресат\w*|одержувач\w*|доставлен\w*|доставить\w*|"
        r"доставити|mailbox|recipient|full:?)[ \t:«\"'(]*\s*<?([^\s<>@\"'«»]{1,64}@[^\s<>"
        r"@\"'«»;,()]{1,255}?)[>\"'»;,)]?[.]?(?=\s|$|[:;,)])",
        re.IGNORECASE,
    ),
    re.compile(r"<([^\s<>@]{1,64}@[^\s<>@]{1,255})>"),
    re.compile(r"(?<![\w.@<=-])([\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6})"),
)
NOT_A_PERSON = re.compile(
    r"^(?:mailer-?daemon|postmaster|double-bounce|abuse|support|noreply|no-reply)@", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Found:
    """One recipient as a report names it."""

    recipient: str
    status: str = ""
    reason: str = ""
    delayed: bool = False
    delivered: bool = False


def looks_like_report(text: str) -> bool:
    return bool(INTRODUCTION.search(text[:6000]))


def original_part(text: str) -> str:
    """The header of the returned mail, where a server pasted it under its own words; "" when there is none."""
    start = re.search(
        r"^[ \t>]*(?:return-path|received|message-id|from|date|subject|mime-version|x-mailer|dkim-signature): ",
        after_copy(text),
        re.IGNORECASE | re.MULTILINE,
    )
    if not start:
        return ""
    return re.sub(r"^>[ ]?", "", after_copy(text)[start.start() :][:MOST_TEXT], flags=re.MULTILINE)


def after_copy(text: str) -> str:
    found = COPY.search(text[:MOST_TEXT])
    return text[found.start() :] if found else ""


def failures_in_text(text: str, *, headers: Headers, original: Headers | None, own: set[str]) -> list[Found]:
    """Recipients named in the server's words. `own` are our addresses, which stand there too and failed nowhere."""
    text = text[:MOST_TEXT]
    cut = COPY.search(text)
    notice = text[: cut.start()] if cut else text
    named = [address for value in headers.all("x-failed-recipients") for _, address in addresses(value)]
    if not named:
        sent_to = (
            {address for name in ("to", "cc") for _, address in addresses(original.get(name))} if original else set()
        )
        named = named_in(notice, own - sent_to, sent_to)
    named = list(dict.fromkeys(named))[:MOST_NAMED]
    delayed = is_delay(notice, headers.text("subject"))
    return [Found(recipient=one, reason=words_about(notice, one), delayed=delayed) for one in named]


def named_in(notice: str, own: set[str], sent_to: set[str]) -> list[str]:
    sure: list[str] = []
    for pattern in LEADING:
        found = [match[1].strip(".,;:'\"").lower() for match in pattern.finditer(notice)]
        found = [
            one
            for one in dict.fromkeys(found)
            if ADDRESS.fullmatch(one) and one not in own and not NOT_A_PERSON.match(one)
        ]
        agreed = [one for one in found if one in sent_to]
        if agreed:
            return agreed
        sure = sure or found
    return sure if not sent_to or sure else []


def is_delay(notice: str, subject: str) -> bool:
    """A warning that the server goes on trying; the word of a final failure beats it."""
    head = f"{subject}\n{notice[:3000]}"
    if re.search(
        r"permanent|given up|giving up|will not be retried|окончательн|failed permanently|\b5\d\d[ -]5\.",
        head,
        re.IGNORECASE,
    ):
        return False
    return bool(
        re.search(
            r"delayed|will (?:be|continue|keep) (?:retried|trying|to try|try)|not yet "
            r"been delivered|still (?:being )?(?:trying|retried)|warning: (?:could not "
            r"send|message)|do not need to resend|"
            r"отложен|задерж|попытки .{0,60}(?:продолж|будут)|будет повторен|затрим|"
            r"відклад|спроби .{0,60}(?:продовж|будуть)|transient non-fatal",
            head,
            re.IGNORECASE,
        )
    )


def words_about(notice: str, address: str) -> str:
    """The server's words after the address, at its last but telling mention; the whole notice when there are none."""
    lower = notice.lower()
    at = lower.find(address)
    while at >= 0:
        passage = notice[at + len(address) : at + len(address) + 700]
        passage = re.split(r"\n\s*\n(?=\s*<?[^\s<>@]+@)", passage)[0]
        if re.search(r"[45]\d\d\b|[45]\.\d\.\d|[a-zа-я]{4,}", passage, re.IGNORECASE):
            before = notice[max(0, at - 160) : at].rpartition("\n\n")[2]
            return f"{before}{address}{passage}".strip(" >:\r\n\t.")
        at = lower.find(address, at + 1)
    return notice.strip()[:700]
