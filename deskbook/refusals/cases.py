"""What a case does not allow, in words: assigning, stages, promises, merging, papers, work and
hops.
"""

SENTENCES = {
    "aside: stays": (
        "The desk wrote to {who} beside this case, and what they wrote since may quote it: that"
        " stays there. Answer the requester with what they may read of it."
    ),
    "aside: reads it": "{who} reads this case: answer there, or add a note for the desk.",
    "carry over": "The new book has no stage “{stage}”: move the ticket first.",
    "carry over: closed": (
        "It was in stage “{stage}”, which the new book has not: it ends by its own book."
    ),
    "carry over: ticket": "{ticket}: {why}",
    "channel": "{contact} is reached by {channels:or}.",
    "channel of severity": "{word} {severity} is taken by {channels:or} only.",
    "choice": "In stage “{stage}” the requester decides no such thing. The book offers: {choices}.",
    "choice: gone on": "This case has gone on since: look at how it stands, and decide there.",
    "choice: why": "“{choice}” asks why: say it in a few words.",
    "closed": "This ticket is {stage}. Reopen it first.",
    "closed for good": "The book lets a closed ticket come back for a while only: open a new one.",
    "delivery": "Nothing was delivered that waits to be confirmed.",
    "delivery: no version": "Name the version that was delivered.",
    "estimate": "This estimate was already signed or declined.",
    "estimate: no time": "An estimate needs a time of more than nothing.",
    "estimate: waiting": (
        "An estimate is waiting for the customer already: wait, or let them decline it."
    ),
    "finding state": "A finding is open, doing, done or declined.",
    "hop": "The book knows no way from {leaves} to {arrives}. It allows: {ways}.",
    "hop channel": (
        "From {leaves} to {arrives} a case goes by {channels:or}{line}, not by {channel}."
    ),
    "hop channel: none": (
        "From {leaves} to {arrives} a case goes by {channels:or}{line}, so say which was used."
    ),
    "hop: none": (
        "The book knows no way from {leaves} to {arrives}. It names no hop from there at all."
    ),
    "link: itself": "A ticket cannot be linked to itself.",
    "merge: closed for good": (
        "The book lets that ticket come back no more, and {other} is not done: merge that one into"
        " {other} instead."
    ),
    "merge: delivered": (
        "The customer is asked whether version {version} works: wait until they confirm it, or"
        " merge the other ticket into this one."
    ),
    "merge: estimate": (
        "An estimate is waiting for the customer: wait, or let them decline it first."
    ),
    "merge: holds others": (
        "Other tickets were merged into this one ({held}). Merge the other ticket into this one"
        " instead; or take back the merge on each of them, and merge each by itself."
    ),
    "merge: itself": "A ticket cannot be merged into itself.",
    "merge: not merged": "This ticket is not merged into another.",
    "merge: promised": (
        "Something is promised here by {by}: keep it, or withdraw it and promise it on the other"
        " ticket."
    ),
    "merge: two chats": (
        "Two people are at a chat about this ticket and about {other}: each would read what the"
        " other writes. End one of the chats first."
    ),
    "merged": "This ticket was merged into {into}: act there, or take the merge back.",
    "merged: write": "This ticket was merged into {into}: write there.",
    "named contacts: close": "Only the named contacts of your organisation close its cases.",
    "named contacts: decide": "Only the named contacts of your organisation decide this.",
    "no closed stage": "The book has no stage with “closed: yes”.",
    "no closed stage: redirected": "The book has no stage where a redirected case ends.",
    "no rule": "No routing rule of the book matches this case: hand it to a team by hand.",
    "no such agent": "This person does not work at this desk.",
    "no title: finding": "Say in a few words what could be better.",
    "no waiting stage": "The book names no stage “set by: asking”: add one, or answer instead.",
    "not sorted": "State first: {missing}. The book's rules ask about it.",
    "off duty": "You are not on shift for this team now: the step is ticked by who is.",
    "other desk": "The two tickets belong to different desks.",
    "outside contact": "The book has no outside contact “{contact}”: it has {known}.",
    "paper": "This request needs no “{paper}”.",
    "paper: all there": "Every paper this request needs has come: there is nothing to ask for.",
    "paper: not come": "This paper has not come.",
    "paper: other ticket": "This file belongs to another ticket.",
    "past: promise": "A promise needs a time ahead: this one has passed.",
    "past: update": "The next update needs a time ahead: this one has passed.",
    "plan channel": "The plan {plan} has {channels:and}, and not {channel}{line}.",
    "plan quota": (
        "Cases in the plan {plan}: {most} {period}; none is left{line}. It has more from {again}."
    ),
    "plan quota: sort": (
        "Cases of {sort} in the plan {plan}: {most} {period}; none is left{line}. It has more from"
        " {again}."
    ),
    "plan time": (
        "Hours of work in the plan {plan}: {most} {period}; none is left{line}. It has more from"
        " {again}."
    ),
    "person quota": (
        "At most {most} such cases {period} are taken of one person{line}; the next from {again}."
    ),
    "person quota: sort": (
        "At most {most} cases of {sort} {period} are taken of one person{line}; the next from"
        " {again}."
    ),
    "person quota: open": (
        "At most {most} such cases of one person are open at a time{line}: the next is taken when"
        " one of them is closed."
    ),
    "plan quota: open": (
        "At most {most} such cases in the plan {plan} are open at a time{line}: the next is taken"
        " when one of them is closed."
    ),
    "reminder early": (
        "It is too early to remind the desk of this case{line}: from {again} it may be done."
    ),
    "reminders": (
        "At most {most} reminders {period} are taken on one case{line}; the next from {again}."
    ),
    "promise": "This promise was already kept or withdrawn.",
    "promise: call-back": "This call-back was already done or withdrawn.",
    "rating too late": "A case is rated within 30 days of its closing, by who takes part.",
    "rating too long": "At most {most} characters fit: shorten it.",
    "rating value": "Choose one of the three answers.",
    "reason: paper": "Say what is wrong with it: the sender will read it.",
    "reason: severity": "Say why the {word} becomes {severity}: the requester will read it.",
    "reference": "Give a reference: who took it at {contact}, or under which number.",
    "same team": "{team} already has this ticket.",
    "stage moves": "From “{stage}” the book does not allow “{wanted}”. It allows: {ways}.",
    "stage needs": "To move to “{stage}” state {missing:and}.",
    "stage refuses": "In stage “{stage}” the book refuses {act}.",
    "step": "The book has no step “{step}” for this case.",
    "steps open": "Before “{stage}” do and tick: {steps}. The book makes them mandatory.",
    "promised still": (
        "Something is promised here by {by}, and they wait for it: keep it first, or withdraw it."
    ),
    "signing: why declined": "To sign, leave empty why you decline.",
    "taken": "Somebody else took this ticket a moment ago. Assign it to yourself to take it over.",
    "past: sending": "That time has passed. Choose a later one, or send it now.",
    "past: snooze": "That time has passed. Choose a later one.",
    "snooze: due": (
        "A clock of this case runs out on {due}{line}: snooze it for less long, or answer first."
    ),
    "time logged": "State how much time; no more can be taken away than was logged.",
    "undo: not this": "This cannot be undone. Do the opposite by hand, where the case allows it.",
    "undo: too late": (
        "The {seconds} seconds to undo it are over, and it was told. "
        "Do the opposite by hand, where the case allows it."
    ),
    "undo: went on": (
        "Something else has happened on this case since. Read it, then do the opposite by hand."
    ),
    "erased already": "What was written of it is erased: there is nothing left to hold.",
    "no tag": (
        "“{tag}” is no tag: a tag is of letters and digits, at most {longest} of them, and no"
        " address."
    ),
    "too many tags": "A case has at most {most} tags: take one off first.",
    "too many saved searches": "You keep {most} searches: give one up first.",
    "ready answer: name": "“{name}” is there already: change that one, or give another name.",
    "ready answer: too many": "{most} are kept: drop one first.",
    "ready answer: variable": "Nothing fills in {name}. What is filled in: {known}.",
    "too long: finding": "A title has at most 200 characters and a theme 100: shorten it.",
    "across organisations": (
        "{ticket} is of {requester} ({organisation}) and {other} of {other_requester} "
        "({other_organisation}): from now on both read what is written there. Merge them?"
    ),
    "unknown team": "The book has no team “{team}”: it has {known}.",
    "unknown value": "The book has no {word} “{value}”: it has {known}.",
    "update as agreed": "For this case the book sets the pace of updates; it is not “as agreed”.",
    "update as agreed: answer first": "Answer first: the next update is counted from an answer.",
    "work order": "Work is booked on a work order, and the customer has not signed this estimate.",
    "work order: nothing booked": "State the time, the cost, or both.",
    "without a name": (
        "The book takes no such case without a name: ask who it is for, or sort it as what it is."
    ),
}
