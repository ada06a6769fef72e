"""References: a word in one place of the book that names a thing in another."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from deskbook.book.findings import Path, Remarks, nearest
from deskbook.book.words import fold, read_address


@dataclass(slots=True)
class Names:
    """The names one section declares, found again whatever their case and spacing."""

    noun: str
    section: str
    spelled: dict[str, str] = field(default_factory=dict)
    """Folded name → as the owner wrote it."""

    @classmethod
    def of(cls, noun: str, section: str, declared: Iterable[str]) -> "Names":
        return cls(noun, section, {fold(name): name for name in declared})

    def find(self, word: str, path: Path, remarks: Remarks) -> str | None:
        """Returns the folded name, or None after an error that names the likeliest one."""
        if fold(word) in self.spelled:
            return fold(word)
        meant = nearest(word, self.spelled.values())
        if self.section == "hours" and not meant.startswith("did you mean"):
            meant += f", or add it under `hours`: `{word}: {{ every day: 00:00-24:00 }}`"
        remarks.error(path, f"{word!r} is no {self.noun} of this book: {meant}", "unknown-name")
        return None

    def find_all(self, words: Iterable[str], path: Path, remarks: Remarks) -> frozenset[str]:
        """Returns those found; each that is not is an error of its own."""
        found = [self.find(word, (*path, number), remarks) for number, word in enumerate(words)]
        return frozenset(name for name in found if name)


def name_or_address(word: str, known: Names, path: Path, remarks: Remarks) -> str | None:
    """Returns the folded name, or the mail address in small letters; None after an error."""
    if "@" not in word:
        return known.find(word, path, remarks)
    try:
        return read_address(word)
    except ValueError as exc:
        remarks.error(path, str(exc), "address")
        return None


def title_of(key: str, name: str | None) -> str:
    """Returns what people see: the name given, or the key with a capital first letter."""
    return name or key[:1].upper() + key[1:]
