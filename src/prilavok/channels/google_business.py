"""Google Business Profile: reviews of the shop on the map and in the search, and one answer to each."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar
from urllib.parse import quote, urlencode

import msgspec

from prilavok.channels.base import (
    Account,
    Capabilities,
    Comments,
    Config,
    Consent,
    Deleted,
    Dialogue,
    Echoed,
    Edited,
    Inbound,
    InboxInfo,
    NeedsOwner,
    Outbound,
    Public,
    RateLimit,
    Receipt,
    ReceiptCame,
    Received,
    Request,
    Response,
    Sender,
    Sent,
    Standing,
    TryLater,
    Undeliverable,
    field_of,
)
from prilavok.channels.config import ADDRESSES
from prilavok.channels.market import BACK, Look, Marketplace, Seen, ident, moment_of, refused
from prilavok.channels.wire import NOT_READABLE, said

VENDOR = "Google"
LOCATION = r"^accounts/\d+/locations/\d+$"
MOST_BYTES = 4096  # of an answer, in UTF-8
STARS = {"ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5}
ORIGINAL = "(Original)"
TRANSLATED = "(Translated by Google)"
LONGEST_STATE = 100  # characters
PAGES = 40  # of fifty reviews each, as many as the cursor remembers
LONGEST_ACCESS = 10 * 366 * 24 * 3600  # seconds
COUNTED = timedelta(days=1)  # so often the whole list is compared, whatever Google counts
HINT = "Give access anew, and check that Google has approved the project for the Business Profile API."


class GoogleConfig(Config):
    addresses: ClassVar[frozenset[str]] = ADDRESSES | {"authorize_url"}

    client_id: Annotated[str, field_of("Client ID", "Google Cloud: APIs & Services → Credentials → OAuth client.")]
    client_secret: Annotated[str, field_of("Client secret", "Beside the client ID.", secret=True)]
    location: Annotated[
        str,
        field_of(
            "Location",
            "accounts/…/locations/…, as the Business Profile API lists it.",
            pattern=r"^accounts/\d+/locations/\d+$",
        ),
    ]
    api_base: Annotated[str, field_of("Google's server", "Change it only for a gateway or a simulator.")] = (
        "https://mybusiness.googleapis.com"
    )
    url: Annotated[str, field_of("Server of tokens", "Change it only for a gateway or a simulator.")] = (
        "https://oauth2.googleapis.com/token"
    )
    authorize_url: Annotated[str, field_of("Sign-in page", "Change it only for a gateway or a simulator.")] = (
        "https://accounts.google.com/o/oauth2/v2/auth"
    )
    refresh_token: Annotated[
        str,
        field_of("Refresh token", "Empty: the button gives it. It has the scope business.manage.", secret=True),
    ] = ""
    signed_in_at: Annotated[str, field_of("Signed in since", "Written by the button.", hidden=True)] = ""


class Reviewer(msgspec.Struct, rename="camel"):
    display_name: str = ""
    is_anonymous: bool = False


class Reply(msgspec.Struct, rename="camel"):
    comment: str = ""
    update_time: str = ""


class Review(msgspec.Struct, rename="camel"):
    review_id: str
    star_rating: str = ""
    comment: str = ""
    create_time: str = ""
    update_time: str = ""
    reviewer: Reviewer | None = None
    review_reply: Reply | None = None


class GoogleBusiness(Marketplace):
    kind = "google_business"
    title = "Google reviews"
    expires = True
    consents = True
    summary = "Reviews of the shop in Google's search and maps, and the answers to them."
    every = 120.0
    capabilities = Capabilities(
        address_kind="opaque",
        public=True,
        receipts=frozenset({Receipt.SENT, Receipt.DELIVERED, Receipt.FAILED}),
        text_limit=2000,
        media=False,
        comments=Comments(text_limit=2000, answers=1, amends=frozenset({"edit", "delete"})),
        deduplicates=True,
        edits_in=True,
        deletes_in=True,
        polled=True,
        hooked=False,
        rate=(RateLimit(10, 60.0, "inbox"),),
        parallel=1,
    )
    Config = GoogleConfig
    readers: ClassVar[Mapping[str, "msgspec.json.Decoder[Any]"]] = {
        "review": msgspec.json.Decoder(Review),
        "gone": msgspec.json.Decoder(Review),
    }
    quality: ClassVar[Mapping[str, str]] = {
        "signature": "exempt, nothing is pushed; a seal of our own on what we asked for",
        "replay": "exempt, nothing is pushed",
        "batches": "exempt, nothing is pushed",
        "errors": "done",
        "files in": "exempt, the API gives no pictures",
        "files out": "exempt, an answer is text",
        "receipts": "done",
        "edits": "done",
        "pushes": "exempt, they need a Pub/Sub topic of one's own at Google; the list is asked for every two minutes",
        "deletions": "done, seen when the list is compared: at once when Google counts fewer, else once a day",
        "own answers changed": "done",
        "token expiry": "done, where Google grants the access for a time only (an app in testing: seven days)",
        "moderation": "exempt, a review is reported in Google's own interface only",
        "deep link": "exempt, a review is no conversation",
    }

    def __init__(self, config: GoogleConfig, inbox: InboxInfo) -> None:
        super().__init__(config, inbox)
        self.access_ends: datetime | None = None  # of the refresh token, where Google grants it for a time only

    @classmethod
    def consent_of(cls, config: GoogleConfig) -> Consent:
        return Consent(
            VENDOR,
            config.authorize_url,
            config.url,
            "https://www.googleapis.com/auth/business.manage",
            config.client_id,
            config.client_secret,
            config.refresh_token,
            config.signed_in_at,
            asks={"access_type": "offline", "prompt": "consent"},
        )

    def check(self) -> Dialogue[Account]:
        if not self.config.refresh_token:
            return Account(name="Google", handle=self.config.location, waits=self.consent_of(self.config).missing)
        answer = yield from self._reviews(1)
        note = f"{answer.get('totalReviewCount', 0)} reviews. Asked for every two minutes."
        return Account(name="Google", handle=self.config.location, note=note, expires_at=self.access_ends)

    def look(self, cursor: Mapping[str, Any], now: datetime) -> Dialogue[Look]:
        found, seen = Look(), Seen(cursor.get("reviews"))
        answer = yield from self._reviews(50)
        total = answer.get("totalReviewCount")
        for one in reversed((yield from self._unknown(answer, seen, now))):
            if not seen.is_news(ident(one.get("reviewId")), state_of(one)):
                continue
            old = moment_of(one.get("updateTime"), now) < now - BACK
            if not (seen.first and (old or one.get("reviewReply"))):
                found.news.append(("review", one))
        counted = moment_of(cursor.get("counted"), now - COUNTED)
        fewer = isinstance(total, int) and total < (cursor.get("total") or 0)
        if not seen.first and (fewer or now - counted >= COUNTED):
            for gone in (yield from self._taken_away(answer, seen)):
                del seen.known[gone]
                found.news.append(("gone", {"reviewId": gone}))
            counted = now
        known = {"total": total if isinstance(total, int) else 0, "counted": counted.isoformat()}
        found.cursor.update(known, reviews=seen.kept())
        return found

    def understand(self, kind: str, thing: Any, at: datetime) -> Iterable[Inbound]:
        one: Review = thing
        if kind == "gone":
            which = f"review:{ident(one.review_id)}"
            yield Deleted(which, at, Sender(address=which))
            return
        root, rating, reply = f"review:{ident(one.review_id)}", STARS.get(one.star_rating), one.review_reply
        public = Public("review", root, rating=rating, answered=reply is not None)
        known = one.reviewer is not None and not one.reviewer.is_anonymous
        sender = Sender(address=root, name=said(one.reviewer.display_name, 100) if known and one.reviewer else "")
        text = original(said(one.comment, 10_000))
        yield Received(root, moment_of(one.create_time, at), sender, text, public=public)
        told: dict[str, Any] = {"rating": rating} if rating else {}
        told |= {"answered": True} if reply is not None else {}
        yield Edited(root, moment_of(one.update_time, at), sender, text, content={"public": told})
        if reply is not None:
            ours = f"answer:{ident(one.review_id)}"
            yield Echoed(ours, moment_of(reply.update_time, at), root, said(reply.comment, 10_000), public=public)
            yield ReceiptCame(Receipt.DELIVERED, at, provider_id=ours)

    def send(self, outbound: Outbound) -> Dialogue[Sent]:
        """Setting the same answer twice is harmless: there is only ever one."""
        what, _, which = outbound.replies_to.partition(":")
        if what != "review" or not which:
            raise Undeliverable("This is no review of Google's.")
        if len(outbound.text.encode()) > MOST_BYTES:
            raise Undeliverable(f"Google takes {MOST_BYTES} bytes; this answer is longer.")
        path = f"/v4/{self.config.location}/reviews/{quote(which, safe='')}/reply"
        yield from self._ask("PUT", path, {"comment": outbound.text}, sends=True)
        return Sent(provider_id=f"answer:{which}")

    def amend(self, answer: Standing, text: str) -> Dialogue[None]:
        path = f"/v4/{self.config.location}/reviews/{quote(answer.provider_id.removeprefix('answer:'), safe='')}/reply"
        if len(text.encode()) > MOST_BYTES:
            raise Undeliverable(f"Google takes {MOST_BYTES} bytes; this answer is longer.")
        if text:
            yield from self._ask("PUT", path, {"comment": text})
        else:
            yield from self._ask("DELETE", path)

    def _reviews(self, most: int, page: str = "") -> Dialogue[dict[str, Any]]:
        query = urlencode({"pageSize": most, "orderBy": "updateTime desc"} | ({"pageToken": page} if page else {}))
        return (yield from self._ask("GET", f"/v4/{self.config.location}/reviews?{query}"))

    def _unknown(self, first: Mapping[str, Any], seen: Seen, now: datetime) -> Dialogue[list[dict[str, Any]]]:
        """The latest first, page after page, until one ends with what is known or long past."""
        listed, answer = reviews_in(first), first
        for _ in range(PAGES):
            following, last = answer.get("nextPageToken"), listed[-1] if listed else {}
            known = seen.known.get(ident(last.get("reviewId"))) == state_of(last)
            if known or moment_of(last.get("updateTime"), now) < now - BACK:
                break
            if not isinstance(following, str) or not following:
                break
            answer = yield from self._reviews(50, following)
            listed += reviews_in(answer)
        return listed

    def _taken_away(self, first: Mapping[str, Any], seen: Seen) -> Dialogue[list[str]]:
        """Google tells of no deletion: what was known and stands in no page of the list any more is gone."""
        there, answer = set(ids_in(first)), first
        for _ in range(PAGES):
            following = answer.get("nextPageToken")
            if not isinstance(following, str) or not following:
                return [one for one in seen.known if one not in there]
            answer = yield from self._reviews(50, following)
            there.update(ids_in(answer))
        return []  # more than we look through: of none it can be said

    def _ask(
        self, method: str, path: str, fields: Mapping[str, Any] | None = None, *, sends: bool = False
    ) -> Dialogue[dict[str, Any]]:
        token = yield from self._token()
        headers = {"authorization": f"Bearer {token}"}
        if fields is not None:
            headers["content-type"] = "application/json"
        response: Response = yield Request(
            method,
            f"{self.config.api_base.rstrip('/')}{path}",
            headers=headers,
            body=msgspec.json.encode(fields) if fields is not None else None,
            timeout=30.0,
        )
        return read(response, sends=sends)

    def _token(self) -> Dialogue[str]:
        """Good for an hour; asked for each time, so that nothing but the settings has to be kept."""
        form = {
            "grant_type": "refresh_token",
            "client_id": self.config.client_id,
            "client_secret": self.config.client_secret,
            "refresh_token": self.config.refresh_token,
        }
        response: Response = yield Request("POST", self.config.url, form=form, timeout=30.0)
        if response.status == 400:
            raise NeedsOwner(f"Google does not accept the access any more. {HINT}")
        answer = read(response)
        token, left = answer.get("access_token"), answer.get("refresh_token_expires_in")
        known = isinstance(left, int) and 0 < left < LONGEST_ACCESS
        self.access_ends = datetime.now(UTC) + timedelta(seconds=left or 0) if known else None
        if not isinstance(token, str) or not token:
            raise TryLater("Google gave no token")
        return token


def reviews_in(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    listed = answer.get("reviews")
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def state_of(review: Mapping[str, Any]) -> str:
    """Another one whenever the review or our reply to it has changed."""
    reply = review.get("reviewReply")
    state = f"{review.get('updateTime')} {reply.get('updateTime') if isinstance(reply, dict) else ''}"
    return state[:LONGEST_STATE]


def read(response: Response, *, sends: bool = False) -> dict[str, Any]:
    """The answer, or the error that says what to do."""
    try:
        answer = msgspec.json.decode(response.body)
    except NOT_READABLE as error:
        if response.status == 200:
            raise TryLater("Google's answer is not JSON", perhaps_sent=sends) from error
        answer = {}
    if response.status == 200:
        return answer if isinstance(answer, dict) else {}
    told = answer.get("error") if isinstance(answer, dict) else None
    reason = told.get("message") if isinstance(told, dict) else ""
    raise refused(VENDOR, response, said(reason, 200), sends=sends, hint=HINT)


def ids_in(answer: Mapping[str, Any]) -> list[str]:
    return [ident(one.get("reviewId")) for one in reviews_in(answer)]


def original(text: str) -> str:
    """What the customer wrote, without Google's translation of it."""
    if TRANSLATED not in text:
        return text
    before, _, after = text.partition(ORIGINAL)
    return after.strip() if after else before.partition(TRANSLATED)[0].strip() or text
