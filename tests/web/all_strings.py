"""Every string anybody may see, agents and visitors of a demo too, with its plural where it has
one.
"""

import ast
import re
from functools import cache

from jinja2 import Environment

from deskbook.refusals.catalogue import READERS, SENTENCES, WORDS
from tests.web.requester_strings import (
    CALLS,
    EXTENSIONS,
    PACKAGE,
    Message,
    _of_module,
    _of_template,
    calls_in,
)

_FILTER = re.compile(r"""plural\(["']([^"']+)["'],\s*["']([^"']+)["']\)""")


@cache
def all_strings() -> dict[Message, str]:
    """Return {(context, message id): where it is used}."""
    found: dict[Message, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if any(name in path.read_text() for name in CALLS):
            found.update(dict.fromkeys(_of_module(path), str(path.relative_to(PACKAGE))))
    for path in _templates():
        found.update(dict.fromkeys(_of_template(path), str(path.relative_to(PACKAGE))))
    for one in plurals():
        found.setdefault((None, one), "a plural")
    for one, where in refusals().items():
        found.setdefault((None, one), where)
    return found


def refusals() -> dict[str, str]:
    """Return every sentence and word of the catalogue of refusals, and where it stands."""
    said = (*SENTENCES.values(), *READERS["requester"].values(), *WORDS)
    return dict.fromkeys(said, "a refusal")


@cache
def plurals() -> dict[str, str]:
    """Return {one: many}."""
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for call in calls_in(path):
            texts = [given.value for given in call.args if isinstance(given, ast.Constant)]
            if isinstance(call.func, ast.Name) and call.func.id == "ngettext" and len(texts) > 1:
                found[texts[0]] = texts[1]
    for path in _templates():
        text = path.read_text()
        found.update(_FILTER.findall(text.replace('n|plural("ticket", "tickets").', "")))
        for _line, name, given in Environment(extensions=EXTENSIONS).extract_translations(text):
            if name == "ngettext":
                found[given[0]] = given[1]
    return found


def _templates():
    return sorted(path for path in PACKAGE.rglob("templates/**/*") if path.is_file())
