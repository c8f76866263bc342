"""Where a signature begins: the dashes, the telephone's advertisement, a polite closing with a name under it.

What a person typed as content must stay: a mere "Thank you!", a parcel "sent from Kyiv", the recipient's name and
telephone, a postscript below the name.
"""

import re

from prilavok.channels.email.lines import Line, Mark

DASHES = re.compile(r"^\s{0,2}(?:--|—|––|- -|-- --)[\s\u00a0]*$|^_{2,4}\s*$")
RULE = re.compile(r"^\s*([-_=~*—–])\1{2,}\s*$")
DEVICE = (
    r"i-?phone|i-?pad|i-?pod|apple|macbook|\bmac\b|icloud|android|андроид|андроїд|galaxy|"
    r"samsung|самсунг\w*|xiaomi|redmi|poco|huawei|honor|"
    r"nokia|realme|oppo|vivo|oneplus|pixel|\blg\b|sony|xperia|meizu|blackberry|windows|"
    r"outlook|аутлук|почт[аыеу]|пошт[аиі]|"
    r"\w*mail\b|mailbox|\bcell\b|mail\.ru|yandex|яндекс|gmail|spark|thunderbird|proton|"
    r"ukr\.net|i\.ua|rambler|рамблер|zoho|k-9|bluemail|"
    r"mymail|телефон\w*|смартфон\w*|планшет\w*|айфон\w*|\bphone|mobile|tablet|device|"
    r"устройств\w*|пристро\w*|мобильн\w+|"
    r"мобільн\w+|the bat|em client|tutanota|tuta\b|aquamail|aqua mail|fairemail|canary|"
    r"edison|sent by|motorola|lenovo|tecno|infinix|nothing phone"
)
SENT_FROM = re.compile(
    r"^\W{0,3}(?:sent|get|getting|posted|written|composed|отправлено|отправлен[оа]?|"
    r"послано|написано|создано|скачать|загрузить|получить|"
    r"получите|надіслано|відправлено|створено|написано|отримати|отримайте|завантажити|"
    r"gesendet|von meinem|envoyé|enviado|wysłane|"
    r"wysłano|verzonden|inviato|skickat|отриманo|адпраўлена|télécharger|holen sie sich|uzyskaj|scarica)\b"
    rf".{{0,70}}(?:{DEVICE}).{{0,90}}$",
    re.IGNORECASE,
)
MY_DEVICE = re.compile(
    r"^\W{0,3}(?:(?:from|with|via) my (?:\w+ ){0,2}(?:phone|iphone|ipad|device|mobile|"
    r"tablet)\b|с моего (?:\w+ ){0,2}(?:телефона|айфона|iphone|android|galaxy)"
    r"|з мого (?:\w+ ){0,2}(?:телефону|айфона|iphone|android|galaxy)).{0,40}$",
    re.IGNORECASE,
)
MY_SOMETHING = re.compile(
    r"^\W{0,3}(?:von meinem .{2,40} gesendet|diese nachricht wurde von .{2,60} gesendet|"
    r"пошта надіслана з .{2,30}|(?-i:Sent (?:with|via) [A-Z]\w+))[.!]?$|"
    r"^\W{0,3}(?:(?:sent|written) (?:from|with|via) my (?:\S+ ?){1,3}|(?:отправлено|"
    r"написано) (?:с|со|из) мо(?:его|ей) (?:\S+ ?){1,3}"
    r"|(?:надіслано|відправлено) (?:з|із|зі) мо(?:го|єї) (?:\S+ ?){1,3}|(?:[Ss]ent|"
    r"[Оо]тправлено|[Нн]адіслано) (?:from|via|with|из|с помощью|через|з|за допомогою) "
    r"(?-i:[A-Z][a-z]+[A-Z]\w*))[.!]?$",
    re.IGNORECASE,
)
A_PARCEL = re.compile(
    r"нов\w+ почт|нов\w+ пошт|укрпошт|почт\w+ росси|отделени|відділен|nova ?po(?:s|ch)|"
    r"сдэк|cdek|склад|посылк|посилк|заказ|замовлен|order|\?$",
    re.IGNORECASE,
)
BREVITY = re.compile(
    r"^\W{0,3}(?:please (?:excuse|forgive|pardon) (?:my |the |any )?(?:brevity|typos|"
    r"short|bad spelling)|(?:пожалуйста,? )?"
    r"(?:простите|извините|прошу прощения) за (?:мою )?(?:краткость|лаконичность|опечатки)"
    r"|(?:будь ласка,? )?(?:вибачте|перепрошую|даруйте)"
    r"(?: мені)? за (?:мою |мій )?(?:стислість|лаконічність|помилки|опечатки|небагатослівність)).{0,140}$",
    re.IGNORECASE,
)
SCANNED = re.compile(
    r"virus-free|без вирусов|avast|avg\.com|не містить вірусів|проверено на (?:наличие )"
    r"?вирус|перевірено на (?:наявність )?вірус"
    r"|kaspersky|dr\.?web|eset nod32|nod32|scanned by",
    re.IGNORECASE,
)
DISCLAIMER = re.compile(
    r"confidential(?:ity)?\b.{0,80}(?:notice|intended|information|privileged)|(?:e-?mail|"
    r"message).{0,60}(?:is|are|may be|contains?)\b.{0,40}confidential"
    r"|intended (?:only|solely) for|конфиденциальн\w+|конфіденційн\w+|предназначен\w* "
    r"(?:только|исключительно)|призначен\w* (?:лише|тільки|виключно)"
    r"|(?:think|consider) (?:of )?the environment|подумайте,? (?:об|про|прежде|перед|"
    r"нужно ли|чи)|юридическ\w+ силы|публичн\w+ оферт\w+",
    re.IGNORECASE,
)
CLOSINGS = (
    r"(?:с|c) (?:(?:огромным |большим |глубоким |наилучшими |искренним |неизменным )"
    r"?(?:уважением|ув\.?|почтением)|(?:наи)?лучшими пожеланиями|"
    r"приветом|надеждой на (?:\w+ ){0,3}сотрудничество)|искренне ваш[аи]?|с ув\.|"
    r"(?:з|із|зі) (?:(?:великою |глибокою |щирою |найкращими )?(?:повагою|пошаною)|(?:най)"
    r"?(?:кращими|ліпшими|щирішими) побажаннями)|щиро ваш[аі]?|"
    r"(?:(?:with )?(?:best|kind|warm|kindest|warmest|many|friendly)(?:,? (?:and|&) \w+)? |"
    r"with )?regards|(?:all the |with )?(?:very )?best(?: wishes)?|"
    r"(?:yours )?(?:sincerely|faithfully|truly|respectfully|cordially)(?: yours)?|yours|"
    r"respectfully|rgds|brgds|br|kr|best,? regards|"
    r"mit freundlichen grüßen|mfg|viele grüße|cordialement|bien cordialement|saludos|un "
    r"saludo|atentamente|pozdrawiam|z poważaniem|"
    r"cordiali saluti|distinti saluti|met vriendelijke groet|з павагай"
)
WISHES = (
    r"всего (?:наи|самого )?(?:хорошего|доброго|лучшего)|всех благ|хорошего (?:вам )?дня|"
    r"удачного (?:вам )?дня|с (?:теплом|любовью|благодарностью|наилучшими)|до свидания|"
    r"на все добре|всього (?:най)?(?:кращого|доброго)|гарного (?:вам )?дня|(?:з|із) "
    r"(?:теплом|любов.ю|вдячністю|подякою)|щиро|до побачення|cheers|have a (?:nice|good|"
    r"great) day|"
    r"warmly|take care|love|many thanks|with thanks|kind thanks|thanks and regards|thanks & regards"
)
CLOSING = re.compile(rf"^\W{{0,3}}(?:{CLOSINGS})(?:\W*$|(?P<pause>[,.!\s—–/-]+)(?P<name>\S.{{0,60}})$)", re.IGNORECASE)
WISHING = re.compile(rf"^\W{{0,3}}(?:{WISHES})(?:[^\w!?]*$|[,.\s—–-]+(?P<name>\S.{{0,60}})$)", re.IGNORECASE)
THANKING = re.compile(
    r"^\W{0,3}(?:(?:с|з) благодарностью|заранее (?:большое )?(?:спасибо|благодарю|"
    r"благодарен|благодарна)|(?:большое )?спасибо|благодарю|(?:дуже |щиро |наперед |"
    r"заздалегідь )?дякую|"
    r"(?:many |kind )?thanks(?: (?:a lot|again|in advance|so much|and regards|& regards))"
    r"?|thank you(?: (?:so much|very much|in advance))?)\s*(?:,|\s[—–-])\s*(?P<name>.{0,"
    r"40})$",
    re.IGNORECASE,
)
NAME = re.compile(r"^\W{0,2}[A-ZА-ЯЁІЇЄҐ][\w.'’ʼ-]*(?:\s+[A-ZА-ЯЁІЇЄҐ][\w.'’ʼ-]*){0,3}\W{0,2}$")
POSTSCRIPT = re.compile(r"^\W{0,2}(?:p\.? ?s|п\.? ?с|з\.? ?і|ps|пс|зі|постскриптум|upd|update)\b", re.IGNORECASE)
CONTACT = re.compile(
    r"\+?\d[\d\s()./-]{6,}\d|https?://|www\.|\S+@\S+\.\w|(?:тел|моб|tel|mob|phone|fax|"
    r"факс|skype|viber|telegram|whatsapp|сайт|site|icq|e-?mail|instagram)\b",
    re.IGNORECASE,
)
OFFICE = re.compile(
    r"(?<!\w)(?:ооо|тов|фоп|чп|пп|ип|оао|зао|ао|пао|llc|ltd|inc|gmbh|corp|company|"
    r"компани[яи]|компанія|магазин|директор|менеджер|manager|director|"
    r"бухгалтер|отдел|відділ|department|специалист|спеціаліст|инженер|інженер|engineer|"
    r"ceo|cto|head of|sales|developer|юрист|заместитель|"
    r"руководитель|керівник|начальник|логист|логіст)(?!\w)",
    re.IGNORECASE,
)
LONGEST_TAIL = 14  # lines of a signature under a closing


