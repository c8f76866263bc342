"""What VK accepts of a community, as tables: a request that does not fit gets error 100, a keyboard error 911."""

import json
from collections.abc import Mapping
from typing import Any

from prilavok.simulator.office import RefusedError

VERSION = "5.199"
GROUP = 224400001
EVENTS = (
    "message_new",
    "message_reply",
    "message_allow",
    "message_edit",
    "message_deny",
    "message_typing_state",
    "message_read",
    "message_event",
    "message_reaction_event",
    "wall_reply_new",
    "wall_reply_edit",
    "wall_reply_delete",
    "wall_reply_restore",
    *(f"{what}_comment_{act}" for what in ("photo", "video", "market") for act in ("new", "edit", "delete", "restore")),
)
KNOWN = {
    1: "Unknown error occurred",
    5: "User authorization failed",
    6: "Too many requests per second",
    7: "Permission to perform this action is denied",
    27: "Group authorization failed",
    100: "One of the parameters specified was missing or invalid",
    211: "Access to wall's comment denied",
    212: "Access to post comments denied",
    900: "Can't send messages for users from blacklist",
    901: "Can't send messages for users without permission",
    911: "Keyboard format is invalid",
    914: "Message is too long",
    2000: "Servers number limit is reached",
}

# Of each method: who may call it, and its parameters. `!` required, `<n` at most n characters, `=a|b` one of these.
METHODS: dict[str, tuple[str, dict[str, str]]] = {
    "messages.send": (
        "group",
        {
            "peer_ids": "array",
            "random_id": "integer",
            "message": "string<9000",
            "attachment": "string<9000",
            "forward": "string",
            "keyboard": "string",
            "dont_parse_links": "boolean",
        },
    ),
    "wall.createComment": (
        "group",
        {
            "owner_id": "integer",
            "post_id": "integer!",
            "from_group": "integer",
            "message": "string",
            "reply_to_comment": "integer",
            "guid": "string",
        },
    ),
    "wall.editComment": ("user", {"owner_id": "integer", "comment_id": "integer!", "message": "string"}),
    "wall.deleteComment": ("user", {"owner_id": "integer", "comment_id": "integer!"}),
    "wall.reportComment": (
        "user",
        {"owner_id": "integer!", "comment_id": "integer!", "reason": "integer!=0|1|2|3|4|5|6|8|11"},
    ),
    "users.get": ("group", {"user_ids": "array"}),
    "photos.getMessagesUploadServer": ("group", {"peer_id": "integer"}),
    "photos.saveMessagesPhoto": ("group", {"photo": "string!", "server": "integer", "hash": "string"}),
    "docs.getMessagesUploadServer": ("group", {"type": "string=audio_message|doc|graffiti", "peer_id": "integer"}),
    "docs.save": ("group", {"file": "string!", "title": "string"}),
    "groups.getById": ("group", {"group_id": "integer"}),
    "groups.getTokenPermissions": ("group", {}),
    "groups.getCallbackConfirmationCode": ("group", {"group_id": "integer!"}),
    "groups.getCallbackServers": ("group", {"group_id": "integer!"}),
    "groups.addCallbackServer": (
        "group",
        {"group_id": "integer!", "url": "string!", "title": "string!<14", "secret_key": "string<50"},
    ),
    "groups.editCallbackServer": (
        "group",
        {
            "group_id": "integer!",
            "server_id": "integer!",
            "url": "string!",
            "title": "string!<14",
            "secret_key": "string<50",
        },
    ),
    "groups.setCallbackSettings": (
        "group",
        {
            "group_id": "integer!",
            "server_id": "integer",
            "api_version": "string",
            **dict.fromkeys(EVENTS, "boolean"),
        },
    ),
}


def _of_comments(section: str, thing: str, reasons: str, required: str = "") -> dict[str, tuple[str, dict[str, str]]]:
    """What a person may do about comments of one place; `required`: whether VK insists on owner and reason."""
    of = {"owner_id": f"integer{required}", "comment_id": "integer!"}
    written = {"message": "string", "from_group": "boolean", "reply_to_comment": "integer", "guid": "string"}
    return {
        f"{section}.createComment": ("user", {"owner_id": of["owner_id"], thing: "integer!", **written}),
        f"{section}.editComment": ("user", {**of, "message": "string"}),
        f"{section}.deleteComment": ("user", of),
        f"{section}.reportComment": (
            "user",
            {**of, "owner_id": "integer!", "reason": f"integer{required}={reasons}"},
        ),
    }


