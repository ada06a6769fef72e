"""Languages by the names their readers give them."""

from django.conf import settings


def language_name(code: str) -> str:
    """Returns "മലയാളം" for "ml"; a code nobody knows is its own name."""
    return dict(settings.LANGUAGES).get(code, code)