def signature_start(lines: list[Line], *, author: str = "") -> int:
    """The index of the first line of the signature in one stretch of a person's own lines; len(lines) when none."""
    end = len(lines)
    for index, line in enumerate(lines):
        if line.mark is Mark.SIGNATURE or dashes(lines, index):
            end = index
            break
    end = above_rule(lines, closing_start(lines, without_footers(lines, end), author))
    return named_block(lines, without_footers(lines, end), author)


def dashes(lines: list[Line], index: int) -> bool:
    text = lines[index].text
    if not DASHES.match(text):
        return False
    tail = lines[index + 1 : index + 200]
    if len(lines) - index > 200:
        return False
    if text.strip() == "--":
        return plausible_tail(tail)
    return len(tail) <= LONGEST_TAIL and all(one.blank or looks_signed(one.text.strip()) for one in tail)


def plausible_tail(tail: list[Line]) -> bool:
    """A signature is short; two dashes between two long passages are an ornament."""
    filled = [line.text for line in tail if not line.blank]
    if any(POSTSCRIPT.match(text) for text in filled):
        return False
    if filled and all(
        len(text) > 60 and text[-1] in ".!?" and not (CONTACT.search(text) or DISCLAIMER.search(text))
        for text in filled
    ):
        return False
    return len(filled) <= 25 and (len(filled) < 8 or sum(len(text) > 160 for text in filled) <= 3)


