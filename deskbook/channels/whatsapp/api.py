"""The calls of the Cloud API (protocols B.1), and what its answers mean."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import httpx
from django.conf import settings

from deskbook.channels.whatsapp.models import WhatsAppAccount
from deskbook.channels.whatsapp.payload import error_words
from deskbook.people.outward import NO_ANSWER_BEHIND, fell_silent, trusted
from deskbook.people.sealing import unsealed
from deskbook.refusals.kept import kept
from deskbook.refusals.refusal import Word

SECONDS = 20
LARGEST_MEDIA = 25 * 1024 * 1024
"""Bytes of a file that is fetched; the service takes documents of up to 100 MB."""
LATER = frozenset({1, 2, 4, 80007, 130429, 131000, 131016, 131048, 131056, 131057, 133004})
"""Errors of the moment: limits on speed, trouble of the service."""
TOKEN = frozenset({0, 10, 190, 200, 131005})
"""The token or its rights: nothing goes until an owner puts it right."""
_OF_META = (".fbsbx.com", ".facebook.com", ".whatsapp.net", ".fbcdn.net", ".whatsapp.com")
Json = Mapping[str, Any]


class NotNow(Exception):
    """The service did not take it and says, or shows, that it may later."""


class NotKnown(Exception):
    """The call ended without an answer: it may have been taken or not."""


class Gone(Exception):
    """The service has no such thing (any more)."""


class Rejected(Exception):
    """The service refused for good; `code` is its own."""

    def __init__(self, code: int | None, words: str) -> None:
        super().__init__(words)
        self.code = code


class TokenRejected(Rejected):
    """The token ended or lacks the right."""


def send(account: WhatsAppAccount, payload: Json) -> str:
    """Hands a message over and returns its wamid. Raises NotNow, NotKnown, Rejected,
    TokenRejected.
    """
    with _calling(account) as client:
        answer = _answer(client.post(f"{account.phone_number_id}/messages", json=payload))
    messages = answer.get("messages")
    if not isinstance(messages, list) or not messages or not isinstance(messages[0], dict):
        raise NotKnown(kept("whatsapp.no_id"))
    return str(messages[0].get("id") or "")


def tell_read(account: WhatsAppAccount, wamid: str) -> None:
    """Tells the sender that a message was read, and with it those before."""
    with _calling(account) as client:
        read = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
        _answer(client.post(f"{account.phone_number_id}/messages", json=read))


def upload(account: WhatsAppAccount, name: str, content_type: str, data: bytes) -> str:
    """Gives the service a file and returns its media id."""
    with _calling(account) as client:
        given = {"messaging_product": "whatsapp", "type": content_type}
        file = {"file": (name, data, content_type)}
        answer = _answer(client.post(f"{account.phone_number_id}/media", data=given, files=file))
    return str(answer.get("id") or "")


def fetch(account: WhatsAppAccount, media_id: str) -> tuple[bytes, Json]:
    """Returns a file's bytes and what the service says of it. Raises Gone, Rejected, NotNow."""
    with _calling(account) as client:
        # An address in its place would be given the token.
        told = _answer(client.get(quote(media_id, safe="")))
        size = told.get("file_size")
        if isinstance(size, int | str) and str(size).isdecimal() and int(size) > LARGEST_MEDIA:
            raise Rejected(None, _too_large(int(size)))
        return _download(client, str(told.get("url") or "")), told


def _download(client: httpx.Client, url: str) -> bytes:
    """Only from where the service itself is, or its maker's: the token goes along."""
    # Read as the call itself will read it.
    told = httpx.URL(url)
    base = httpx.URL(settings.DESKBOOK_WHATSAPP_URL)
    host = told.host
    where_it_is = (told.scheme, host, told.port) == (base.scheme, base.host, base.port)
    if not where_it_is and not (
        told.scheme == "https" and told.port is None and f".{host}".endswith(_OF_META)
    ):
        raise Rejected(None, kept("whatsapp.strange_place", host=host or Word("no host")))
    data = bytearray()
    with client.stream("GET", url) as response:
        if response.status_code in (404, 410):
            raise Gone(kept("whatsapp.file_gone"))
        if response.status_code >= 400:
            response.read()
            _answer(response)
        for chunk in response.iter_bytes():
            data += chunk
            if len(data) > LARGEST_MEDIA:
                raise Rejected(None, _too_large(len(data)))
    return bytes(data)


def _too_large(size: int) -> str:
    return kept(
        "whatsapp.large", most=LARGEST_MEDIA // 1_048_576, megabytes=round(size / 1_048_576)
    )


@contextmanager
def _calling(account: WhatsAppAccount) -> Iterator[httpx.Client]:
    base = settings.DESKBOOK_WHATSAPP_URL.rstrip("/") + "/"
    token = unsealed(account.token)
    if not token.isascii():
        raise TokenRejected(None, kept("whatsapp.token"))
    bearer = {"Authorization": f"Bearer {token}"}
    with httpx.Client(
        base_url=base, headers=bearer, verify=trusted(), timeout=SECONDS, trust_env=False
    ) as client:
        try:
            yield client
        except (httpx.HTTPError, httpx.InvalidURL) as failure:
            if fell_silent(failure):
                said = kept("whatsapp.no_answer", error=type(failure).__name__)
                raise NotKnown(said) from failure
            raise NotNow(kept("whatsapp.away", words=str(failure))) from failure


def _answer(response: httpx.Response) -> Json:
    data = _object(response)
    if response.status_code < 400:
        return data
    error = data.get("error")
    if response.status_code in NO_ANSWER_BEHIND and not isinstance(error, dict):
        raise NotKnown(kept("whatsapp.no_answer", error=f"HTTP {response.status_code}"))
    raise _refused(response.status_code, error if isinstance(error, dict) else {})


def _object(response: httpx.Response) -> Json:
    """The JSON object of an answer, empty where it is anything else."""
    try:
        data = response.json()
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _refused(status: int, error: Json) -> Exception:
    code = error.get("code") if isinstance(error.get("code"), int) else None
    words = error_words(error) or f"HTTP {status}"
    if status == 404 or (code == 100 and error.get("error_subcode") == 33):
        return Gone(words)
    if status == 429 or status >= 500 or code in LATER:
        return NotNow(words)
    return TokenRejected(code, words) if status == 401 or code in TOKEN else Rejected(code, words)
