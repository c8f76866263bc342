"""The pages of the sample shop's checkout: the form, and the thank-you page with the warehouse's buttons under it."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from prilavok.simulator.checkout_words import CHECKOUT, COUNTRIES, METHODS, MOVES, PAYMENTS, THANKS
from prilavok.simulator.storefront import PRODUCTS

SAMPLES = ("sample_1", "sample_2", "sample_3", "sample_4")


def form(language: str, problem: str = "") -> str:
    """`problem` names the sentence that says what is missing. What the page does not know, `shop.js` fills in."""
    words = CHECKOUT[language]
    told = f'<p class="problem" role="alert">{words[problem]}</p>' if problem else ""
    return f"""<h1>{words["title"]}</h1>{told}
<form id="checkout" class="checkout" method="post" action="/shop/order?lang={language}">
<input type="hidden" name="me"><input type="hidden" name="timezone"><input type="hidden" name="utm">
<fieldset><legend>{words["goods"]}</legend>{_goods(language)}
<p class="sum"><span>{words["sum"]}</span> <output id="sum">0 €</output></p></fieldset>
<fieldset><legend>{words["who"]}</legend>
{_field("name", words["name"], "name")}
<div class="two">{_field("phone", words["phone"], "tel", kind="tel")}
{_field("email", words["email"], "email", kind="email")}</div>
<p class="sign-in"><button type="button" id="sign-in" class="quiet">{words["telegram"]}</button>
<span id="sign-in-why">{words["telegram_why"]}</span>
<span id="signed-in" role="status" hidden>{words["telegram_in"]}</span></p></fieldset>
<fieldset><legend>{words["where"]}</legend>
{_choices("method", words["method"], METHODS, words)}
<div class="two">{_countries(words)}{_field("city", words["city"], "address-level2", words["default_city"])}</div>
{_field("address", words["address"], "street-address", words["default_address"])}
{_choices("payment", words["payment"], PAYMENTS, words)}</fieldset>
<fieldset><legend>{words["comment"]}</legend>
<textarea name="comment" rows="3" maxlength="2000" aria-label="{words["comment"]}" placeholder="{words["hint"]}">\
</textarea>{_samples(words)}</fieldset>
<button type="submit">{words["place"]}</button>
</form>"""


def thanks(language: str, placed: Any, links: Mapping[str, str], told: Sequence[tuple[str, str]], problem: str) -> str:
    """`placed` has a number and a key; `links` are "courier" and "order"; `told` what happened and its local time."""
    words = THANKS[language]
    trouble = f'<p class="problem" role="alert">{words[problem]}</p>' if problem else ""
    pages = "".join(
        f'<a href="{escape(links[which])}" target="_blank" rel="noopener">{words[word]} ↗</a>'
        for which, word in (("courier", "courier_page"), ("order", "order"))
        if links.get(which)
    )
    said = "".join(f"<li><b>{words.get(kind, kind)}</b> <time>{at}</time></li>" for kind, at in told)
    buttons = "".join(f'<button name="kind" value="{kind}">{words[kind]}</button>' for kind in MOVES)
    return f"""<article class="thanks">
<h1>{escape(words["title"].format(number=placed.number))}</h1><p>{words["next"]}</p>
<p class="links"><a id="to-phone" class="primary" href="/phone" target="_top">{words["phone"]}</a>
<a href="/shop?lang={language}">{words["more"]}</a></p></article>
<section class="warehouse" aria-labelledby="warehouse"><h2 id="warehouse">{words["warehouse"]}</h2>
<p>{words["warehouse_why"]}</p>{trouble}
<form method="post" action="/shop/order/{placed.key}?lang={language}" class="moves">{buttons}</form>
<p class="links">{pages}</p>
<h3>{words["told"]}</h3><ol class="told">{said}</ol></section>"""


def gone(language: str) -> str:
    return f'<article class="plain"><h1>{THANKS[language]["gone"]}</h1></article>'


def _goods(language: str) -> str:
    return "".join(
        f'<div class="line"><img src="/phone/static/ware-{one.slug}.svg" alt="" width="48" height="40">'
        f"<label for=q-{one.slug}>{one.texts[language][0]}</label><em>{one.price} €</em>"
        f'<input id="q-{one.slug}" name="{one.slug}" type="number" min="0" max="20" value="0" inputmode="numeric" '
        f'data-price="{one.price}"></div>'
        for one in PRODUCTS
    )


def _field(name: str, label: str, autocomplete: str, value: str = "", *, kind: str = "text") -> str:
    return (
        f'<label class="field">{label}<input name="{name}" type="{kind}" autocomplete="{autocomplete}" '
        f'maxlength="200" value="{escape(value)}"></label>'
    )


def _countries(words: Mapping[str, str]) -> str:
    options = "".join(
        f'<option value="{code}"{" selected" if code == words["default_country"] else ""}>{words[code]}</option>'
        for code in COUNTRIES
    )
    return f'<label class="field">{words["country"]}<select name="country">{options}</select></label>'


def _choices(name: str, label: str, values: Sequence[str], words: Mapping[str, str]) -> str:
    radios = "".join(
        f'<label><input type="radio" name="{name}" value="{value}"{" checked" if value == values[0] else ""}>'
        f"<span>{words[value]}</span></label>"
        for value in values
    )
    return f'<div class="choices" role="radiogroup" aria-label="{label}"><span>{label}</span>{radios}</div>'


def _samples(words: Mapping[str, str]) -> str:
    chips = "".join(f'<button type="button" class="quiet" data-note>{escape(words[one])}</button>' for one in SAMPLES)
    return f'<p class="chips"><span>{words["samples"]}</span> {chips}</p>'
