"""The methods a bot may call, one function each: what Telegram does and answers."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from prilavok.simulator.telegram.chats import BotAccount, Chat, ChatMessage, StoredFile, as_message
from prilavok.simulator.telegram.contract import Refused, Uploaded
from prilavok.simulator.telegram.delivery import Updates, Webhook

TEXT, CAPTION, CALLBACK = 4096, 1024, 64  # UTF-16 units, UTF-16 units, bytes
DOWNLOAD = 20 * 1024 * 1024  # bytes
UPLOAD = {"photo": 10 * 1024 * 1024}  # bytes; everything else 50 MB
SENDS = {
    "sendPhoto": "photo",
    "sendDocument": "document",
    "sendVoice": "voice",
    "sendVideo": "video",
    "sendAudio": "audio",
}

Fields = dict[str, Any]


class Telegram(Protocol):
    """What a call may use of the emulator."""

    now: Callable[[], datetime]

    def store(self, name: str, mime: str, data: bytes, folder: str) -> StoredFile: ...

    def file(self, file_id: str) -> StoredFile | None: ...

    def said(self, bot: BotAccount, message: ChatMessage) -> None: ...

    def updates_of(self, bot: BotAccount) -> Updates: ...


def get_me(telegram: Telegram, bot: BotAccount, fields: Fields) -> Any:
    del telegram, fields
    return {**bot.as_user(), "can_join_groups": True, "can_read_all_group_messages": False}


def set_webhook(telegram: Telegram, bot: BotAccount, fields: Fields) -> Any:
    updates = telegram.updates_of(bot)
    url = fields["url"]
    if not url.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise Refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
    updates.webhook = Webhook(url, fields.get("secret_token", "")) if url else None
    _remember_allowed(updates, fields)
    updates.go_on()
    return True


def delete_webhook(telegram: Telegram, bot: BotAccount, fields: Fields) -> Any:
    del fields
    telegram.updates_of(bot).webhook = None
    return True


def get_webhook_info(telegram: Telegram, bot: BotAccount, fields: Fields) -> Any:
    del fields
    updates = telegram.updates_of(bot)
    webhook = updates.webhook or Webhook("")
    return {
        "url": webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(updates.waiting),
        **({"last_error_message": webhook.last_error} if webhook.last_error else {}),
    }


async def get_updates(telegram: Telegram, bot: BotAccount, fields: Fields) -> Any:
    updates = telegram.updates_of(bot)
    _remember_allowed(updates, fields)
    limit = max(1, min(fields.get("limit", 100), 100))
    return await updates.take(fields.get("offset", 0), limit, fields.get("timeout", 0))


def _remember_allowed(updates: Updates, fields: Fields) -> None:
    if "allowed_updates" in fields:
        updates.allowed = fields["allowed_updates"]


def send_message(telegram: Telegram, bot: BotAccount, fields: Fields) -> Any:
    if not fields["text"].strip():
        raise Refused(400, "Bad Request: message text is empty")
    if units(fields["text"]) > TEXT:
        raise Refused(400, "Bad Request: message is too long")
    return _say(telegram, bot, fields, text=fields["text"])


def send_file(telegram: Telegram, bot: BotAccount, fields: Fields, kind: str) -> Any:
    file = _file(telegram, fields[kind], kind)
    return _say(telegram, bot, fields, text=_caption(fields), kind=kind, files=(file,))


def send_media_group(telegram: Telegram, bot: BotAccount, fields: Fields, uploads: dict[str, Uploaded]) -> Any:
    media = fields["media"]
    if not 2 <= len(media) <= 10:
        raise Refused(400, "Bad Request: a media group has 2 to 10 items")
    if len({item["type"] == "document" for item in media}) > 1:
        raise Refused(400, "Bad Request: document can't be mixed with other media types")
    album = str(bot.last_message_id + 13_800_000_000_000_000)
    sent = []
    for item in media:
        name = item["media"].removeprefix("attach://")
        given = uploads.get(name) if name != item["media"] else item["media"]
        if given is None:
            raise Refused(400, f"Bad Request: attached file {name} is missing")
        file = _file(telegram, given, item["type"])
        sent.append(_say(telegram, bot, fields, text=_caption(item), kind=item["type"], files=(file,), album=album))
    return sent


def send_chat_action(telegram: Telegram, bot: BotAccount, fields: Fields) -> Any:
    del telegram
    _chat(bot, fields)
    return True


def get_file(telegram: Telegram, bot: BotAccount, fields: Fields) -> Any:
    del bot
    file = telegram.file(fields["file_id"])
    if file is None:
        raise Refused(400, "Bad Request: invalid file_id")
    if len(file.data) > DOWNLOAD:
        raise Refused(400, "Bad Request: file is too big")
    return {
        "file_id": file.id,
        "file_unique_id": f"u{file.id}",
        "file_size": len(file.data),
        "file_path": file.path,
    }


def answer_callback_query(telegram: Telegram, bot: BotAccount, fields: Fields) -> Any:
    del telegram
    if bot.spinning.pop(fields["callback_query_id"], None) is None:
        raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    return True


def _say(telegram: Telegram, bot: BotAccount, fields: Fields, **said: Any) -> dict[str, Any]:
    chat = _chat(bot, fields)
    chat.require_open()
    message = ChatMessage(
        id=bot.next_message_id(),
        user_id=chat.person.id,
        from_bot=True,
        at=telegram.now(),
        buttons=_buttons(fields),
        reply_to=_answered(chat, fields),
        **said,
    )
    chat.messages.append(message)
    telegram.said(bot, message)
    return as_message(bot, chat, message)


def _chat(bot: BotAccount, fields: Fields) -> Chat:
    if "business_connection_id" in fields:
        raise Refused(400, "Bad Request: business connection not found")
    try:
        return bot.chats[int(fields["chat_id"])]
    except (KeyError, ValueError):
        raise Refused(400, "Bad Request: chat not found") from None


def _caption(fields: Fields) -> str:
    caption: str = fields.get("caption", "")
    if units(caption) > CAPTION:
        raise Refused(400, "Bad Request: message caption is too long")
    return caption


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2


def _file(telegram: Telegram, given: Uploaded | str, kind: str) -> StoredFile:
    if isinstance(given, Uploaded):
        if not given.data:
            raise Refused(400, "Bad Request: file must be non-empty")
        if len(given.data) > UPLOAD.get(kind, 50 * 1024 * 1024):
            raise Refused(413, "Request Entity Too Large")
        return telegram.store(given.name, given.type, given.data, f"{kind}s")
    if (file := telegram.file(given)) is not None:
        return file
    if not given.startswith(("https://", "http://")):
        raise Refused(400, "Bad Request: Wrong HTTP URL specified")
    return telegram.store(given.rpartition("/")[2] or kind, "application/octet-stream", given.encode(), f"{kind}s")


def _buttons(fields: Fields) -> tuple[tuple[dict[str, str], ...], ...]:
    rows = fields.get("reply_markup", {}).get("inline_keyboard", [])
    for row in rows:
        for button in row:
            if len({"url", "callback_data"} & set(button)) != 1:
                raise Refused(400, "Bad Request: Text buttons are unallowed in the inline keyboard")
            if not 1 <= len(button.get("callback_data", "x").encode()) <= CALLBACK:
                raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    return tuple(tuple(row) for row in rows)


def _answered(chat: Chat, fields: Fields) -> int | None:
    answered = fields.get("reply_parameters")
    if answered is None:
        return None
    if any(one.id == answered["message_id"] for one in chat.messages):
        return int(answered["message_id"])
    if answered.get("allow_sending_without_reply"):
        return None
    raise Refused(400, "Bad Request: message to be replied not found")


CALLS: dict[str, Callable[[Telegram, BotAccount, Fields], Any]] = {
    "getMe": get_me,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getUpdates": get_updates,
    "sendMessage": send_message,
    "sendChatAction": send_chat_action,
    "getFile": get_file,
    "answerCallbackQuery": answer_callback_query,
}
