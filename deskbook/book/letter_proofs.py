"""What letters must say: what can be proved of it."""

from collections.abc import Iterator

from deskbook.book.boxes import Box, TooManyBoxes, meets, without
from deskbook.book.case_boxes import cases_of, spoken
from deskbook.book.compile import Compiled
from deskbook.book.findings import Path
from deskbook.book.slips import as_written
from deskbook.book.target_proofs import counts_somewhere
from deskbook.engine.channels import Template
from deskbook.engine.desk import Desk, Target
from deskbook.engine.letter_parts import CLOCK_OF, VARIABLE_OF, Fact, LetterLine

_KNOWN_AT_ONCE = ("opened", "acknowledged", "acknowledged or answered", "arrival")
_ALWAYS_KNOWN = ("ticket", "subject", "link")


def prove_letters(compiled: Compiled) -> None:
    """Whatever a letter must say is known by then, and stands in each wording registered for it."""
    for number, line in enumerate(compiled.desk.letters):
        for said, code in (*_not_dated(compiled, line), *_not_known(compiled.desk, line)):
            compiled.remarks.warn(("letters", number, "says"), said, code)
    for number, template in enumerate(compiled.desk.templates):
        path: Path = ("templates", number, "text")
        lines = enumerate(compiled.desk.letters)
        also = tuple(("letters", n) for n, line in lines if template.purpose in line.letters)
        for said in _lacking(compiled.desk, template):
            compiled.remarks.error(path, said, "letter-wording", also=also)
        for said in _unknown(compiled.desk, template):
            compiled.remarks.warn(path, said, "template-variable")


def _not_dated(compiled: Compiled, line: LetterLine) -> Iterator[tuple[str, str]]:
    for fact in line.says:
        left = _undated(compiled.desk, line, fact) if fact in CLOCK_OF else None
        if left is not None:
            case = spoken(compiled.desk, left, as_written(compiled.book))
            which = f"a case with {case}" if case else "a case"
            yield f"{which} has no `{fact}` then: the letter leaves it out", "letter-undated"


def _not_known(desk: Desk, line: LetterLine) -> Iterator[tuple[str, str]]:
    if _nobody_has_it(desk, line):
        said = (
            "nobody has a case yet when it is acknowledged, so the letter names its team: give"
            " cases out by `rosters: assign`, or write `team` too"
        )
        yield said, "letter-officer"
    if "reason" in line.says and not _reasons_are_stated(desk, line):
        said = "no stage in which these letters leave `needs` anything: there is no reason to say"
        yield said, "letter-reason"


def _undated(desk: Desk, line: LetterLine, fact: str) -> Box | None:
    """Returns some cases whose letter has no date to name; None where all have one."""
    of_clock = [
        target
        for target in desk.targets
        if target.clock == CLOCK_OF[fact] and "team" not in target.when
    ]
    domain = {**cases_of(desk, (line.when, *(one.when for one in of_clock))), **line.when}
    left = [domain]
    try:
        for target in of_clock:
            left = without(left, target.when)
    except TooManyBoxes:
        return None
    if left:
        return left[0]
    none = (t for t in of_clock if not _is_dated(t, line) and counts_somewhere(desk, t))
    return next(({**domain, **t.when} for t in none if meets(t.when, line.when)), None)


def _is_dated(target: Target, line: LetterLine) -> bool:
    begun = "acknowledgement" not in line.letters or target.starts in _KNOWN_AT_ONCE
    return target.limit is not None and begun


def _nobody_has_it(desk: Desk, line: LetterLine) -> bool:
    assigned = any(staffing.assign for staffing in desk.staffing)
    named = "officer" in line.says and "team" not in line.says
    return "acknowledgement" in line.letters and named and not assigned


def _reasons_are_stated(desk: Desk, line: LetterLine) -> bool:
    return any(stage.needs for key, stage in desk.stages.items() if key in (line.stages or {key}))


def _lacking(desk: Desk, template: Template) -> Iterator[str]:
    """Yields what must be in a wording and is not. WhatsApp has room for the whole text of the
    desk's own letters; a text message cuts each thing that is filled in.
    """
    whole = template.channel == "whatsapp" and "text" in template.variables
    if whole:
        return
    for line in desk.letters:
        if template.purpose not in line.letters:
            continue
        for fact in line.says:
            if VARIABLE_OF[fact] not in template.variables:
                yield (
                    f"{template.purpose} by {template.channel} in {template.language} does not say"
                    f" `{fact}`, as line {line.line} has it: add {{{VARIABLE_OF[fact]}}}"
                )
        if line.text and not _has(desk, template, line.text):
            yield (
                f"{template.purpose} by {template.channel} in {template.language} does not have the"
                f" text of line {line.line}: write it there word for word"
            )


def _has(desk: Desk, template: Template, text: str) -> bool:
    said = desk.in_language(template.language).said(text)
    return " ".join(said.split()) in " ".join(template.text.split())


def _unknown(desk: Desk, template: Template) -> Iterator[str]:
    """Yields variables of facts that no line has such a letter say: they are not filled in."""
    lines = [line for line in desk.letters if template.purpose in line.letters]
    stated = {VARIABLE_OF[fact] for line in lines for fact in line.says}
    facts: dict[str, Fact] = {name: fact for fact, name in VARIABLE_OF.items()}
    for name in template.variables:
        if name in facts and name not in stated and name not in _ALWAYS_KNOWN:
            yield (
                f"{{{name}}} is filled in where a letter says it: add a line `for:"
                f" {template.purpose}` that says `{facts[name]}` under `letters`"
            )
