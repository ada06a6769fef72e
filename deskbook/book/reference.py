"""The reference of the language and the editors' schema, both made from the schema's own words."""

from pathlib import Path
from typing import Any

from deskbook.book.schema import Book


def json_schema() -> dict[str, Any]:
    """Returns the JSON Schema (2020-12) of a book."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Deskbook book",
        **Book.model_json_schema(mode="validation"),
    }


def pages() -> dict[str, str]:
    return {}


def write(folder: Path) -> None:
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")
