"""What letters of the desk say by its book."""

from django.utils.translation import gettext as _

from deskbook.engine.letter_parts import LetterLine
from deskbook.web.policy.parts import Entry, Section, entries, lines
from deskbook.web.policy.reader import Reader


def _kinds() -> dict[str, str]:
    return {
        "acknowledgement": _("Acknowledgements"),
        "answer": _("Answers"),
        "reminder": _("Reminders"),
        "closing": _("That a case is closed"),
        "severity": _("How grave a case is"),
        "notice": _("What is promised"),
        "call back": _("That we call back"),
        "paper": _("That a paper is sent back"),
        "redirect": _("That a case is for others"),
        "freeze": _("That a case is held"),
        "estimate": _("Estimates"),
        "delivery": _("Deliveries"),
    }


def _facts() -> dict[str, str]:
    return {
        "number": _("the number of the case"),
        "subject": _("what it is about"),
        "received": _("when it was received"),
        "answer by": _("by when it is answered"),
        "solved by": _("by when it is settled"),
        "officer": _("who deals with it"),
        "team": _("the team that has it"),
        "stage": _("where it stands"),
        "reason": _("the reason"),
        "missing papers": _("which papers are still needed"),
        "link": _("where to follow it"),
    }


def letters(reader: Reader) -> Section:
    """Returns what letters say beside their own words; a book without `letters` has no such
    section.
    """
    found = entries(_entry(reader, line) for line in reader.desk.letters)
    return Section("letters", _("What our letters say"), found)


def _entry(reader: Reader, line: LetterLine) -> Entry:
    kinds, facts, stages = _kinds(), _facts(), reader.desk.stages
    there = tuple(one.title for key, one in stages.items() if key in line.stages)
    cases = (*(reader.conditions(line.when) if line.when or not there else ()), *there)
    said = ", ".join(facts[fact] for fact in line.says)
    texts = (f"“{reader.said(line.text)}”",) if line.text else ()
    title = ", ".join(word for kind, word in kinds.items() if kind in line.letters)
    told = (_("It says: {what}").format(what=said),) if said else ()
    return Entry(title, lines("; ".join(cases), *told, *texts))
