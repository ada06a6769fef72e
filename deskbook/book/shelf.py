"""The books that come with the product: to begin a desk of one's own from, and to try it by."""

from __future__ import annotations

import json
import re
import unicodedata
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

_INSTALLED = "share/deskbook/books/"
_ABOUT = re.compile(r"^# (.+)$", re.M)


def book_text(key: str) -> str:
    """Returns the text of one. Raises FileNotFoundError naming those there are."""
    found = _shelf()
    if key not in found:
        there = ", ".join(sorted(found)) or "none: install Deskbook again"
        raise FileNotFoundError(f"No book {key}.yaml comes with Deskbook. There are: {there}.")
    return found[key].read_text(encoding="utf-8")


def books() -> dict[str, str]:
    """Returns the key of each with what its first line says of it, the smallest first."""
    texts = {key: file.read_text(encoding="utf-8") for key, file in _shelf().items()}
    about = {key: found[1] if (found := _ABOUT.match(text)) else "" for key, text in texts.items()}
    return {key: about[key] for key in sorted(texts, key=lambda key: len(texts[key]))}


def key_of(name: str) -> str:
    """Returns what a desk of this name is called in addresses: "help-desk"; "desk" where the name
    has no letter of ASCII.
    """
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:40].strip("-") or "desk"


def ones_own(key: str, name: str, mail: str, zone: str, prefix: str = "") -> str:
    """Returns a book of the shelf as that of another desk, whose tickets are called by `prefix`,
    else by its name: all else is for its owner to change.
    """
    written = {
        "name": json.dumps(name, ensure_ascii=False),
        "zone": zone,
        "mail": f"[{json.dumps(mail, ensure_ascii=False)}]",
    }
    lines = [line for line in book_text(key).splitlines() if not line.startswith("prefix: ")]
    words = (line.partition(": ")[0] for line in lines)
    mine = (f"{word}: {written[word]}" if word in written else "" for word in words)
    if prefix:
        written["name"] += f"\nprefix: {json.dumps(prefix)}"
    return "".join(f"{own or line}\n" for own, line in zip(mine, lines, strict=True))


def _shelf() -> dict[str, Path]:
    """From the checkout, or where an installation put them: wherever that is, it has a list."""
    checkout = Path(__file__).parents[2] / "books"
    if checkout.is_dir():
        return {file.stem: file for file in checkout.glob("*.yaml")}
    try:
        installed = files("deskbook") or []
    except PackageNotFoundError:
        installed = []
    return {
        file.stem: Path(str(file.locate()))
        for file in installed
        if _INSTALLED in file.as_posix() and file.suffix == ".yaml"
    }
