"""Why a text was not sent, and why what came by a phone or a service was not read, in words.

Rows that were kept hold the codes: they are never renamed.
"""

SENTENCES = {
    "channel.reading_failed": (
        "Reading it failed ({error}). It is kept; report this and try it again."
    ),
    "channel.reading_stopped": (
        "Reading it stopped the worker three times. It is kept: report this."
    ),
    "sms.away": "The gateway could not be reached ({error}).",
    "sms.bad_address": "The gateway's address cannot be called; an owner corrects it.",
    "sms.died": "Sending it was begun {attempts} times and never ended: it may have arrived.",
    "sms.failed": "Handing it over failed ({error}). Report this.",
    "sms.media": (
        "{count} pictures or files came with this text that could not be taken in: ask for them"
        " another way."
    ),
    "sms.minute": "The gateway has had its texts for this minute.",
    "sms.names_another": (
        "It names {case}, in which nobody who is known to use this number takes part."
    ),
    "sms.no_gateway": "The desk has no SMS gateway that is switched on.",
    "sms.no_template": "It comes from no template of the book: nothing else is sent to phones.",
    "sms.of_another": "It came from a number that is known as {who}'s.",
    "sms.reports": "The gateway reports: {words}.",
    "sms.said": "The gateway said: {words}",
    "sms.start": "It asked to be texted again, and is.",
    "sms.stop": "It asked not to be texted any more: nothing leaves for that number by text.",
    "sms.stopped": "They asked not to be texted.",
    "whatsapp.stopped": "They asked for nothing more by WhatsApp.",
    "untold.failed": "It could not be written to them: {words}",
    "untold.failing": "The program failed when it tried to write it, and tries again: {words}",
    "untold.given_up_as": (
        "The program failed each time it tried to write it: {words}. Owners find it under “Given"
        " up” and can have it tried again."
    ),
    "untold.given_up": (
        "The program failed each time it tried to write it; its log says why. Owners find it under"
        " “Given up” and can have it tried again."
    ),
    "untold.stopped": "Sending it stopped the worker three times.",
}
