"""Yandex Market's partner API, as much of it as the shop's connector uses: reviews and questions with what is said
beneath them, chats, and pushes of bare ids. Chats stand in `yandex_market_chats`.
"""

from datetime import datetime
from typing import Any

from starlette.responses import Response

from prilavok.simulator.bazaar import Answer, Bazaar, Said, fits, surplus
from prilavok.simulator.office import Asked, RefusedError, answer
from prilavok.simulator.yandex_market_chats import BUSINESS, Chats, number, refusal, result

CAMPAIGN = 2000
API_KEY = "ACMA:yandex-key-of-the-simulator:00000000"
LONGEST = 4096  # characters of a comment
LONGEST_ANSWER = 5000


class YandexMarketEmulator(Chats, Bazaar):
    """`scopes`: what the key may do. `strict`: comments of the shop wait for `moderate`. `hook`: where pushes go."""

    keeps = (*Bazaar.keeps, "verdicts", "read_in_cabinet")

    def __init__(self, **common: Any) -> None:
        super().__init__(**common)
        self.hook = ""
        self.scopes = ["COMMUNICATION"]
        self.strict = False
        self.verdicts: dict[str, str] = {}  # by a comment's id; PUBLISHED where there is none
        self.read_in_cabinet: set[str] = set()
        self.route("POST", "/v2/auth/token", self._token)
        self.route("GET", "/v2/campaigns", self._campaigns)
        home = f"/v2/businesses/{BUSINESS}"
        self.route("POST", f"{home}/goods-feedback", self._feedbacks)
        self.route("POST", f"{home}/goods-feedback/comments", self._comments)
        self.route("POST", f"{home}/goods-feedback/comments/update", self._comment, sends=True)
        questions = f"/v1/businesses/{BUSINESS}/goods-questions"
        self.route("POST", questions, self._questions)
        self.route("POST", f"{questions}/answers", self._answers)
        self.route("POST", f"{questions}/update", self._answer, sends=True)
        self.route_chats(home)

    # Buyers, and the moderators

    def user_reviews(self, person: str, rating: int, text: str = "", *, name: str = "", **more: Any) -> Said:
        said = super().user_reviews(person, rating, text, name=name, **more)
        self.push("GOODS_FEEDBACK_CREATED", feedbackId=int(said.id))
        return said

    def user_asks(self, person: str, text: str, *, name: str = "", **more: Any) -> Said:
        said = super().user_asks(person, text, name=name, **more)
        self.push("QUESTION_CREATED", questionId=int(said.id))
        return said

    def user_changes(self, review: Said, rating: int, text: str) -> None:
        """It waits for the shop again."""
        review.rating, review.text, review.changed_at = rating, text, self.now()

    def user_answers(self, said: Said, text: str, parent: str) -> Answer:
        """A buyer's word beneath the shop's own."""
        found = Answer(self.number(), text, self.now(), mine=True, parent=parent)
        said.answers.append(found)
        if said.kind == "review":
            self.push("GOODS_FEEDBACK_COMMENT_CREATED", commentId=int(found.id))
        else:
            self.push("QUESTION_COMMENT_CREATED", questionId=int(said.id), answerId=int(parent))
        return found

    def moderate(self, one: Answer, verdict: str) -> None:
        self.verdicts[one.id] = verdict

    def said_id(self) -> str:
        return self.number()

    # Who asks

    def _token(self, asked: Asked) -> Response:
        self.admit(asked)
        return result({"apiKey": {"name": "Prilavok", "authScopes": self.scopes}})

    def _campaigns(self, asked: Asked) -> Response:
        self.admit(asked)
        number(asked, "limit", 100)
        shop = {"id": CAMPAIGN, "domain": "Кардамон", "business": {"id": BUSINESS, "name": "Кардамон и Ко"}}
        return answer({"campaigns": [shop], "paging": {}})

    def admit(self, asked: Asked) -> None:
        if asked.request.headers.get("api-key") != API_KEY:
            raise refusal(401, "UNAUTHORIZED", "Api-Key is not valid")

    def too_many(self, seconds: float) -> Response:
        body = {"status": "ERROR", "errors": [{"code": "LIMIT_EXCEEDED", "message": "Hit rate limit of 1000 per hour"}]}
        return answer(
            body, 420, {"x-ratelimit-resource-until": str(int(seconds)), "x-ratelimit-resource-limit": "1000"}
        )

    # Reviews

    def _feedbacks(self, asked: Asked) -> Response:
        known = {"feedbackIds", "dateTimeFrom", "dateTimeTo", "reactionStatus", "ratingValues", "offerIds", "paid"}
        given = self.given(asked, known)
        ids = given.get("feedbackIds")
        if ids is not None and len(given) > 1:
            raise refusal(400, "BAD_REQUEST", "feedbackIds stands alone")
        if given.get("reactionStatus", "ALL") not in {"ALL", "NEED_REACTION"}:
            raise refusal(400, "BAD_REQUEST", "reactionStatus")
        since = moment(given["dateTimeFrom"]) if "dateTimeFrom" in given else None
        found = [
            self._as_feedback(one)
            for one in self.said.values()
            if one.kind == "review"
            and (ids is None or int(one.id) in ids)
            and (since is None or (one.changed_at or one.at) > since)
        ]
        if given.get("reactionStatus") == "NEED_REACTION":
            found = [one for one in found if one["needReaction"]]
        return self.page(asked, "feedbacks", found, 50)

    def _as_feedback(self, one: Said) -> dict[str, Any]:
        first = [it for it in one.answers if not it.parent]
        told: dict[str, Any] = {
            "feedbackId": int(one.id),
            "createdAt": one.at.isoformat(),
            "needReaction": self._waits(one),
            "identifiers": {"orderId": 9000001, "offerId": one.sku},
            "author": one.name or "Покупатель",
            "description": {"comment": one.text} if one.text else {},
            "statistics": {"rating": one.rating, "commentsCount": len(first), "recommended": one.rating > 3},
        }
        return told | ({"media": {"photos": list(one.pictures)}} if one.pictures else {})

    def _waits(self, one: Said) -> bool:
        ours = [it for it in one.answers if not it.mine]
        changed = bool(ours and one.changed_at and one.changed_at > ours[-1].at)
        return one.id not in self.read_in_cabinet and (not ours or changed)

    def _comments(self, asked: Asked) -> Response:
        given = self.given(asked, {"feedbackId", "commentIds"})
        ids = given.get("commentIds")
        found = [
            self._as_comment(one, it)
            for one in self.said.values()
            if one.kind == "review" and (ids is not None or int(one.id) == given.get("feedbackId"))
            for it in one.answers
            if ids is None or int(it.id) in ids
        ]
        return self.page(asked, "comments", found, 50)

    def _as_comment(self, said: Said, one: Answer) -> dict[str, Any]:
        told: dict[str, Any] = {
            "id": int(one.id),
            "text": one.text,
            "canModify": not one.mine,
            "author": {"type": "USER", "name": "Покупатель"} if one.mine else {"type": "BUSINESS", "name": "Кардамон"},
            "status": self._status(one),
            "feedbackId": int(said.id),
        }
        return told | ({"parentId": int(one.parent)} if one.parent else {})

    def _status(self, one: Answer) -> str:
        return self.verdicts.get(one.id, "UNMODERATED" if self.strict and not one.mine else "PUBLISHED")

    def _comment(self, asked: Asked) -> Response:
        given = self.given(asked, {"feedbackId", "comment"})
        comment = given.get("comment")
        said = self.said.get(str(given.get("feedbackId")))
        if not isinstance(comment, dict) or surplus(comment, {"id", "parentId", "text"}):
            raise refusal(400, "BAD_REQUEST", "comment")
        if not fits(comment.get("text"), str, 1, LONGEST):
            raise refusal(400, "BAD_REQUEST", "comment.text: size must be between 1 and 4096")
        parent = str(comment.get("parentId", ""))
        if said is None or said.kind != "review" or (parent and parent not in {one.id for one in said.answers}):
            raise refusal(404, "NOT_FOUND", "Feedback not found")
        return result(self._as_comment(said, self.shop_answers(said, comment["text"], parent)))

    # Questions

    def _questions(self, asked: Asked) -> Response:
        given = self.given(asked, {"categoryIds", "questionIds", "dateFrom", "dateTo", "needAnswer", "sort"})
        if given.get("sort", "CREATED_AT_DESC") not in {"CREATED_AT_DESC", "CREATED_AT_ASC"}:
            raise refusal(400, "BAD_REQUEST", "sort")
        ids = given.get("questionIds")
        found = [
            self._as_question(one)
            for one in self.said.values()
            if one.kind == "question"
            and (ids is None or int(one.id) in ids)
            and not (given.get("needAnswer") and any(not it.mine for it in one.answers))
        ]
        if given.get("sort") == "CREATED_AT_DESC":
            found.reverse()
        return self.page(asked, "questions", found, 50, totalCount=len(found))

    def _as_question(self, one: Said) -> dict[str, Any]:
        return {
            "questionIdentifiers": {"id": int(one.id), "categoryId": 90401, "offerId": one.sku},
            "businessId": BUSINESS,
            "text": one.text,
            "createdAt": one.at.isoformat(),
            "votes": {"likes": 0, "dislikes": 0},
            "author": {"type": "USER", "name": one.name or "Покупатель"},
        }

    def _answers(self, asked: Asked) -> Response:
        given = self.given(asked, {"questionId", "answerIds"})
        ids = given.get("answerIds")
        found = [
            self._as_answer(one, it)
            for one in self.said.values()
            if one.kind == "question" and (ids is not None or int(one.id) == given.get("questionId"))
            for it in one.answers
            if not it.parent and (ids is None or int(it.id) in ids)
        ]
        return self.page(asked, "answers", found, 50)

    def _as_answer(self, said: Said, one: Answer) -> dict[str, Any]:
        told = self._as_comment(said, one)
        del told["feedbackId"]
        comments = [self._as_comment(said, it) for it in said.answers if it.parent == one.id]
        beneath = [{**it, "createdAt": one.at.isoformat()} for it in comments]
        more = {"questionId": int(said.id), "createdAt": one.at.isoformat(), "votes": {"likes": 0, "dislikes": 0}}
        return {**told, **more, "comments": beneath}

    def _answer(self, asked: Asked) -> Response:
        given = self.given(asked, {"entityId", "parentEntityId", "text", "operationType"})
        parent = given.get("parentEntityId")
        if given.get("operationType") != "CREATE" or not isinstance(parent, dict):
            raise refusal(400, "BAD_REQUEST", "CREATE needs operationType, parentEntityId and text")
        if not fits(given.get("text"), str, 1, LONGEST_ANSWER):
            raise refusal(400, "BAD_REQUEST", "text: size must be between 1 and 5000")
        which, kind = str(parent.get("id")), parent.get("type")
        questions = [one for one in self.said.values() if one.kind == "question"]
        if kind == "QUESTION":
            said = next((one for one in questions if one.id == which), None)
        else:
            said = next((one for one in questions if which in {it.id for it in one.answers}), None)
        if said is None or kind not in {"QUESTION", "ANSWER"}:
            raise refusal(404, "NOT_FOUND", "Entity not found")
        made = self.shop_answers(said, given["text"], "" if kind == "QUESTION" else which)
        told = {"id": int(made.id), "type": "ANSWER" if kind == "QUESTION" else "COMMENT"}
        return result({"entity": told})


def moment(text: Any) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise RefusedError(400, {"status": "ERROR", "errors": [{"code": "BAD_REQUEST", "message": "date"}]}) from error
