"""Every regular expression of the package, and strings made from its own shape to make it slow."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from re import _constants as ops
from re import _parser
from typing import Any

from tests.source import PACKAGE, nodes, text

SOURCES = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    # Made days and steps of the database read nothing that anybody sent.
    if not {"migrations", "scenario", "lives", "demo"} & set(path.parts)
    and path.name != "__main__.py"
]
_REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT)
_ANCHORED = ("match", "fullmatch")
_METHODS = ("match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer")
_RUNS = " \n\"';,:.-_=<[(@/\\&*0a"


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern, and whether it looks only where the text begins."""

    pattern: re.Pattern[Any]
    anchored: bool


@cache
def all_patterns() -> dict[str, Found]:
    """Place in the source → pattern, for each that is compiled in a module or written at the place
    of its use.
    """
    found: dict[str, Found] = {}
    for path in SOURCES:
        found |= _in_module(path)
    once: dict[int, str] = {}
    return {
        place: each
        for place, each in found.items()
        if once.setdefault(id(each.pattern), place) == place
    }


def _in_module(path: Path) -> dict[str, Found]:
    name = path.relative_to(PACKAGE.parent).with_suffix("").as_posix()
    calls = [node for node in nodes(path) if isinstance(node, ast.Call) and _is_re(node.func)]
    if not calls:
        return {}
    known = vars(import_module(name.replace("/", ".").removesuffix(".__init__")))
    found = {
        f"{name}: {key} {number}".removesuffix(" 0"): Found(each, _is_anchored(name, key))
        for key, value in known.items()
        for number, each in enumerate(_compiled(value))
    }
    within = _inside_functions(path)
    for call in (call for call in calls if call.args and call in within):
        pattern = _evaluated(call, known)
        if pattern is not None:
            found[f"{name}:{call.lineno}"] = Found(pattern, call.func.attr in _ANCHORED)  # type: ignore[attr-defined]
    return found


@cache
def _is_anchored(module: str, name: str) -> bool:
    """Whether that pattern of a module is nowhere searched for, in it or where it is imported."""
    texts = [text(PACKAGE.parent / f"{module}.py")]
    texts += [one for one in map(text, SOURCES) if f"from {module.replace('/', '.')} import" in one]
    used = {use for one in texts for use in re.findall(rf"\b{name}\.({'|'.join(_METHODS)})\(", one)}
    each = re.compile(rf"(\w+)\.(\w+)\([^()]*\) for \1 in {name}\b")
    used |= {use[2] for one in texts for use in each.finditer(one)}
    return bool(used) and used <= set(_ANCHORED)


def _is_re(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
        and function.attr in ("compile", *_METHODS)
    )


