"""Texts that are kept until they are sent, in the portal and in the console."""

from django.utils.translation import gettext as _


def no_room() -> str:
    """Returns why a text is not kept, and what becomes of it."""
    return _(
        "Kept in this browser only: your unsent texts are too long together. Send this one, or"
        " empty others."
    )
