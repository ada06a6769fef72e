"""What is refused about visits to a place, in words."""

SENTENCES = {
    "attendance": (
        "{expected} were expected and {attended} attended? Correct it, or say that it is so."
    ),
    "attendance: number": "Say how many attended: from 0 to {most}.",
    "closed day": "No working day: {days}. Choose another day, or say that it shall be so.",
    "dated": "A visit is dated already: call it off first.",
    "decided": "This visit was decided about already: write what has changed as a message.",
    "deciding team": "{team} decides about visits{line}: ask them.",
    "named contacts: reader": "You can read this case; its requester and named contacts decide.",
    "no visits": "The book sends nobody out for a case like this{line}: sort it first.",
    "not begun": "This visit begins on {begins}: move it, or wait for it.",
    "not decided": "{team} has not decided about this visit yet: it is dated after that.",
    "not free": "{who}",
    "past: date": "This date is over: write to the desk instead.",
    "past: days wanted": "The days that suit are over: choose later ones.",
    "past: visit": "This time has passed: choose a later one.",
    "place": "Say where: the office and its address.",
    "reason: called off": (
        "Say why it is called off: the requester and those who were to go will read it."
    ),
    "reason: visit date": "Say why it does not suit, and which days would.",
    "reason: visit refused": "Say why nobody comes: the requester will read it.",
    "refused": "{team} refused this visit. Decide again before it is dated.",
    "report: called off": "This visit was called off: there is nothing to report.",
    "report: dated": "This visit has not been carried out yet: say that first.",
    "report: reported": "This visit was reported already: add a note if something is missing.",
    "visit": "This visit is {state} already.",
    "visit dated": "A visit is dated for {begins}: carry it out or call it off first.",
    "visit people": "Say how many people will be there: from 1 to {most}.",
    "visit people: nobody": "Choose who goes.",
    "visit people: other team": "{team} carries this out: choose among its people.",
    "visit report": "A visit was carried out and not reported: report how many attended first.",
    "visit team": "Visits of this kind are for {teams:and}: ask them.",
    "visit time: days wanted": "The last day that suits is before the first: change one of them.",
    "visit time: end": "A visit ends after it begins: give a later end.",
    "visit time: long": "A visit lasts {days} days at most: make several of it.",
    "visit: unknown": "This case has no such visit.",
}
