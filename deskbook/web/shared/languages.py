"""Languages by the names their readers give them."""

from typing import TypeGuard

from django.conf import settings


def is_spoken(code: object) -> TypeGuard[str]:
    """Whether it is a language of Deskbook's."""
    return code in dict(settings.LANGUAGES)


def language_name(code: str) -> str:
    """Returns "മലയാളം" for "ml"; a code nobody knows is its own name."""
    return dict(settings.LANGUAGES).get(code, code)
