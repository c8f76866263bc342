"""Signing in and out, and what belongs to oneself."""

from datetime import timedelta
from typing import Any, Literal

import msgspec
from starlette.responses import HTMLResponse, RedirectResponse, Response

from prilavok.domain.errors import BadInput, NotFound
from prilavok.flows import admit
from prilavok.store import events, staff
from prilavok.web import shapes
from prilavok.web.ask import Ask, read_body
from prilavok.web.auth import COOKIE
from prilavok.web.errors import Refusal
from prilavok.web.guard import SIGN_IN, household
from prilavok.web.public.page import HEADERS, best_language, page

WRONG = "This e-mail and password do not fit together."


class SignIn(msgspec.Struct):
    email: str
    password: str


class Me(msgspec.Struct):
    agent: dict[str, Any]
    shop: dict[str, Any]
    seq: int
    version: str
    demo: bool


class MyChanges(msgspec.Struct):
    name: str | None = None
    language: Literal["ru", "uk", "en"] | None = None
    theme: Literal["auto", "light", "dark"] | None = None
    password: str | None = None
    old_password: str = ""


class AgentList(msgspec.Struct):
    items: list[shapes.Agent]


async def sign_in(ask: Ask) -> Response:
    given: SignIn = ask.body
    services = ask.services
    services.guard.refuse_other_sites(ask.request.headers)
    address = client_of(ask)
    for limit in SIGN_IN:
        services.guard.check_rate(limit, "address", household(ask.request.client))
        services.guard.check_rate(limit, "email", given.email.lower()[:200])
    rows = await ask.read(staff.by_email, given.email.strip())
    if not rows:  # as long as for somebody who is there
        await services.guard.password_fits(None, given.password)
    for row in rows:
        if await services.guard.password_fits(row["password_hash"], given.password):
            browser = ask.request.headers.get("user-agent", "")
            token = await ask.do(admit.sign_in, row["shop_id"], row["id"], user_agent=browser, address=address)
            if services.demo:  # who looks around is spoken to as their browser asks, whomever they play
                await ask.do(admit.edit_me, row["shop_id"], row["id"], {"language": language_of(ask)}, keep_session="")
            body = {"agent": {"id": row["id"], "name": row["name"], "role": row["role"]}}
            return with_cookie(ask, Response(msgspec.json.encode(body), media_type="application/json"), token)
    raise Refusal(401, WRONG)


async def sign_out(ask: Ask) -> Response:
    cookie = ask.request.cookies.get(COOKIE, "")
    if cookie:
        await ask.do(admit.sign_out, cookie)
    response = Response(status_code=204)
    response.delete_cookie(COOKIE)
    return response


async def show_link(ask: Ask) -> Response:
    """A page with one button: a mail scanner that follows links must not use the link up."""
    if not await ask.read(staff.has_signin, ask.path("token"), ask.services.now):
        return HTMLResponse(page("signin_gone", language_of(ask)), 404, HEADERS)
    return HTMLResponse(page("signin", language_of(ask)), headers=HEADERS)


async def follow_link(ask: Ask) -> Response:
    await read_body(ask.request, 1024, 10.0)
    headers = ask.request.headers
    ask.services.guard.refuse_other_sites(headers)
    try:
        token = await ask.do(
            admit.follow_link, ask.path("token"), user_agent=headers.get("user-agent", ""), address=client_of(ask)
        )
    except NotFound:
        return HTMLResponse(page("signin_gone", language_of(ask)), 404, HEADERS)
    return with_cookie(ask, RedirectResponse("/", 303), token)


async def me(ask: Ask) -> Me:
    viewer = ask.me
    row = await ask.read(staff.agent, viewer.shop_id, viewer.id)
    agent = {
        "id": viewer.id,
        "name": viewer.name,
        "email": viewer.email,
        "role": viewer.role,
        "language": viewer.language,
        "theme": viewer.theme,
        "online": True,
        "has_password": row is not None and row["password_hash"] is not None,
    }
    return Me(
        agent=agent,
        shop={"name": viewer.shop_name, "currency": viewer.currency, "timezone": viewer.timezone},
        seq=await ask.read(events.current, viewer.shop_id),
        version=ask.services.version,
        demo=ask.services.demo,
    )


async def edit_me(ask: Ask) -> Me:
    given: MyChanges = ask.body
    changes: dict[str, Any] = {}
    if given.name is not None:
        changes["name"] = given.name.strip()[:100]
        if not changes["name"]:
            raise BadInput("Your colleagues need a name to call you by.", field="name")
    changes |= {name: value for name in ("language", "theme") if (value := getattr(given, name)) is not None}
    if given.password is not None:
        row = await ask.read(staff.agent, ask.shop_id, ask.me.id)
        stored = row["password_hash"] if row is not None else None
        if stored and not await ask.services.guard.password_fits(stored, given.old_password):
            raise BadInput("The old password is another one.", field="old_password")
        changes["password_hash"] = await ask.services.guard.hash_password(given.password)
    if changes:
        await ask.do(admit.edit_me, ask.shop_id, ask.me.id, changes, keep_session=ask.me.session_hash)
    if ask.viewer is not None:
        shown = {name: value for name, value in changes.items() if name != "password_hash"}
        ask.viewer = type(ask.viewer)(**{**_fields(ask.viewer), **shown})
    return await me(ask)


async def agents(ask: Ask) -> AgentList:
    online = ask.services.hub.online(ask.shop_id)
    rows = await ask.read(staff.of_shop, ask.shop_id)
    return AgentList(
        [shapes.Agent(row["id"], row["name"], row["email"], row["role"], row["id"] in online) for row in rows]
    )


def language_of(ask: Ask) -> str:
    return best_language(ask.request.headers.get("accept-language", ""))


def client_of(ask: Ask) -> str:
    return ask.request.client.host if ask.request.client is not None else "unknown"


def with_cookie(ask: Ask, response: Response, token: str) -> Response:
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(admit.SESSION / timedelta(seconds=1)),
        httponly=True,
        samesite="lax",
        secure=ask.services.settings.public_url.startswith("https://"),
    )
    return response


def _fields(viewer: Any) -> dict[str, Any]:
    return {name: getattr(viewer, name) for name in viewer.__slots__}