def _compiled(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for each in (*value.keys(), *value.values()):
            yield from _compiled(each)
    elif isinstance(value, (tuple, list, set, frozenset)):
        for each in value:
            yield from _compiled(each)


def _inside_functions(path: Path) -> set[ast.AST]:
    functions = (node for node in nodes(path) if isinstance(node, (ast.FunctionDef, ast.Lambda)))
    return {part for function in functions for part in ast.walk(function)}


class _Word(str):
    """Stands for what only a function knows, and for anything of it."""

    def __getattr__(self, name: str) -> str:
        return _Word("word")


def _evaluated(call: ast.Call, known: dict[str, Any]) -> re.Pattern[Any] | None:
    """The pattern a call is given; a name that only its function knows stands for a word."""
    expression, names = (
        call.args[0],
        {node.id for node in ast.walk(call.args[0]) if isinstance(node, ast.Name)},
    )
    if isinstance(expression, ast.Name) and expression.id not in known:
        return None
    for word in (_Word("word"), b"word"):
        try:
            value = eval(
                compile(ast.Expression(expression), "", "eval"),
                {**dict.fromkeys(names, word), **known},
            )
            break
        except TypeError:  # text where it wants bytes
            continue
    flags = next((ast.unparse(each.value) for each in call.keywords if each.arg == "flags"), "0")
    return value if isinstance(value, re.Pattern) else re.compile(value, eval(flags, known))


def hostile(pattern: re.Pattern[Any]) -> Iterator[tuple[Any, ...]]:
    """(beginning, what is repeated, end) of strings that may make the pattern slow; text or bytes
    as it reads.
    """
    tree = _parser.parse(
        pattern.pattern, pattern.flags & ~(re.UNICODE if isinstance(pattern.pattern, bytes) else 0)
    )
    signs = "".join(sorted(sign for sign in set(_literals(tree)) if not sign.isalnum()))
    pumps = {(before, body) for before, body in _pumps(tree, "", signs) if body}
    whole = _example(tree)
    pumps |= {
        ("", whole),
        *(("", before + body) for before, body in pumps),
        *(("", run) for run in _RUNS),
    }
    for before, body in sorted(pump for pump in pumps if pump[1]):
        for end in ("\x00!", "\n@"):
            made = (before, body, end)
            yield (
                tuple(each.encode("latin-1", "replace") for each in made)
                if isinstance(pattern.pattern, bytes)
                else made
            )


def _literals(tree: Any) -> Iterator[str]:
    """The signs that stand in the pattern by themselves."""
    for op, value in tree:
        if op is ops.LITERAL:
            yield chr(value)
        for part in _parts(op, value):
            yield from _literals(part)


def _pumps(tree: Any, before: str, signs: str) -> Iterator[tuple[str, str]]:
    """What stands before each repetition and what it repeats, for every repetition in the
    pattern.
    """
    for op, value in tree:
        if op in _REPEATS:
            yield from ((before, body) for body in _examples(value[2], signs))
        for part in _parts(op, value):
            yield from _pumps(part, before, signs)
        before += _example([(op, value)])


def _parts(op: Any, value: Any) -> list[Any]:
    if op is ops.BRANCH:
        return list(value[1])
    if op is ops.ATOMIC_GROUP:
        return [value]
    place = {**dict.fromkeys(_REPEATS, 2), ops.SUBPATTERN: 3, ops.ASSERT: 1, ops.ASSERT_NOT: 1}.get(
        op
    )
    return [] if place is None else [value[place]]


def _examples(tree: Any, signs: str) -> set[str]:
    """Some strings the part matches: one, one of each branch, one of each kind of character where
    it is one, and each of the signs that the pattern itself waits for elsewhere.
    """
    found = {_example(tree)}
    items = list(tree)
    if len(items) == 1 and items[0][0] is ops.BRANCH:
        found |= {_example(branch) for branch in items[0][1][1]}
    if len(items) == 1 and items[0][0] is ops.IN:
        found |= {char for char in f" \t;-.\"'a0_{signs}" if _in_class(items[0][1], char)}
    if len(items) == 1 and items[0][0] in (ops.NOT_LITERAL, ops.ANY):
        found |= {*' a"', *signs} - {chr(items[0][1] or 0)}
    return found


def _example(tree: Any) -> str:
    return "".join(_one(op, value) for op, value in tree)


def _one(op: Any, value: Any) -> str:
    if op is ops.LITERAL:
        return chr(value)
    if op is ops.NOT_LITERAL:
        return "a" if value != ord("a") else "b"
    if op is ops.ANY:
        return "a"
    if op is ops.IN:
        return next((char for char in "a0 -.@;:\"'<>=/\n" if _in_class(value, char)), _first(value))
    if op in _REPEATS:
        return _example(value[2]) * min(value[0], 20)
    if op is ops.SUBPATTERN:
        return _example(value[3])
    if op is ops.ATOMIC_GROUP:
        return _example(value)
    return _example(value[1][0]) if op is ops.BRANCH else ""


def _in_class(items: Any, char: str) -> bool:
    negated, inside = False, False
    for op, value in items:
        if op is ops.NEGATE:
            negated = True
        elif op is ops.LITERAL:
            inside = inside or ord(char) == value
        elif op is ops.RANGE:
            inside = inside or value[0] <= ord(char) <= value[1]
        elif op is ops.CATEGORY:
            kind = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}[str(value).rsplit("_", 1)[1]]
            inside = inside or (bool(re.match(kind, char)) != ("NOT" in str(value)))
    return inside != negated


def _first(items: Any) -> str:
    op, value = items[0]
    return chr(value) if op is ops.LITERAL else chr(value[0]) if op is ops.RANGE else "\u0100"
