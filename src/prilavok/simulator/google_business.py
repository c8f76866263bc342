"""Google's reviews, as much of its API as the shop's connector uses: tokens, the list, one answer to each review."""

import json
from typing import Any

from starlette.responses import Response

from prilavok.simulator.bazaar import Bazaar, Said, stamp
from prilavok.simulator.office import Asked, RefusedError, answer

CLIENT = {"client_id": "google-client", "client_secret": "google-secret", "refresh_token": "google-refresh"}
LOCATION = "accounts/1/locations/2"
WORDS = {1: "ONE", 2: "TWO", 3: "THREE", 4: "FOUR", 5: "FIVE"}
MOST = 4096  # bytes


class GoogleEmulator(Bazaar):
    """`granted` is taken away when the owner withdraws the access."""

    can = frozenset({"review", "aloud"})

    def __init__(self, **common: Any) -> None:
        super().__init__(**common)
        self.granted = True
        self.route("POST", "/token", self._token)
        self.route("GET", f"/v4/{LOCATION}/reviews", self._reviews)
        self.route("DELETE", f"/v4/{LOCATION}/reviews/(?P<id>[^/]+)/reply", self._unreply)
        self.route("PUT", f"/v4/{LOCATION}/reviews/(?P<id>[^/]+)/reply", self._reply, sends=True)

    def user_changes(self, review: Said, rating: int, text: str) -> None:
        review.rating, review.text, review.changed_at = rating, text, self.now()

    def user_withdraws(self, review: Said) -> None:
        """Google tells nobody."""
        del self.said[review.id]

    def _token(self, asked: Asked) -> Response:
        given = asked.form
        if not self.granted or {name: given.get(name) for name in CLIENT} != CLIENT:
            return answer({"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, 400)
        return answer({"access_token": "google-access", "expires_in": 3599, "token_type": "Bearer"})

    def _reviews(self, asked: Asked) -> Response:
        self._admit(asked)
        if not 1 <= int(asked.query.get("pageSize", "50")) <= 50:
            raise refusal(400, "pageSize must be at most 50")
        self.requests.append(("GET /reviews", asked.query))
        found = sorted(self.said.values(), key=lambda one: one.changed_at or one.at, reverse=True)
        start, size = int(asked.query.get("pageToken", "0")), int(asked.query.get("pageSize", "50"))
        told = {"reviews": [self._as_told(one) for one in found[start : start + size]], "averageRating": 4.3}
        more = {"nextPageToken": str(start + size)} if start + size < len(found) else {}
        return answer({**told, **more, "totalReviewCount": len(found)})

    def _as_told(self, one: Said) -> dict[str, Any]:
        told: dict[str, Any] = {
            "name": f"{LOCATION}/reviews/{one.id}",
            "reviewId": one.id,
            "reviewer": {"displayName": one.name, "isAnonymous": not one.name},
            "starRating": WORDS[one.rating],
            "createTime": stamp(one.at),
            "updateTime": stamp(one.changed_at or one.at),
        }
        if one.text:
            told["comment"] = one.text
        if one.answers:
            told["reviewReply"] = {"comment": one.answers[-1].text, "updateTime": stamp(one.answers[-1].at)}
        return told

    def _reply(self, asked: Asked) -> Response:
        self._admit(asked)
        given = self.fields(asked, 400, {"error": {"code": 400, "message": "Invalid JSON payload received."}})
        one, comment = self.said.get(asked.parts["id"]), given.get("comment")
        if one is None:
            raise refusal(404, "Requested entity was not found.")
        if set(given) != {"comment"} or not isinstance(comment, str) or not 0 < len(comment.encode()) <= MOST:
            raise refusal(400, "Request contains an invalid argument.")
        one.answers.clear()  # there is only ever one
        reply = self.shop_answers(one, comment)
        return answer({"comment": comment, "updateTime": stamp(reply.at)})

    def _unreply(self, asked: Asked) -> Response:
        self._admit(asked)
        one = self.said.get(asked.parts["id"])
        if one is None or not one.answers:
            raise refusal(404, "Requested entity was not found.")
        one.answers.clear()
        one.changed_at = self.now()
        return answer({})

    def _admit(self, asked: Asked) -> None:
        if asked.request.headers.get("authorization") != "Bearer google-access":
            raise refusal(401, "Request had invalid authentication credentials.")

    def user_says(self, person: str, text: str, *, reply_to: str = "", name: str = "") -> Any:
        raise LookupError(json.dumps([self.lacks, person, text, reply_to, name]))


def refusal(status: int, message: str) -> RefusedError:
    return RefusedError(status, {"error": {"code": status, "message": message, "status": "INVALID_ARGUMENT"}})
