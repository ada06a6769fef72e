"""The catalogue: each code of a refusal with its sentence, and what other readers than agents are told instead."""

from typing import Literal

from deskbook.refusals import (
    articles,
    cases,
    conversations,
    elsewhere,
    lists,
    mail,
    people,
    requesters,
    rosters,
    texts,
    tokens,
    visits,
)

Reader = Literal["agent", "requester"]

SENTENCES: dict[str, str] = {
    **cases.SENTENCES,
    **people.SENTENCES,
    **visits.SENTENCES,
    **conversations.SENTENCES,
    **tokens.SENTENCES,
    **articles.SENTENCES,
    **rosters.SENTENCES,
    **lists.SENTENCES,
    **mail.SENTENCES,
    **texts.SENTENCES,
    **elsewhere.SENTENCES,
    "joined": "{texts:then}",
}
"""Code → sentence for an agent, in English; `{…}` are the facts."""
WORDS = (
    "or", "and", "none", "none so far", "nobody", "nowhere by hand", "plan", "line {line}",
    " (line {lines} of the book)", " (lines {lines} of the book)", "at a time that is not known yet", "The token",
    "dated", "called off", "carried out", "reported", "weekend", "night", "break",
    "closed on Mondays", "closed on Tuesdays", "closed on Wednesdays", "closed on Thursdays", "closed on Fridays",
    "to agree the next update", "to answer", "to answer a date", "to ask", "to ask for a visit", "to assign",
    "to call off a visit", "to carry out a visit", "to change the requester", "to claim", "to close",
    "to date a visit", "to decide about a visit", "to deliver", "to estimate", "to follow", "to hand over",
    "to link", "to merge", "to move", "to note", "to promise", "to redirect", "to replace a contact",
    "to report on a visit", "to sort", "to take in a paper", "to tick a step", "to verify", *lists.WORDS,
    *elsewhere.WORDS,
    "acknowledgements", "mails", "read receipt", "abuse report",
)  # fmt: skip
"""Words of ours that stand in the sentences as facts, or join them."""
READERS: dict[Reader, dict[str, str]] = {"requester": requesters.SENTENCES}
"""Reader → code or rule → sentence; what is not here is told as agents are told."""