def without_footers(lines: list[Line], end: int) -> int:
    """Telephones' and scanners' own lines, and legal small print, from the end upwards."""
    index = skip_blank(lines, end)
    while index > 0:
        text = lines[index - 1].text.strip()
        if is_footer(text) or (DASHES.match(text) and index < end):
            index = skip_blank(lines, index - 1)
            end = index
        elif (
            index > 1
            and is_footer(f"{lines[index - 2].text.strip()} {text}")
            and SENT_FROM.match(lines[index - 2].text)
        ):
            index = skip_blank(lines, index - 2)
            end = index
        else:
            above = paragraph_start(lines, index)
            paragraph = " ".join(line.text.strip() for line in lines[above:index])
            if above > 0 and len(paragraph) > 60 and (DISCLAIMER.search(paragraph) or SCANNED.search(paragraph)):
                index = skip_blank(lines, above)
                end = index
            else:
                break
    return end


def is_footer(text: str) -> bool:
    if len(text) > 200:
        return False
    if SENT_FROM.match(text) or MY_DEVICE.match(text) or MY_SOMETHING.match(text):
        return not A_PARCEL.search(text)
    return bool(BREVITY.match(text)) or (len(text) < 100 and bool(SCANNED.search(text)))


def above_rule(lines: list[Line], end: int) -> int:
    """A drawn line right above a signature belongs to it; above a name it makes one."""
    if end < len(lines):
        above = skip_blank(lines, end)
        return above - 1 if above and RULE.match(lines[above - 1].text) else end
    for index in range(max(0, end - LONGEST_TAIL), end):
        tail = [line.text.strip() for line in lines[index + 1 :] if not line.blank]
        if (
            RULE.match(lines[index].text)
            and len(tail) > 1
            and NAME.match(tail[0])
            and all(looks_signed(one) for one in tail)
        ):
            return index if any(CONTACT.search(one) or OFFICE.search(one) for one in tail) else end
    return end


