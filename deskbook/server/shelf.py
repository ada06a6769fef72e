"""The books that come with the product: to begin a desk of one's own from, and to try it by."""

from __future__ import annotations

import re
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
