"""What every page asks of Django many times, answered with fewer calls: words and zones of who
looks, and the token of its forms.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import lru_cache
from operator import add
from os import urandom
from typing import Any

from django.middleware import csrf
from django.utils import timezone, translation
from django.utils.translation import trans_real

_SPOKEN = trans_real.gettext
_CHARS = csrf.CSRF_ALLOWED_CHARS.encode()
_EVEN = 256 - 256 % len(_CHARS)
"""Bytes from here on would make the first letters more likely than the others."""
_LETTERS = bytes(_CHARS[byte % len(_CHARS)] for byte in range(256))
_PLACES = bytes(max(0, _CHARS.find(byte)) for byte in range(256))


class Present:
    """What is present in a thread or task, as asgiref's `Local` keeps it, without its lock: six
    calls less, a hundred times a page.
    """

    def __init__(self) -> None:
        self.kept = ContextVar[Any]("present", default=None)

    @property
    def value(self) -> Any:
        found = self.kept.get()
        if found is None:
            raise AttributeError("value")
        return found

    @value.setter
    def value(self, present: Any) -> None:
        self.kept.set(present)

    @value.deleter
    def value(self) -> None:
        self.kept.set(None)


_language = Present()


def gettext(message: str) -> str:
    """Returns what Django's does, looked up once for each language."""
    return _said(message, _language.kept.get())


@lru_cache(maxsize=16_384, typed=True)  # safe HTML equals other text, and stays safe
def _said(message: str, _spoken: object) -> str:
    return _SPOKEN(message)


def masked(secret: str) -> str:
    """Returns a token for a secret as Django's `_mask_cipher_secret` makes it: another each time,
    from one asking of the system in place of 35.
    """
    mask = b""
    while len(mask) < len(secret):
        mask += urandom(64).translate(_LETTERS, bytes(range(_EVEN, 256)))
    mask = mask[: len(secret)]
    places = map(add, mask.translate(_PLACES), secret.encode().translate(_PLACES))
    return (mask + bytes(places).translate(_LETTERS)).decode()


def answer_with_fewer_calls() -> None:
    """Puts them in the place of Django's, in this process."""
    trans_real._active = _language  # type: ignore[attr-defined]
    timezone._active = Present()  # type: ignore[attr-defined]
    translation._trans.gettext = gettext  # type: ignore[attr-defined]
    csrf._mask_cipher_secret = masked  # type: ignore[attr-defined]