def closing_start(lines: list[Line], end: int, author: str) -> int:
    """The polite closing nearest to the beginning under which only a signature stands."""
    lowest = max(0, end - LONGEST_TAIL)
    for index in range(lowest, end):
        text = lines[index].text.strip()
        if len(text) > 90:
            continue
        tail = [line.text.strip() for line in lines[index + 1 : end] if not line.blank]
        match = CLOSING.match(text)
        if match and named_beside(match, author) and all(looks_signed(one) for one in tail):
            return skip_blank(lines, index) if index else index
        match = WISHING.match(text) or THANKING.match(text)
        if match and wish_and_name((match["name"] or "").strip(), tail, author):
            return skip_blank(lines, index) if index else index
    return end


def named_beside(match: re.Match[str], author: str) -> bool:
    """ "Regards, our office" and "regards John" are signed; "regards to your team, but ..." goes on."""
    name = (match["name"] or "").strip()
    if not name:
        return True
    if match["pause"].strip():
        return looks_signed(name.rstrip(".")) or bool(re.match(CLOSINGS, name, re.IGNORECASE))
    known = set(re.findall(r"\w{3,}", author.lower()))
    return bool(NAME.match(name) or known & set(re.findall(r"\w{3,}", name.lower())))


def wish_and_name(beside: str, tail: list[str], author: str) -> bool:
    """ "Thanks, / Anna" closes; "Thanks!" and "Thanks, I am waiting" are content, and "Thanks, Anna" may greet Anna."""
    if beside:
        known = set(re.findall(r"\w{2,}", author.lower()))
        signed = known & set(re.findall(r"\w{2,}", beside.lower()))
        return bool(signed and NAME.match(beside)) and all(looks_signed(one) for one in tail)
    return bool(tail) and bool(NAME.match(tail[0])) and all(looks_signed(one) for one in tail)


def looks_signed(text: str) -> bool:
    """A name, a post, a telephone, a firm: short, and not a sentence."""
    if POSTSCRIPT.match(text) or len(text) > 140:
        return False
    if (
        CONTACT.search(text)
        or OFFICE.search(text)
        or NAME.match(text)
        or DISCLAIMER.search(text)
        or CLOSING.match(text)
    ):
        return not text.endswith("?")
    if is_footer(text) or DASHES.match(text):
        return True
    return len(text) <= 60 and len(text.split()) <= 7 and not re.search(r"[.!?…]$", text)


def named_block(lines: list[Line], end: int, author: str) -> int:
    """A last paragraph that begins with the sender's own name and goes on with a post, a firm or a site."""
    known = set(re.findall(r"\w{2,}", author.lower()))
    start = paragraph_start(lines, skip_blank(lines, end))
    block = [line.text.strip() for line in lines[start : skip_blank(lines, end)]]
    if len(known) < 2 or not 2 <= len(block) <= 8 or start == 0:
        return end
    above = lines[skip_blank(lines, start) - 1].text.rstrip() if skip_blank(lines, start) else ""
    same = known & set(re.findall(r"\w{2,}", block[0].lower()))
    if len(same) < 2 or not NAME.match(block[0]) or not above or above.endswith(":"):
        return end
    rest = block[1:]
    business = any(OFFICE.search(one) or re.search(r"https?://|www\.|@", one) for one in rest)
    return start if business and all(looks_signed(one) for one in rest) else end


def paragraph_start(lines: list[Line], end: int) -> int:
    start = end
    while start > 0 and not lines[start - 1].blank:
        start -= 1
    return start


def skip_blank(lines: list[Line], end: int) -> int:
    """Upwards over blank lines: the index after the last filled line before `end`."""
    while end > 0 and lines[end - 1].blank:
        end -= 1
    return end
