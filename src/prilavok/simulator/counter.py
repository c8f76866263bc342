"""The sample shop's checkout over HTTP: `/shop/basket`, `/shop/order`. Beside `PhoneApp`, for the demo only.

counter = Counter(phone, warehouse, links)
Starlette(routes=[*counter.routes, *phone.routes])
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo, available_timezones

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from prilavok.domain.errors import BadInput
from prilavok.simulator import checkout
from prilavok.simulator.checkout_words import CHECKOUT, COUNTRIES, METHODS, MOVES, PAYMENTS
from prilavok.simulator.phone import KEY, PAGE_POLICY, PhoneApp, answer, foreign, problem
from prilavok.simulator.storefront import LANGUAGES, PRODUCTS, spoken
from prilavok.simulator.warehouse import Basket, Warehouse

MOST_OF_ONE = 20
LONGEST = 2000  # characters of one field
UTM = re.compile(r"utm_(source|medium|campaign|term|content)")

Links = Callable[[str], Mapping[str, str]]
"""Of an order's number: the courier's page ("courier") and the order in the agents' application ("order")."""


class Counter:
    def __init__(self, phone: PhoneApp, warehouse: Warehouse, links: Links) -> None:
        self.phone, self.warehouse, self.links = phone, warehouse, links
        self.routes: list[BaseRoute] = [
            Route("/shop/basket", self._form),
            Route("/shop/me", self._me),
            Route("/shop/order", self._place, methods=["POST"]),
            Route("/shop/order/{key}", self._thanks),
            Route("/shop/order/{key}", self._move, methods=["POST"]),
        ]

    async def _form(self, request: Request) -> Response:
        language = _language(request)
        wrong = request.query_params.get("problem", "")
        return self._page(language, "basket", checkout.form(language, wrong if wrong in PROBLEMS else ""))

    async def _me(self, request: Request) -> Response:
        """What the form is filled with: whoever holds the telephone buys."""
        key = request.query_params.get("me", "")
        if foreign(request) or not KEY.fullmatch(key):
            return problem(403, "Only the shop's own page may ask this.")
        visitor = self.phone.handset.visitor(key, _language(request))
        chat = self.phone.handset.telegram.chat(visitor.user_id, bot=self.phone.handset.bot)
        return answer_json(
            {
                "name": visitor.name,
                "phone": visitor.number,
                "email": visitor.address,
                "telegram": chat.started and not chat.blocked,
            }
        )

    async def _place(self, request: Request) -> Response:
        language = _language(request)
        if foreign(request):
            return problem(403, "Only the shop's own page may order.")
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
        try:
            basket = self._basket(form, language)
        except BadInput as error:
            return _see(f"/shop/basket?lang={language}&problem={error.field}")
        placed = await self.warehouse.place(basket)
        if placed is None:
            return _see(f"/shop/basket?lang={language}&problem=failed")
        return _see(f"/shop/order/{placed.key}?lang={language}")

    async def _thanks(self, request: Request) -> Response:
        language = _language(request)
        placed = self.warehouse.orders.get(request.path_params["key"])
        if placed is None:
            return self._page(language, "basket", checkout.gone(language), status=404)
        told = [(kind, _clock(at.astimezone(ZoneInfo(placed.timezone)))) for kind, at in placed.told]
        wrong = "failed" if request.query_params.get("problem") else ""
        page = checkout.thanks(language, placed, self.links(placed.number), told, wrong)
        return self._page(language, f"order/{placed.key}", page)

    async def _move(self, request: Request) -> Response:
        language = _language(request)
        placed = self.warehouse.orders.get(request.path_params["key"])
        if foreign(request) or placed is None:
            return problem(403 if placed else 404, "Only the warehouse of the sample shop may do this.")
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        kind = form.get("kind", "")
        went = kind in MOVES and await self.warehouse.move(placed, kind)
        return _see(f"/shop/order/{placed.key}?lang={language}{'' if went else '&problem=failed'}")

    def _page(self, language: str, name: str, main: str, status: int = 200) -> Response:
        title = CHECKOUT[language]["title"]
        html = self.phone.storefront.frame(name, language, title, main)
        return answer(html.encode(), "text/html; charset=utf-8", policy=PAGE_POLICY, status=status)

    def _basket(self, form: Mapping[str, str], language: str) -> Basket:
        """BadInput whose field is the name of a sentence of the page."""
        items = {one.slug: min(MOST_OF_ONE, _whole(form.get(one.slug, ""))) for one in PRODUCTS}
        items = {slug: quantity for slug, quantity in items.items() if quantity > 0}
        said = {name: form.get(name, "").strip()[:LONGEST] for name in FIELDS}
        if not items:
            raise BadInput("Nothing was chosen.", field="nothing")
        if not said["name"] or not (said["phone"] or said["email"]):
            raise BadInput("Somebody must be reached.", field="missing")
        return Basket(
            items=items,
            language=language,
            name=said["name"],
            phone=said["phone"],
            email=said["email"],
            country=_one_of(said["country"], COUNTRIES),
            timezone=said["timezone"] if said["timezone"] in available_timezones() else "Europe/Kyiv",
            method=_one_of(said["method"], METHODS),
            city="" if said["method"] == "pickup" else said["city"],
            address="" if said["method"] == "pickup" else said["address"],
            payment=_one_of(said["payment"], PAYMENTS),
            comment=said["comment"],
            messengers=self._messengers(said["me"]),
            utm={found[1]: value for name, value in parse_qsl(said["utm"]) if (found := UTM.fullmatch(name))},
            device=said["me"][:12],
        )

    def _messengers(self, me: str) -> dict[str, str]:
        """Whoever signed in with Telegram is known to the shop by the number of their account there."""
        handset = self.phone.handset
        visitor = handset.visitors.get(me)
        if visitor is None or not handset.telegram.chat(visitor.user_id, bot=handset.bot).started:
            return {}
        return {"telegram": str(visitor.user_id)}


FIELDS = (
    "me", "name", "phone", "email", "country", "timezone", "method", "city", "address", "payment", "comment", "utm",
)  # fmt: skip
PROBLEMS = {"nothing", "missing", "failed"}


def answer_json(value: object) -> Response:
    return answer(msgspec.json.encode(value), "application/json")


def _language(request: Request) -> str:
    asked = request.query_params.get("lang") or request.query_params.get("language") or ""
    return asked if asked in LANGUAGES else spoken(request.headers.get("accept-language", ""))


def _see(path: str) -> Response:
    return RedirectResponse(path, 303)


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 0


def _one_of(value: str, allowed: tuple[str, ...]) -> str:
    return value if value in allowed else allowed[0]


def _clock(at: datetime) -> str:
    return f"{at:%H:%M}"
