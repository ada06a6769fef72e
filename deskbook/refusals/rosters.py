"""What is refused about shifts, swaps and leave, in words."""

SENTENCES = {
    "leave: answered": "Somebody answered this request a moment ago.",
    "leave: asked already": "You asked for leave in this time already.",
    "leave: end": "Leave ends after it begins: give a later end.",
    "leave: long": "Leave lasts at most a year; a lead switches the account off instead.",
    "leave: over": "This time is over already.",
    "shift: end": "A shift ends after it begins: give a later end.",
    "shift: gone by then": "{name} does not work at this desk any more by then.",
    "shift: long": "A shift lasts at most 24 hours: make two of it.",
    "shift: on another": "{name} is on shift then already: {other}. Change that one instead.",
    "shift: on leave": "{name} is on leave then ({when}).",
    "shift: other team": "{name} does not belong to {team}.",
    "shift: unknown team": "The book has no team “{team}”.",
    "swap: answered": "This offer was answered already.",
    "swap: answered, or not yours": "This offer was answered already, or is not yours.",
    "swap: begun": "This shift has begun already.",
    "swap: gap": "This leaves a gap: {team} would have {on} of {needed} on, {when}.",
    "swap: nobody works it": "Nobody works this shift: a lead can fill it.",
    "swap: not asked": "Only {name} can answer this offer.",
    "swap: not theirs": "The shift you want is not {name}’s any more: look at the roster again.",
    "swap: not yours": "Only your own shifts can be offered.",
    "swap: roster changed": (
        "The roster changed since this was offered: it has to be offered again."
    ),
    "swap: yourself": "Offer it to somebody else.",
    "what if: load": "The last weeks cannot be lived again by this book: {why}",
    "what if: nothing came": (
        "No case came in the last four whole weeks: there is nothing to live again."
    ),
}