METHODS |= _of_comments("photos", "photo_id", "0|1|2|3|4|5|6")
METHODS |= _of_comments("video", "video_id", "0|1|2|4|5|6|8|9|10|11|12|13|15|27|41|42|43|101")
METHODS |= _of_comments("market", "item_id", "0|1|2|3|4|5|6", required="!")


def rule(text: str) -> dict[str, Any]:
    """`integer!=0|1` taken apart: type, required, maxLength, enum."""
    rest, _, choices = text.partition("=")
    rest, _, most = rest.partition("<")
    found: dict[str, Any] = {"type": rest.rstrip("!")}
    if "!" in text:
        found["required"] = True
    if most:
        found["maxLength"] = int(most.rstrip("!"))
    if choices:
        values = choices.split("|")
        found["enum"] = [int(one) for one in values] if found["type"] == "integer" else values
    return found


def check(method: str, given: Mapping[str, str]) -> None:
    """Everything that the table says about this call."""
    parameters = {name: rule(text) for name, text in METHODS[method][1].items()}
    if given.keys() - parameters.keys() - {"v"} or given.get("v") != VERSION:
        raise refused(100)
    for name, wanted in parameters.items():
        value = given.get(name)
        if value is None:
            if wanted.get("required"):
                raise refused(100)
            continue
        if not fits(value, wanted):
            raise refused(914 if name == "message" else 100)
    if method == "messages.send":
        check_message(given)


def fits(value: str, wanted: Mapping[str, Any]) -> bool:
    kind = wanted["type"]
    if kind == "integer" and not (value.removeprefix("-").isdecimal() and value.isascii()):
        return False
    if kind == "boolean" and value not in {"0", "1"}:
        return False
    if kind == "string" and len(value) > wanted.get("maxLength", len(value)):
        return False
    return "enum" not in wanted or bool((int(value) if kind == "integer" else value) in wanted["enum"])


def check_message(given: Mapping[str, str]) -> None:
    """What stands in the prose beside the schema."""
    peers = given.get("peer_ids", "").split(",")
    if not all(one.removeprefix("-").isdecimal() for one in peers) or len(peers) > 100:
        raise refused(100)
    if not 0 < int(given.get("random_id", "0")) < 1 << 31:
        raise refused(100)
    if not (given.get("message") or given.get("attachment")):
        raise refused(100)
    if len(given.get("message", "")) > 4096:
        raise refused(914)
    if "keyboard" in given:
        check_keyboard(given["keyboard"])
    if "forward" in given:
        told = json.loads(given["forward"])
        if not told.get("is_reply") or len(told.get("conversation_message_ids", [])) != 1:
            raise refused(100)


def check_keyboard(text: str) -> None:
    keyboard = json.loads(text)
    rows = keyboard.get("buttons", [])
    right = keyboard.keys() == {"one_time", "inline", "buttons"} and keyboard["inline"] and not keyboard["one_time"]
    right = right and 0 < len(rows) <= 6 and all(0 < len(row) <= 5 for row in rows)
    right = right and sum(len(row) for row in rows) <= 10
    if not right or not all(check_button(button) for row in rows for button in row):
        raise refused(911)


def check_button(button: Mapping[str, Any]) -> bool:
    action = button.get("action", {})
    if not 0 < len(action.get("label", "")) <= 40:
        return False
    if action.get("type") == "open_link":
        known = action.keys() == {"type", "label", "link"}
        return known and str(action["link"]).startswith(("http://", "https://"))
    if action.get("type") != "text" or action.keys() != {"type", "label", "payload"} or len(action["payload"]) > 255:
        return False
    return isinstance(json.loads(action["payload"]), dict)


def refused(code: int) -> RefusedError:
    """HTTP says 200 nevertheless."""
    return RefusedError(200, {"error": {"error_code": code, "error_msg": KNOWN[code], "request_params": []}})
