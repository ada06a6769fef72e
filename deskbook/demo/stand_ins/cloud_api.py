"""The other side of the Cloud API, for the demo and the tests: real payloads, real answers, no
network of its own.

What keeps the messages (a table in the demo, a list in a test) is up to who uses it.
"""

import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

Json = dict[str, Any]
TEXT_LIMIT = 4_096
VARIABLE_LIMIT = 1_024
WINDOW = timedelta(hours=24)
KINDS = (
    "text",
    "template",
    "image",
    "audio",
    "video",
    "document",
    "sticker",
    "location",
    "reaction",
    "interactive",
)


@dataclass(frozen=True, slots=True)
class Business:
    """The number the service is played for."""

    phone_number_id: str
    display_number: str
    app_secret: str = ""
    account_id: str = "102290129340398"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with a phone; without `number` they are known by their business-scoped id alone."""

    number: str = ""
    """Digits only."""
    name: str = ""
    user_id: str = ""


class Refusal(Exception):
    """The service's answer to a call it does not take."""

    def __init__(self, code: int, title: str, details: str = "", status: int = 400) -> None:
        super().__init__(f"(#{code}) {title}")
        self.code, self.title, self.details, self.status = code, title, details, status

    def body(self) -> Json:
        """Returns the JSON of the answer, as the Graph API writes it."""
        error: Json = {
            "message": str(self),
            "type": "OAuthException",
            "code": self.code,
            "fbtrace_id": "AZ0stub",
        }
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return {"error": error}


def new_wamid() -> str:
    return f"wamid.{b64encode(uuid4().bytes).decode().rstrip('=')}"


def accept(
    payload: Mapping[str, Any], *, wrote_at: datetime | None, at: datetime
) -> tuple[Json, str]:
    """Returns the answer to POST …/messages and the new wamid. Raises Refusal as the service does.

    `wrote_at` is when the recipient wrote last: free words go for 24 hours from then.
    """
    if payload.get("messaging_product") != "whatsapp":
        raise Refusal(100, "The parameter messaging_product is required.")
    kind = str(payload.get("type", "text"))
    if kind not in KINDS or not isinstance(payload.get(kind), dict):
        raise Refusal(131009, "Parameter value is not valid", f"type {kind}")
    to = str(payload.get("to") or payload.get("recipient") or "")
    if not to:
        raise Refusal(131008, "Required parameter is missing", "to or recipient")
    _refuse_content(kind, payload[kind])
    if kind != "template" and (wrote_at is None or at >= wrote_at + WINDOW):
        raise Refusal(
            131047,
            "Re-engagement message",
            "More than 24 hours have passed since the customer last replied.",
        )
    wamid = new_wamid()
    contact = {"input": to, "wa_id": to} if payload.get("to") else {"input": to, "user_id": to}
    return {
        "messaging_product": "whatsapp",
        "contacts": [contact],
        "messages": [{"id": wamid}],
    }, wamid


def _refuse_content(kind: str, content: Mapping[str, Any]) -> None:
    body = str(content.get("body", ""))
    if kind == "text" and not 0 < len(body) <= TEXT_LIMIT:
        raise Refusal(100, "Invalid parameter", f"text.body must have 1 to {TEXT_LIMIT} characters")
    if kind == "template":
        language = content.get("language")
        if not content.get("name") or not isinstance(language, dict) or not language.get("code"):
            raise Refusal(132001, "Template name does not exist in the translation")
        for variable in variables_of(content):
            if (
                not variable
                or "\n" in variable
                or "\t" in variable
                or len(variable) > VARIABLE_LIMIT
            ):
                raise Refusal(
                    132012, "Parameter format does not match format in the created template"
                )


def variables_of(template: Mapping[str, Any]) -> list[str]:
    """Returns the variables of a template's body as they were sent."""
    body = [part for part in template.get("components", ()) if part.get("type") == "body"]
    return [str(given.get("text", "")) for part in body for given in part.get("parameters", ())]


def message(
    business: Business,
    sender: User,
    kind: str,
    content: Any,
    *,
    at: datetime,
    wamid: str = "",
    **more: Any,
) -> Json:
    """Returns the webhook of one message: `content` is what stands under its type; `more` goes
    beside it.
    """
    said: Json = {
        "id": wamid or new_wamid(),
        "timestamp": str(int(at.timestamp())),
        "type": kind,
        kind: content,
        **more,
    }
    if sender.number:
        said["from"] = sender.number
    if sender.user_id:
        said["from_user_id"] = sender.user_id
    return _webhook(business, {"contacts": [_contact(sender)], "messages": [said]})


def status(
    business: Business, recipient: User, wamid: str, word: str, *, at: datetime, **more: Any
) -> Json:
    """Returns the webhook of a status: sent, delivered, read or failed; `more` is `errors` and the
    like.
    """
    said: Json = {"id": wamid, "status": word, "timestamp": str(int(at.timestamp())), **more}
    said |= {"recipient_id": recipient.number} if recipient.number else {}
    said |= {"recipient_user_id": recipient.user_id} if recipient.user_id else {}
    if word in ("sent", "delivered"):
        said["pricing"] = {
            "billable": False,
            "pricing_model": "PMP",
            "category": "service",
            "type": "free_customer_service",
        }
    told: Json = {} if word == "failed" else {"contacts": [_contact(recipient)]}
    return _webhook(business, {**told, "statuses": [said]})


def file_content(media_id: str, content_type: str, data: bytes, **more: str) -> Json:
    """Returns what stands under "image", "document" … of a message."""
    return {
        "id": media_id,
        "mime_type": content_type,
        "sha256": b64encode(sha256(data).digest()).decode(),
        **more,
    }


def media_told(media_id: str, url: str, content_type: str, data: bytes) -> Json:
    """Returns the answer to GET /{media_id}."""
    return {
        "messaging_product": "whatsapp",
        "url": url,
        "mime_type": content_type,
        "id": media_id,
        "sha256": sha256(data).hexdigest(),
        "file_size": len(data),
    }


def together(*webhooks: Json) -> Json:
    """Returns one delivery with the entries of several: the service sends batches."""
    return {
        "object": "whatsapp_business_account",
        "entry": [entry for one in webhooks for entry in one["entry"]],
    }


def body_of(webhook: Json) -> bytes:
    return json.dumps(webhook, ensure_ascii=True, separators=(",", ":")).encode()


def signature(app_secret: str, body: bytes) -> str:
    """Returns the X-Hub-Signature-256 of a body."""
    return "sha256=" + hmac.new(app_secret.encode(), body, sha256).hexdigest()


def _contact(user: User) -> Json:
    contact: Json = {"profile": {"name": user.name}}
    contact |= {"wa_id": user.number} if user.number else {}
    return contact | ({"user_id": user.user_id} if user.user_id else {})


def _webhook(business: Business, said: Json) -> Json:
    metadata = {
        "display_phone_number": business.display_number,
        "phone_number_id": business.phone_number_id,
    }
    value = {"messaging_product": "whatsapp", "metadata": metadata, **said}
    change = {"field": "messages", "value": value}
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": business.account_id, "changes": [change]}],
    }
