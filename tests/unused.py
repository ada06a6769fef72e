"""What nothing of the product reads or calls: `make lint` runs this (python -m tests.unused).

Vulture reads Python alone. Templates call too, and a table names its jobs, a setting its middleware
as text: those names are gathered here. `tests/called_by_others.py` holds the rest, what a framework
calls by its name. Columns and fields are left out: a column that nobody reads yet may be a record
that has to be kept.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from vulture import Vulture

from tests.source import nodes

ROOT = Path(__file__).parents[1]
CALLED_BY_OTHERS = Path(__file__).parent / "called_by_others.py"
READ_BY_DECLARATION = ["Meta", "handler400"]
CALLED_BY_DECLARATION = [
    "@model_validator",
    "@field_validator",
    "@app.periodic",
    "@atexit.register",
    "@router.get",
    "@router.post",
    "@server.tool",
]


def unused(root: Path = ROOT) -> list[str]:
    """Returns a line for each name that nothing reads: where, what it is, and its name."""
    reader = Vulture(ignore_names=READ_BY_DECLARATION, ignore_decorators=CALLED_BY_DECLARATION)
    for name in (*_named_by_templates(root), *_named_by_text(root), *_acts(root)):
        reader.used_names.add(name)
    paths = [
        path for path in (root / "deskbook", root / "bench", CALLED_BY_OTHERS) if path.exists()
    ]
    reader.scavenge([str(path) for path in paths], exclude=["*/migrations/*"])
    return [
        f"{found.filename.resolve().relative_to(root)}:{found.first_lineno}: unused {found.typ}"
        f" {found.name}"
        for found in reader.get_unused_code(min_confidence=60)
        if _is_judged(found.filename.resolve(), found.typ, found.name, root)
    ]


def _is_judged(path: Path, kind: str, name: str, root: Path) -> bool:
    if not path.is_relative_to(root / "deskbook"):
        return False
    return kind not in {"attribute", "variable"} or (name.isupper() and path.name != "settings.py")


def _named_by_templates(root: Path) -> Iterator[str]:
    for template in (root / "deskbook").rglob("templates/**/*.*"):
        for code in re.findall(r"\{[{%](.*?)[%}]\}", template.read_text(), re.DOTALL):
            yield from re.findall(r"\w+", code)


def _named_by_text(root: Path) -> Iterator[str]:
    """Yields what a whole text names: "alert_owner", "deskbook.config.urls",
    "deskbook.jobs.letters:acknowledge".
    """
    for module in (root / "deskbook").rglob("*.py"):
        for node in nodes(module):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and re.fullmatch(r"[A-Za-z_]\w*([.:]\w+)*", text):
                yield from re.split(r"[.:]", text)


def _acts(root: Path) -> Iterator[str]:
    """Yields the acts: classes with a key, which the registry finds in their modules."""
    for module in (root / "deskbook/web/acts").glob("*.py"):
        for node in nodes(module):
            if isinstance(node, ast.ClassDef) and re.match(
                r"class .*\n( {4}\"\"\".*\n)? {4}key\b", ast.unparse(node)
            ):
                yield node.name


if __name__ == "__main__":
    lines = unused()
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.exit(bool(lines))
