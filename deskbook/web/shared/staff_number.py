"""What a book calls the number by which its directory tells people apart beside their ways."""

from django.utils.translation import gettext as _

from deskbook.engine.desk import Desk

_KEPT_AS = "pen"


def staff_number(desk: Desk) -> str:
    """Returns the book's own word for it ("PEN"); empty where its directory has none."""
    for field in desk.directory.values():
        if _KEPT_AS in " ".join(field.known_as).casefold().split():
            return field.title
    return ""


def known_by(desk: Desk) -> str:
    """Returns by what people are looked for, as an empty field of a search says it."""
    own = staff_number(desk)
    if not own:
        return _("Name, number, office")
    return _("%(own)s, name, number, office") % {"own": own}
