"""A refusal in the language of who reads it: the catalogue says it in English and knows no
language.
"""

from datetime import date, datetime

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext

from deskbook.people import moments
from deskbook.refusals import refusal
from deskbook.refusals.catalogue import Reader
from deskbook.refusals.kept import read
from deskbook.refusals.refusal import Refusal, Refused, Voice


def in_words(refused: Refused | Refusal | str, reader: Reader = "agent") -> str:
    """Returns what `reader` is told, in the language in force; English where nobody has translated
    it.

    A text is one that was kept: a refusal in its written form, or a sentence of before, which is
    returned as it is.
    """
    if isinstance(refused, str):
        kept = read(refused)
        return refusal.in_words(kept, VOICE, reader) if kept else refused
    why = refused.refusal if isinstance(refused, Refused) else refused
    return refusal.in_words(why, VOICE, reader)


def _day(day: date) -> str:
    return formatted(day, "D j M Y")


def _moment(at: datetime) -> str:
    with timezone.override(at.tzinfo):
        return moments.written(at)


VOICE = Voice(gettext, _day, _moment)
