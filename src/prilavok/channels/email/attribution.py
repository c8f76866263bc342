"""Where the history of a correspondence begins: "Olena wrote:", "-----Original Message-----", From/Sent/To/Subject.

Languages differ in words and in order, so an attribution is recognised by what it must hold (a date or an address, a
verb or a colon) and not by its grammar; unknown mail programs mostly pass.
"""

import re

from prilavok.channels.email.lines import Line, Mark

VERBS = (
    r"wrote|writes?|said|schrieb|schreibt|"
    r"написал(?:\(?-?а\)?|/а|а)?|писал(?:\(?-?а\)?|а)?|пишет|пише(?:ш|те)?|напиш[еі]т?|сообщил(?:\(?а\)?|а)?|"
    r"написа[вл](?:\(?-?ла\)?|/ла|а|ла|и|\(-ла\))?|писа[вл](?:\(?-?ла\)?|/ла|а|ла|и)?|повідоми[вл](?:\(?ла\)?|а)?|"
    r"напісаў|напіса[лў]а?|піша|a écrit|écrit|escribió|escribio|escreveu|"
    r"napisał(?:\(?a\)?|a)?|pisze|napsal(?:\(?a\)?|a)?|"
    r"ha scritto|schreef|skrev|kirjoitti|írta|yazdı|написа|жазды|a scris|rašė|rakstīja|kirjutas|napísal(?:\(a\))?|"
    r"je napisa[ol]|пише|wrote the following"
)
MONTH = (
    r"jan\w*|feb\w*|mar(?:ch|s)?|apr\w*|may|june?|july?|aug\w*|sept?\w*|oct\w*|nov\w*|dec\w*|"
    r"янв\w*|фев\w*|мар(?:т|та)?|апр\w*|ма[йя]|июн\w*|июл\w*|авг\w*|сен\w*|окт\w*|ноя\w*|дек\w*|"
    r"січ\w*|лют\w*|бер(?:ез\w*)?|квіт?\w*|трав?\w*|черв?\w*|лип\w*|серп?\w*|верес?\w*|жовт?\w*|лист?\w*|груд?\w*|"
    r"stycz\w*|sty|lut\w*|mar[zc]\w*|kwi\w*|maj\w?|czerw?\w*|cze|lip\w*|sierp?\w*|sie|wrz\w*|paź\w*|lis\w*|gru\w*|"
    r"januar|märz|mai|dez\w*|okt\w*|janv\w*|févr\w*|avr\w*|juin|juil\w*|août|déc\w*|ene\w*|abr\w*|ago\w*|dic\w*|gen\w*|"
    r"giu\w*|lug\w*|set\w*|ott\w*|mag\w*|снеж\w*|студ\w*|траўн\w*|чэрв\w*|жні\w*|кастр\w*|ліст\w*"
)
DATE = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?\.?(?: de)?[\s -]*(?:{MONTH})\b\.?,?(?: de)?(?:[\s -]*\d{{2,4}})?"
    rf"|\b(?:{MONTH})\.? \d{{1,2}}(?:st|nd|rd|th)?\b,?(?: \d{{4}})?"
    r"|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}[-./]\d{1,2}[-./]\d{1,2}\b|\d{4}年\d{1,2}月\d{1,2}日",
    re.IGNORECASE,
)
TIME = re.compile(r"\b\d{1,2}[:.h]\d{2}\b")
EMAIL = re.compile(r"[^\s<>()\"',;:]{1,64}@[^\s<>()\"',;:]{1,255}")
VERB = re.compile(rf"(?<!\w)(?:{VERBS})(?!\w)", re.IGNORECASE)
ENDS_WITH_VERB = re.compile(
    rf"(?<!\w)(?:{VERBS})(?:\s+(?:на|the following|следующее|таке|наступне))?\s*[:：]\s*$", re.IGNORECASE
)
BY = re.compile(r"(?<!\w)(?:от|від|from|von|de|by|od)(?!\w)", re.IGNORECASE)
YOU_WROTE = re.compile(
    r"(?<!\w)(?:вы|ты|ви|ти|you|sie)\s+(?:написали|писали|писал[аи]?|писав|wrote|schrieben)(?!\w)", re.IGNORECASE
)
QUOTING = re.compile(
    r"^\s*(?:quoting|цитирование|цитирую|цитування|цитата|zitat von|citando|citiert|mensaje citado por)\s.{0,200}:\s*$",
    re.I,
)
DASHED_VERB = re.compile(rf"^\s*-{{2,}}.*(?<!\w)(?:{VERBS})\s*:?\s*-{{2,}}\s*$", re.IGNORECASE)
BEGINS = re.compile(
    r"^\s*(?:on|in a message dated|в|во|у|le|am|el|em|il|w dniu|dnia|op|den|dne|pada|на)\s", re.IGNORECASE
)
WEEKDAY = re.compile(
    r"^\s*(?:on |в |у |во )?\(?(?:mon|tue|wed|thu|fri|sat|sun)\w*|^\s*(?:в |во |у )?(?:пн|"
    r"вт|ср|чт|пт|сб|вс|нд|понед\w+|"
    r"вторн?\w*|сред[аыу]|четв\w+|пятн\w+|субб?о\w+|воскр\w+|понеділ\w+|вівтор\w+|серед[аиу]|п.ятниц\w+|неділ\w+)\b",
    re.IGNORECASE,
)
WORDS_OF_MESSAGE = (
    r"message|messages|msg|e-?mail|mail|letter|reply|сообщени[ея]|сообщ\.?|письм[оа]|"
    r"повідомлення|лист[аі]?|пісьмо|паведамленне|"
    r"nachricht|mensaje|mensagem|messaggio|wiadomo[śs][ćc]|bericht|meddelande|besked|"
    r"melding|viesti|zpráva|üzenet|ileti|mesaj"
)
WHICH = (
    r"original|forwarded|begin forwarded|reply|replied|previous|quoted|исходн\w+|"
    r"оригинальн\w+|начальн\w+|первоначальн\w+|"
    r"пересыл\w+|переслан\w+|перенаправл\w+|переадрес\w+|предыдущ\w+|конец|начало|цитируем\w+|вихідн\w+|оригінальн\w+|"
    r"початков\w+|первинн\w+|перенаправлен\w+|пересилан\w+|попередн\w+|початок|"
    r"ursprüngliche|weitergeleitete|original\w*|transféré|"
    r"d'origine|reenviado|oryginalna|przekazana|inoltrato|originale|oorspronkelijk|"
    r"doorgestuurd|ursprungligt|alkuperäinen|původní|eredeti"
)
SEPARATOR = re.compile(
    rf"^\s*[-_=*~—–#+]{{2,}}\s*(?=.{{0,80}}(?<!\w)(?:{WHICH}))(?=.{{0,80}}(?<!\w)"
    rf"(?:{WORDS_OF_MESSAGE})(?!\w)).{{3,80}}?[\s:]*[-_=*~—–#+]{{0,}}\s*$"
    rf"|^\s*[-_=]{{3,}}\s*(?:{WHICH})\s*[-_=]{{3,}}\s*$"
    rf"|^\s*(?:begin forwarded message|начало (?:пере\w+) (?:сообщения|письма)|початок "
    rf"(?:пере\w+) (?:повідомлення|листа))\s*:\s*$",
    re.IGNORECASE,
)
REPLY_ABOVE = re.compile(
    r"(?:reply|answer|respond|ответ\w*|пишите|відпов\w+|пишіть)\b.{0,40}(?:above|выше|"
    r"вище)\b.{0,30}(?:line|лини|черт|строк|ліні|рядк|риск)"
    r"|^\W*(?:above this line|выше этой (?:линии|черты|строки)|вище (?:цієї|цього) (?:лінії|риски|рядка))",
    re.IGNORECASE,
)
LABELS = {
    "from": r"from|от|от кого|від|від кого|отправитель|відправник|von|de|da|od|van|från|fra|"
    r"kimden|expéditeur|lähettäjä|ад|ад каго|feladó",
    "date": r"sent|date|дата|отправлено|дата отправки|отправлен|послано|надіслано|відправлено|"
    r"дата відправлення|время|gesendet|datum|"
    r"envoyé|date d'envoi|enviado|enviada|fecha|data|wysłano|wysłane|inviato|verzonden|"
    r"skickat|sendt|lähetetty|odesláno|tarih|"
    r"gönderildi|адпраўлена|elküldve",
    "to": r"to|кому|получатель|получатели|одержувач|одержувачі|an|à|para|a|do|komu|aan|till|til|kime|каму|címzett",
    "subject": r"subject|тема|тема письма|тема листа|предмет|betreff|objet|asunto|assunto|oggetto|"
    r"temat|onderwerp|ämne|emne|"
    r"aihe|předmět|konu|тэма|tárgy",
    "cc": r"cc|копия|копія|kopie|copia|dw|kopia|копии",
    "other": r"reply-to|reply to|importance|важность|приоритет|важливість|пріоритет|attachments?|"
    r"вложени[ея]|вкладен\w+|organization|priority|ответить",
}
LABEL = re.compile(
    r"^\s*(?:[>*_|]\s*)*(?:"
    + "|".join(f"(?P<{kind}>{names})" for kind, names in LABELS.items())
    + r")\s*[*_]*\s*[:：]\s*[*_]*\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
RULE = re.compile(r"^\s*[_\-=*—–]{5,}\s*$")
LONGEST = 400  # characters of an attribution


def history_block(lines: list[Line], at: int) -> int:
    """How many lines from `at` on say that history follows up to the end; 0 when it is none of that."""
    text = lines[at].text
    if lines[at].mark is Mark.CUT:
        return 1
    if not text.strip() or len(text) > LONGEST:
        return 0
    if SEPARATOR.match(text) or REPLY_ABOVE.search(text):
        return 1
    if RULE.match(text):
        following = next_filled(lines, at + 1)
        if following is not None and following - at <= 3 and header_block(lines, following, least=2):
            return following - at + 1
        return 0
    return header_block(lines, at, least=2 if lines[at].mark is Mark.BORDER else 3)


def header_block(lines: list[Line], at: int, *, least: int) -> int:
    """The number of lines of a From/Sent/To/Subject block that begins at `at`, in any order and language."""
    seen: set[str] = set()
    length = strange = 0
    for line in lines[at : at + 14]:
        match = LABEL.match(line.text)
        if not match or not line.text.strip():
            if length == 0:
                return 0
            strange += 1
            if strange > 2 or (seen >= {"from", "subject"} and not line.text.strip()):
                break
            length += 1
            continue
        kind = str(match.lastgroup if match.lastgroup != "rest" else kind_of(match))
        if kind in seen and kind != "other":
            break
        strange = 0
        seen.add(kind)
        length += 1
    named = seen & {"from", "date", "to", "subject"}
    enough = len(seen) >= least and len(named) >= 2
    if not enough or not ("from" in seen or {"date", "to", "subject"} <= seen):
        return 0
    block = " ".join(line.text for line in lines[at : at + length])
    if least > 2 and not (EMAIL.search(block) or DATE.search(block)):
        return 0  # a form that a person filled in: "From: Kyiv. To: Lviv. Subject: ..."
    return length


def kind_of(match: re.Match[str]) -> str:
    return next((kind for kind in LABELS if match[kind] is not None), "other")


def attribution(lines: list[Line], at: int) -> int:
    """How many lines from `at` on form "On ..., somebody wrote:"; 0 when there is none.

    Without a quote below it, more must speak for it: a person may write "the courier wrote:" too.
    """
    if lines[at].blank or lines[at].quoted or not may_begin(lines[at].text):
        return 0
    joined = ""
    for count in range(1, 6):
        if at + count > len(lines):
            return 0
        line = lines[at + count - 1]
        if line.quoted or len(joined) > LONGEST:
            return 0
        if line.blank:
            if count == 1 or not joined.rstrip().endswith((",", "<", "at", "в")):
                return 0
            continue
        joined = f"{joined} {line.text.strip()}" if joined else line.text.strip()
        if not ends(joined):
            continue
        following = next_filled(lines, at + count)
        quote = following is not None and (lines[following].quoted or lines[following].mark is Mark.HISTORY)
        if convinces(joined, quote=quote):
            return count
    return 0


def may_begin(text: str) -> bool:
    return len(text) <= LONGEST and bool(
        BEGINS.match(text)
        or WEEKDAY.match(text)
        or DATE.search(text)
        or VERB.search(text)
        or EMAIL.search(text)
        or text.rstrip().endswith((":", ","))
    )


def ends(text: str) -> bool:
    return (
        text.endswith((":", "："))
        or bool(DASHED_VERB.match(text))
        or bool(EMAIL.search(text[-80:]) and text.endswith(">"))
    )


def convinces(text: str, *, quote: bool) -> bool:
    if len(text) > LONGEST:
        return False
    if DASHED_VERB.match(text) and (EMAIL.search(text) or DATE.search(text)):
        return True
    if QUOTING.match(text):
        return quote or bool(EMAIL.search(text))
    date, time = DATE.search(text), TIME.search(text)
    email, verb = EMAIL.search(text), ENDS_WITH_VERB.search(text) or (VERB.search(text) and text.endswith(":"))
    if text.endswith((":", "：")):
        if date and (email or (verb and (time or quote))):
            return short_beginning(text, date)
        if date and time and (BY.search(text) or verb or quote):
            return short_beginning(text, date)
        if quote and (verb or email or YOU_WROTE.search(text)) and len(text) < 160:
            return True
        return bool(verb and email)
    return bool(date and time and email and quote)


def short_beginning(text: str, date: re.Match[str]) -> bool:
    """A sentence of the author before the date means that the lines were joined too eagerly."""
    before = text[: date.start()]
    return not re.search(r"[!?;]\s|[а-яёіїєґa-z]{3,}\.\s+[A-ZА-ЯІЇЄҐ]", before) and (
        len(before) <= 60 or bool(EMAIL.search(before) or len(before) <= 120)
    )


def next_filled(lines: list[Line], at: int) -> int | None:
    return next((index for index in range(at, min(len(lines), at + 6)) if not lines[index].blank), None)
