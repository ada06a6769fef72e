"""What requesters and readers of articles are told instead, by code or by rule: they know no stage
and no seat.
"""

SENTENCES = {
    "captcha expired": "This page was open too long. Please send it again.",
    "captcha missing": (
        "The check that you are no program was not done. Please send it again, or sign in."
    ),
    "captcha used": (
        "This was sent already. If you meant to send something else, please send it again."
    ),
    "captcha wrong": "The check that you are no program failed. Please send it again.",
    "channel of severity": "For a case this grave, call us: it is not taken in writing.",
    "closed": "This case is closed already.",
    "closed for good": "This case is closed for good. If you need more help, open a new case.",
    "decided": ("This visit was decided about already. Write to us if something has changed."),
    "delivery": "There is no delivery to confirm.",
    "estimate": "This estimate was already signed or declined.",
    "many votes": "Many answers came from your address today. Please try again tomorrow.",
    "merged": "This case was joined with another of yours. Write there.",
    "named contacts": (
        "Only the named contacts of your organisation may do this. Ask one of them."
    ),
    "no closed stage": "This case cannot be closed here. Write to us instead.",
    "paper": "This paper is not asked for any more.",
    "past": "This time has passed. Choose a later one.",
    "past: days wanted": "The days that suit are over: choose later ones.",
    "person quota": (
        "We take at most {most} such cases {period} from one person. Open the next from {again};"
        " until then, write on those you have."
    ),
    "person quota: sort": (
        "We take at most {most} cases of {sort} {period} from one person. Open the next of them"
        " from {again}; until then, write on those you have."
    ),
    "person quota: open": (
        "You have as many such cases open as we take at a time: {most}. Write on one of them, or"
        " open the next when one is closed."
    ),
    "place": "Say where: the office and its address.",
    "plan channel": "Your plan does not include this way. Reach us by {channels:or}.",
    "plan quota": (
        "Cases in your plan: {most} {period}; none is left. The next is taken from {again}."
    ),
    "plan quota: sort": (
        "Cases of {sort} in your plan: {most} {period}; none is left. The next is taken from"
        " {again}."
    ),
    "plan quota: open": (
        "As many such cases as your plan has at a time are open: {most}. The next is taken when one"
        " of them is closed."
    ),
    "plan time": (
        "Hours of work in your plan: {most} {period}; none is left. The next case is taken from"
        " {again}."
    ),
    "rating too late": "The time to rate this case is over.",
    "rating too long": "At most {most} characters.",
    "reason": "Say why in a few words.",
    "reason: visit date": "Say why it does not suit, and which days would.",
    "reminder early": (
        "What you wrote before is with us, and we are at it. Remind us from {again}, if you have no"
        " answer by then."
    ),
    "reminders": (
        "Your reminders are with us: we take at most {most} {period}. Write again from {again}, if"
        " you have no answer by then."
    ),
    "replacement": (
        "These two cannot change places. Choose one who holds a seat and one who does not."
    ),
    "seats": "All seats of your plan are taken. Replace somebody, or ask us for more seats.",
    "signing: why declined": "To sign, leave empty why you decline.",
    "stage refuses": (
        "This cannot be done while the case stands where it does. Write to us instead."
    ),
    "unknown value": "One of the choices is no longer offered. Choose again.",
    "visit": "This visit was changed a moment ago. Look at the case again.",
    "visit people": "Say how many people will be there.",
    "visit time": "The last day is before the first. Change one of them.",
    "words too long": "At most {most} characters.",
    "without a name": "This cannot be taken without a name. Choose another sort, or sign in.",
}
