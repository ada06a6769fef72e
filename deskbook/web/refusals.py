"""A refusal in the language of who reads it: the engine and the verbs say it in English and know no language."""

import re
from functools import lru_cache

from django.utils.translation import gettext, gettext_noop

#: The sentences that name something: {0}, {1} … stand for what they name. The others are looked up as they are;
#: the last three are chosen by their state.
PATTERNS = (
    gettext_noop("The book has no team “{0}”: it has {1}."),
    gettext_noop("{0} already has this ticket."),
    gettext_noop("{0} is of {1} ({2}) and {3} of {4} ({5}): from now on both read what is written there. Merge them?"),
    gettext_noop("State first: {0}. The book's rules ask about it."),
    gettext_noop("The book has no {0} “{1}”: it has {2}."),
    gettext_noop("{0} has its {1} named contacts on plan {2}: {3}. One of them gives the seat, or the plan changes."),
    gettext_noop("This ticket was merged into {0}: write there."),
    gettext_noop("{0} {1} is taken by {2} only."),
    gettext_noop("The book has no step “{0}” for this case."),
    gettext_noop("This request needs no “{0}”."),
    gettext_noop("The book has no outside contact “{0}”: it has {1}."),
    gettext_noop("{0} is reached by {1}."),
    gettext_noop("Give a reference: who took it at {0}, or under which number."),
    gettext_noop("Other tickets were merged into this one ({0}): merge those first, or take them out."),
    gettext_noop("The new book has no stage “{0}”: move the ticket first."),
    gettext_noop("It was in stage “{0}”, which the new book has not: it ends by its own book."),
    gettext_noop("Say why the {0} becomes {1}: the requester will read it."),
    gettext_noop("The book sends nobody out for a case like this{0}: sort it first."),
    gettext_noop("Visits of this kind are for {0}: ask them."),
    gettext_noop("{0} refused this visit. Decide again before it is dated."),
    gettext_noop("This visit is {0} already."),
    gettext_noop("No working day: {0}. Choose another day, or say that it shall be so."),
    gettext_noop("{0} were expected and {1} attended? Correct it, or say that it is so."),
    gettext_noop("Say how many people will be there: from 1 to {0}."),
    gettext_noop("{0} decides about visits{1}: ask them."),
    gettext_noop("This visit begins on {0}: move it, or wait for it."),
    gettext_noop("{0} has not decided about this visit yet: it is dated after that."),
    gettext_noop("A visit lasts {0} days at most: make several of it."),
    gettext_noop("{0} carries this out: choose among its people."),
    gettext_noop("Say how many attended: from 0 to {0}."),
    gettext_noop("A visit is dated for {0}: carry it out or call it off first."),
    gettext_noop("From “{0}” the book does not allow “{1}”. It allows: {2}."),
    gettext_noop("To move to “{0}” state {1}."),
    gettext_noop("Before “{0}” do and tick: {1}. The book makes them mandatory."),
    gettext_noop("This ticket was merged into {0}: act there, or take the merge back."),
    gettext_noop("This ticket is {0}. Reopen it first."),
    gettext_noop("In stage “{0}” the book refuses to {1}."),
    gettext_noop("From {0} a case goes by {1} (line {2} of the book), {3}."),
    gettext_noop("The book knows no way from {0}. {1}"),
    gettext_noop("At most {0} characters fit: shorten it."),
    gettext_noop("“{0}” is no PNG, JPEG, GIF or WebP picture: save it as one of them."),
    gettext_noop("“{0}” is larger than 1 MB: make it smaller, phones load it."),
    gettext_noop("An article has at most {0} pictures."),
    gettext_noop("The address “{0}” belongs to another article. Choose another."),
    gettext_noop("{0} was first and {1}: this version needs no review."),
    gettext_noop("A title has at most {0} characters: shorten it."),
    gettext_noop("At most {0} characters of keywords fit."),
    gettext_noop("The book has no {0} “{1}”."),
    gettext_noop("{0} holds no seat of this organisation: choose who does."),
    gettext_noop("{0} belongs to another organisation."),
    gettext_noop("{0} is a named contact already."),
    gettext_noop("The article has {0} characters; at most {1} fit. Make two articles of it."),
    gettext_noop("This visit has not been carried out yet: say that first."),
    gettext_noop("This visit was called off: there is nothing to report."),
    gettext_noop("This visit was reported already: add a note if something is missing."),
)


def in_words(sentence: str) -> str:
    """Returns the sentence of a refusal in the language in force; English where nobody has translated it."""
    translated = gettext(sentence)
    return _filled(sentence) if translated == sentence else translated


def _filled(sentence: str) -> str:
    for shape, pattern in _shapes():
        if found := shape.fullmatch(sentence):
            return gettext(pattern).format(*found.groups())
    return sentence


@lru_cache(maxsize=1)
def _shapes() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The patterns as regular expressions, those that say most first: “no team {0}” before “no {0} {1}”."""
    longest_first = sorted(PATTERNS, key=lambda pattern: -len(re.sub(r"\{\d\}", "", pattern)))
    return tuple((re.compile(_shape(pattern), re.DOTALL), pattern) for pattern in longest_first)


def _shape(pattern: str) -> str:
    return "(.*?)".join(re.escape(part) for part in re.split(r"\{\d\}", pattern))
