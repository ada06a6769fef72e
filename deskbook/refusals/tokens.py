"""Why no token is given, and why a counter may not do something, in words."""

SENTENCES = {
    "token: closed": "No tokens now: visitors are received again {opens}.",
    "token: over": "Visitors are not received here any more.",
    "token: ended": "No more tokens today: visitors are received again {opens}.",
    "token: service": "This is not offered here. Choose one of the services shown.",
    "token: from here": (
        "Many wait already who took a token from this network. Ask at a counter for yours."
    ),
    "token: key": ("The device did not say which token it means. Reload the page and try again."),
    "token: counter": "There is no such counter here. Choose one of the list.",
    "token: services": "Choose at least one service to call people for.",
    "token: occupied": "{who} is at counter {counter}. Choose another one, or take it over.",
    "token: busy": "{code} is still with you. First: served, set aside or passed on.",
    "token: often enough": "{code} was called three times. Set it aside.",
    "token: a moment": "{code} was called a moment ago. Give them time to come.",
    "token: recall first": "{code} is set aside after three calls. Call it again first.",
    "token: not aside": "{code} is not set aside any more.",
    "token: elsewhere": "{code} is not with this counter any more.",
    "token: not open": "Counter {counter} is not open.",
    "token: no ticket": (
        "Write down first who came with {code} and what for: each visit becomes a ticket."
    ),
    "token: stood up": "Counter {counter} was closed or taken over. Open it again to go on.",
}
