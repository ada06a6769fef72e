"""Every string anybody may see, agents and visitors of a demo too, with its plural where it has one."""

import ast
import re

from jinja2 import Environment

from deskbook.web.refusals import PATTERNS
from tests.web.requester_strings import CALLS, PACKAGE, Message, _of_module, _of_template

#: The stand-in for WhatsApp's service, and what is said when a book is applied at the prompt.
NOT_ON_A_SCREEN = {"channels/whatsapp/stub.py", "tickets/books.py"}
_FILTER = re.compile(r'plural\("([^"]+)", "([^"]+)"\)')


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
    for one in (*refusals(), *PATTERNS):
        found.setdefault((None, one), "a refusal")
    return found


def refusals() -> dict[str, str]:
    """Return what the engine and the verbs refuse with, and where; {0}, {1} … for what a sentence names."""
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refusal":
                found.update(dict.fromkeys(_sentences(node), str(path.relative_to(PACKAGE))))
    return {text: where for text, where in found.items() if where not in NOT_ON_A_SCREEN}


def _sentences(call):
    said = call.args[1] if len(call.args) > 1 else None
    if isinstance(said, ast.Constant):
        yield said.value
    elif isinstance(said, ast.JoinedStr):
        number = iter(range(9))
        yield "".join(part.value if isinstance(part, ast.Constant) else f"{{{next(number)}}}" for part in said.values)


def plurals() -> dict[str, str]:
    """Return {one: many}."""
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
        for call in calls:
            texts = [given.value for given in call.args if isinstance(given, ast.Constant)]
            if isinstance(call.func, ast.Name) and call.func.id == "ngettext" and len(texts) > 1:
                found[texts[0]] = texts[1]
    for path in _templates():
        text = path.read_text()
        found.update(_FILTER.findall(text.replace('n|plural("ticket", "tickets").', "")))
        for _line, name, given in Environment(extensions=["jinja2.ext.i18n"]).extract_translations(text):
            if name == "ngettext":
                found[given[0]] = given[1]
    return found


def _templates():
    return sorted(path for path in (PACKAGE / "templates").rglob("*") if path.is_file())
