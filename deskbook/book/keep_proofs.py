"""How long things are kept: what can be proved of it."""

from deskbook.book.compile import Compiled
from deskbook.book.findings import Path
from deskbook.engine.amounts import Amount, CalendarPeriod, CalendarTime
from deskbook.engine.keeping import Keep

_DAYS_OF_A_MONTH = 30


def prove_keep(compiled: Compiled) -> None:
    """No line is there twice; nothing goes while its case may come back, or is kept longer than
    the case it is a part of.
    """
    lines, remarks = compiled.desk.keep, compiled.remarks
    within = compiled.desk.reopening.within
    for number, line in enumerate(lines):
        path: Path = ("keep", number)
        first = next(n for n, other in enumerate(lines) if _alike(other, line))
        if first < number:
            said = "a line above says for how long these are kept: delete one"
            remarks.error(path, said, "same-keep", also=(("keep", first),))
        if line.what == "cases" and within and _days(line.after) < _days(within):
            said = "a case may come back after it is erased: keep it as long as `reopening: within`"
            remarks.error((*path, "for"), said, "kept-too-short", also=(("reopening", "within"),))
        for n, whole in enumerate(lines):
            if _is_part(line, whole) and _days(line.after) >= _days(whole.after):
                said = "the whole case is erased by then, so this line does nothing"
                remarks.warn((*path, "for"), said, "kept-no-longer", also=(("keep", n, "for"),))


def _alike(one: Keep, other: Keep) -> bool:
    return (one.what, one.when) == (other.what, other.when)


def _is_part(line: Keep, whole: Keep) -> bool:
    return (
        whole.what == "cases"
        and line.what not in ("cases", "mails not taken in")
        and (whole.when == line.when)
    )


def _days(amount: Amount) -> float:
    """About how many days: enough to compare what is kept for months."""
    if isinstance(amount, CalendarPeriod):
        return amount.weeks * 7 + amount.months * _DAYS_OF_A_MONTH
    return amount.duration.days if isinstance(amount, CalendarTime) else 0
