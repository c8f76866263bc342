"""Orders in the imperative that no field carries and no rule knows: a person should see them."""

from collections.abc import Sequence

from prilavok.language.comment.phrases import Hit
from prilavok.language.comment.tokens import Token
from prilavok.language.comment.wordlist import words

HANDLED = words("""
    CALLV WRITE PEN LEAVE GIVE RECEIVE COMING MEET CONFIRM BOTHER TALK ANSWER FORGET THANKS TAKE CONTACT PHONE
    REFRAIN REFUSE SILENT BROKEN ASK NEED WANT CALLN GIFT WRAP BELL NAME PERSON NAMED ACCEPT SOME DATE FEM REACH
    SHIP
""")
OBJECTS = words("PAPER GOODS PAY CARD GIFT цена ценник цінник ціна price реклама листовка сумма")
PUTTING = words("положить покласти вложить вкласти вкладывать include")
HARMLESS = words("""
    суши суші
    бежать стучать постучать улыбнуться улыбаться извинить извинять простить пожалуйста звать повернуть свернуть пройти
    зайти ехать смотреть знать быть подождать ждать иметь учесть поверить любить держать будить разбудить шуметь
    радовать поторопиться спешить торопиться толкать тянуть нажать нажимать ввести вводить подняться подниматься
    идти обойти искать найти помнить кушать гладить бояться беречь пугать пугаться пугайтесь заходить проходить
    входить войти приходить обращать обратить внимание стукнуть ориентироваться попробовать пробовать заезжать
    заехать дать дайте старайтесь постараться стараться стесняться пусть давать использовать жать хлопать
    закрыть закрывать считать стукати постукати вибачити вибачати пробачити повернути пройти зайти їхати
    дивитися знати бути почекати чекати мати врахувати тримати будити шуміти поспішати тиснути натиснути
    натискати ввести піднятися підніматися йти шукати пам'ятати боятися заходити давати дати закрити хвилюватися
    волноваться переживать благодарить желать продолжать процветать расти пугати лякати лаяти оставаться
    держаться здравствовать понять понимать зрозуміти розуміти пользоваться задерживать задержать расстраивать
    нервничать удивляться обижаться уважать расслабиться скажите сказать сказати послушать работать жить молчать
    беречь берегти парковаться припарковаться паркуватися спрашивать спросить питати запитати толкнуть штовхнути
    штовхати приготовить приготувати подготовить смеяться сміятися отдохнуть відпочивати тянуть потягнути дергать
    крикнуть кричать гукнути гукати свистнуть посигналить посигналити моргнуть махнуть помахать помахати
    объехать об'їхати мыть вытереть кормить гладить погладить забегать забежать следовать слідувати подниматься
    припаркуватися триматися тримайтеся посміхатися усміхатися любить жити рости грюкати грюкнути загрюкати
    тарабанить барабанить постукивать шуршать шепнуть цокнуть вбегать заглянуть зазирнути звертати обойти обійти
    проехать проїхати поднажать придержать притормозить пригальмувати здороваться развернуться розвернутися
    спускаться спуститися выйти знайти находить знаходити триматись лаятися ругаться обижаться ображатися
    сердиться гніватися пишаться вірити дякувати замерзнути мерзнуть утепляться одягнутися
    долбить долбиться скрестись поскрестись шкребтися пошкребтися царапаться тарахтеть успеть встигнути
    тренироваться тренуватися
    зачиняти зачинити причинити притворити прикрыть прикрити прикрывать
    прикривати відчиняти відчинити заходьте запереть запирать замкнути затворити
    заносить заносити внести вносить заносьте поднимать піднімати подняти затащить затягнути проезжать проїжджати
    держите держитесь не-стесняйтесь ориентир проверять перевіряти следите остерегаться остерігатися
    слушать слушайте слухати слухайте послушайте послухайте видеть понимать представить уявити
    при сделать зробити підготувати уходить уйти йти піти
    набирать набрать три трети видеть сигналить спросить соромитися соромтеся пишаться
""")


def requests(tokens: Sequence[Token], explained: set[int]) -> list[Hit]:
    """`explained`: words that a field already carries."""
    return [*_unknown(tokens, explained), *_put_in(tokens, explained)]


def _unknown(tokens: Sequence[Token], explained: set[int]) -> list[Hit]:
    """An order in the imperative that no rule knows: a person should see it."""
    found = []
    for place, token in enumerate(tokens):
        if "IMPER" not in token.keys or place in explained or token.keys & {"P1", "NOUN", "ADJ"}:
            continue
        if token.keys & HANDLED or token.keys & HARMLESS or token.low in HARMLESS:
            continue
        if _when_they_do(tokens, place):
            continue
        before = [one for one in tokens[max(0, place - 2) : place] if one.clause == token.clause]
        after = [one for one in tokens[place + 1 : place + 4] if one.sentence == token.sentence]
        if any("NOT" in one.keys for one in before) and not any(one.keys & OBJECTS for one in (*before, *after)):
            continue  # "не тратьте время", "не пугайтесь"
        there = [one for one in tokens if one.clause == token.clause and "CHANGE" in one.keys]
        if there or any(one.keys & {"IF", "CHANGE"} for one in (*before, *after)):
            continue  # "если заблудитесь", "захватите сдачу"
        found.append(Hit(place, place + 1, "request"))
    return found


def _when_they_do(tokens: Sequence[Token], place: int) -> bool:
    """ "Задержитесь — черкните", "наберите, как освободитесь": the future that looks like an order."""
    token = tokens[place]
    if token.keys.isdisjoint({"P2"}):
        return False
    led = any("WHEN" in one.keys for one in tokens[max(0, place - 2) : place])
    after = tokens[place + 1 : place + 2]
    return led or any(set(one.gap) & set("-–—") and one.keys & {"CALLV", "PEN", "WRITE"} for one in after)


def _put_in(tokens: Sequence[Token], explained: set[int]) -> list[Hit]:
    """ "Покладіть срібний": something is to be put, and not at the door."""
    return [
        Hit(place, place + 1, "goods")
        for place, token in enumerate(tokens)
        if token.keys & PUTTING and token.keys & {"IMPER", "ENGLISH"} and place not in explained
    ]
