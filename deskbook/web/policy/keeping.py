"""How long things are kept, and what becomes of them then."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from deskbook.engine.keeping import Keep
from deskbook.web.policy.amounts import amount_in_words
from deskbook.web.policy.parts import Said, Section, Table
from deskbook.web.policy.reader import Reader


def kept_words() -> dict[str, str]:
    """Returns what is kept, by its word."""
    return {
        "cases": _("What was written of a case, and who asked"),
        "files": _("Files of a case"),
        "chats": _("Chats"),
        "call notes": _("Notes of calls"),
        "mails not taken in": _("Mails that became no case"),
    }


def keeping(reader: Reader) -> Section:
    """Returns how long things are kept; a book that does not say so has no such section."""
    return Section("keeping", _("How long things are kept"), tuple(_blocks(reader)))


def _blocks(reader: Reader) -> Iterator[Table | Said]:
    if reader.desk.keep:
        head = (_("What"), _("Cases"), _("Kept"))
        yield Table(head, tuple(_row(reader, line) for line in reader.desk.keep))
        yield Said(
            _(
                "Counted from the day a case is closed, or a mail came. Then it is erased; numbers,"
                " times and stages stay, for reports."
            )
        )


def _row(reader: Reader, line: Keep) -> tuple[tuple[str, ...], ...]:
    cases = () if line.what == "mails not taken in" else reader.conditions(line.when)
    return (kept_words()[line.what],), cases, (amount_in_words(line.after),)
