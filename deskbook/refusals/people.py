"""What is refused about people: seats, contacts, who decides."""

SENTENCES = {
    "address of a desk": (
        "“{what}” is the address of a desk or of a team here: what is sent to it comes back. Give a"
        " person’s own."
    ),
    "desk: there already": (
        "A desk is called {key} in addresses already: give “{name}” another name."
    ),
    "named contacts: change": "Only the named contacts of an organisation change who is named.",
    "named contacts: sender": (
        "{sender} belongs to {organisation}, whose named contacts open cases: {named}. Make a "
        "ticket of it for one of them, or make the sender a named contact and retry."
    ),
    "one person: itself": "This is one contact already: choose another.",
    "one person: merged": "{who} was merged into {into} already: merge that one.",
    "one person: of the desk": (
        "{who} ({what}) works at this desk: they stay a contact of their own."
    ),
    "one person: outside": (
        "{who} has the address {what}, which is in none of the domains of {organisation}: merged,"
        " they would read the cases of its people. Ask a lead to merge them."
    ),
    "one person: taken apart": "{one} and {other} were taken apart by a person: they stay two.",
    "one person: two desks": (
        "The two contacts belong to two desks: what one desk knows stays there."
    ),
    "one person: two organisations": (
        "{one} and {other} are of two organisations: only a person merges them."
    ),
    "one person: without a name": (
        "Who gave no name stays a person of their own: by their secret somebody would read, and"
        " write on, all cases of the other."
    ),
    "one person: which": (
        "This came while {one} and {other} were taken for one person, by a way that does not say"
        " which of the two it was. Read it; where it is the other’s, make the case theirs."
    ),
    "other desk: person": "This person is known to another desk.",
    "replacement: elsewhere": "{who} belongs to another organisation.",
    "replacement: named": "{who} is a named contact already.",
    "replacement: no organisation": (
        "This ticket belongs to no organisation: there are no seats to change."
    ),
    "replacement: no seat": "{who} holds no seat of this organisation: choose who does.",
    "replacement: same person": "The one who leaves and the one who arrives are the same person.",
    "requester": "The case is theirs: make it somebody else's first, then take them out.",
    "seat: of the desk": (
        "{who} works at this desk: they cannot be a named contact of an organisation."
    ),
    "seats": (
        "{organisation} has its {most} named contacts on plan {plan}{line}: {holders}. One of them "
        "gives the seat, or the plan changes."
    ),
    "phone: number": "“{text}” is no phone number: write it like {example}.",
    "way": "Choose how they are reached, and give the address or number.",
    "way of the desk": (
        "“{what}” is of somebody who works at this desk: it cannot belong to a person the desk"
        " helps."
    ),
    "way outside": (
        "“{what}” is in none of the domains of {organisation}: who has it would read the cases of"
        " its people. Ask a lead to add it."
    ),
}
