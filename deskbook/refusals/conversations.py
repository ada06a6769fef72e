"""What is refused in chats and calls, in words."""

SENTENCES = {
    "no solved stage": ("The book lets no case be solved from here: let it go on, and solve it there."),
    "not theirs": "The case of this chat is somebody else's now.",
    "not there": "They are not at the chats now: pass it to a team, or keep it.",
    "not yours: chat": "This chat is not yours any more: take it, or answer on its ticket.",
    "not yours: passed on": "This chat is not yours any more.",
    "pace": "That is a lot at once: wait a minute, then send it again.",
    "taken: chat": "Somebody else took this chat a moment ago, or the visitor left.",
}
