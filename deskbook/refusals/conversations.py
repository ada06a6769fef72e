"""What is refused in chats and calls, and of chats that are brought in, in words."""

SENTENCES = {
    "files: a day’s worth": (
        "No more than this is taken in one day. Send the rest another way, or tomorrow."
    ),
    "no solved stage": (
        "The book lets no case be solved from here: let it go on, and solve it there."
    ),
    "not theirs": "The case of this chat is somebody else's now.",
    "not there": "They are not at the chats now: pass it to a team, or keep it.",
    "not yours: chat": "This chat is not yours any more: take it, or answer on its ticket.",
    "not yours: passed on": "This chat is not yours any more.",
    "others now": (
        "Whom this goes to has changed while you were writing: it goes to {came:and} now, not to"
        " {left:and} any more. Nothing was sent: send it again if it is meant for them."
    ),
    "others now: fewer": (
        "Whom this goes to has changed while you were writing: it does not go to {left:and} any"
        " more. Nothing was sent: send it again if it is meant so."
    ),
    "others now: more": (
        "Whom this goes to has changed while you were writing: it goes to {came:and} now, too."
        " Nothing was sent: send it again if it is meant for them as well."
    ),
    "sending: due": (
        "They are to be answered by {due}{line}: let it leave before that, or send it now."
    ),
    "sending: failed": "It could not leave: {words}. Send it now, or take it back.",
    "sending: left": "It has left already, or was taken back.",
    "sending: overtaken": (
        "Something was said on this case after you sent this. Read it, then send it now or take it"
        " back."
    ),
    "sending: refused": "It did not leave: {why}",
    "sending: theirs": "{who} sent this: they alone change it.",
    "pace": "That is a lot at once: wait a minute, then send it again.",
    "taken: chat": "Somebody else took this chat a moment ago, or the visitor left.",
    "capture: somebody else's": (
        "{ticket} is of {other}: choose a case of {reporter}, or a new one."
    ),
    "chat export: damaged": (
        "The .zip is damaged: export the chat again, or unpack it and upload the .txt."
    ),
    "chat export: large": "It has more than {most} MB. Export the chat without media.",
    "chat export: large file": "“{name}” in the .zip is larger than {most} MB unpacked.",
    "chat export: large upload": "“{name}” has more than {most} MB: export the chat without media.",
    "chat export: long": "The chat has more than {most} MB of text. Paste the part you need.",
    "chat export: many files": (
        "The .zip holds more than {most} files: export the chat without media."
    ),
    "chat export: many messages": (
        "The chat has more than {most} messages: paste the part you need instead of the whole."
    ),
    "chat export: no chat": (
        "No message was found. Export the chat from WhatsApp (“Export chat”) and paste or upload"
        " that text."
    ),
    "chat export: no text file": "The .zip holds no chat: WhatsApp puts it there as a .txt file.",
    "chat export: not shared": "Share from the phone itself, or paste the text here.",
    "chat export: not unpacked": "“{name}” in the .zip cannot be unpacked: export the chat again.",
    "chat export: nothing": "Paste messages, or choose the file WhatsApp exported.",
}
