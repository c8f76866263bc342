"""Our own public answers are changed and taken away as each vendor wants it asked, or not at all."""

import json

import pytest

from prilavok.channels.base import Response, Standing, Undeliverable
from tests.channels.reading import channel

REVIEW = Standing("comment:77:12", "feedback:12", "feedback:12")
ANSWER = Standing("answer:31", "question:30", "question:30")
SAID = Standing("said:32:31", "answer:31", "question:30")
ASKED = (
    ("messenger", Standing("10_20", "10_19", "p"), "Є", "POST", "/10_20", {"message": "Є"}),
    ("messenger", Standing("10_20", "10_19", "p"), "", "DELETE", "/10_20", None),
    ("instagram", Standing("1789", "1788", "p"), "", "DELETE", "/1789", None),
    ("google_business", Standing("answer:r1", "review:r1", "review:r1"), "Є", "PUT", "/r1/reply", {"comment": "Є"}),
    ("google_business", Standing("answer:r1", "review:r1", "review:r1"), "", "DELETE", "/r1/reply", None),
    ("ozon", Standing("comment:c1", "review:r1", "review:r1"), "", "POST", "/comment/delete", {"comment_id": "c1"}),
    ("ozon", Standing("answer:a1", "question:q1:55", "q"), "", "POST", "/delete", {"answer_id": "a1", "sku": 55}),
    ("wildberries", Standing("answer:f1", "feedback:f1", "f"), "Є", "PATCH", "/answer", {"id": "f1", "text": "Є"}),
    (
        "wildberries",
        Standing("answer:q1", "question:q1", "q"),
        "Є",
        "PATCH",
        "/questions",
        {"id": "q1", "answer": {"text": "Є"}, "state": "wbRu"},
    ),
    ("yandex_market", REVIEW, "Є", "POST", "/update", {"feedbackId": 12, "comment": {"id": 77, "text": "Є"}}),
    ("yandex_market", REVIEW, "", "POST", "/comments/delete", {"id": 77}),
    (
        "yandex_market",
        ANSWER,
        "Є",
        "POST",
        "/goods-questions/update",
        {"operationType": "UPDATE", "text": "Є", "entityId": {"id": 31, "type": "ANSWER"}},
    ),
    (
        "yandex_market",
        SAID,
        "",
        "POST",
        "/goods-questions/update",
        {"operationType": "DELETE", "entityId": {"id": 32, "type": "COMMENT"}},
    ),
)


@pytest.mark.parametrize(("kind", "answer", "text", "method", "path", "body"), ASKED)
def test_an_answer_is_amended_by_the_vendors_own_call(kind, answer, text, method, path, body):
    made = channel(kind)
    assert ("edit" if text else "delete") in made.capabilities.comments.amends
    dialogue = made.amend(answer, text)
    request = next(dialogue)
    if "oauth2" in request.url or request.url.endswith("/token"):
        request = dialogue.send(answered({"access_token": "t"}))
    assert (request.method, request.url.endswith(path)) == (method, True), request.url
    assert (json.loads(request.body) if request.body else None) == body
    with pytest.raises(StopIteration):
        dialogue.send(answered({"success": True, "status": "OK", "result": {}}))


@pytest.mark.parametrize(
    ("kind", "answer", "text"),
    [
        ("instagram", Standing("1789", "1788", "p"), "Є"),
        ("ozon", Standing("comment:c1", "review:r1", "r"), "Є"),
        ("wildberries", Standing("answer:f1", "feedback:f1", "f"), ""),
        ("rozetka", Standing("reply:1:item:2:3", "item:2:3", "i"), "Є"),
    ],
)
def test_what_a_vendor_has_no_call_for_is_not_asked(kind, answer, text):
    with pytest.raises(Undeliverable):
        next(channel(kind).amend(answer, text))


def answered(body):
    return Response(200, {}, json.dumps(body).encode())
