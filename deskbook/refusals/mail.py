"""Why a mail was held, left out, mended, not sent or not taken as an answer, in words.

Rows that were kept hold the codes: they are never renamed.
"""

SENTENCES = {
    "address.long": "has an address of {length} characters, and mail servers take {most}",
    "address.none": "has no address to answer to",
    "agents_mail.aside": "It goes on with what was said beside the case, to others.",
    "agents_mail.ambiguous": (
        "It begins with “Note” and may be meant for the desk alone. Begin otherwise, and it is"
        " sent."
    ),
    "agents_mail.left": "{who} does not work at this desk any more.",
    "agents_mail.nobodys": "It came from {sender}, which is the address of nobody at this desk.",
    "agents_mail.not_taken": (
        "A mail from {sender} was not taken as an answer; nobody got it. {why}"
    ),
    "agents_mail.not_theirs": "It answers a notice that was sent to somebody else.",
    "agents_mail.nothing_new": "There is nothing new in it above what it quotes.",
    "agents_mail.open_to_all": (
        "Nothing proves that it is from {who}: everybody on that mail knows the address it went to."
    ),
    "agents_mail.to_others_now": (
        "Whom an answer goes to has changed since the desk sent the mail that it answers."
    ),
    "agents_mail.unproven": "The mail server could not prove that it is from {who} ({why}).",
    "apart.memory": (
        "It takes more than {megabytes} MB of memory to read, or made its reader fail ({code})."
    ),
    "apart.seconds": "It takes more than {seconds} seconds to read.",
    "apart.silent": "Its reader did not answer for {seconds} seconds, or was ended from outside.",
    "automatic.as_desk": (
        "It says it is from {sender}, which is this desk, and names nobody else to answer."
    ),
    "automatic.asks_for_silence": (
        "Its sender asks for no automatic answers (X-Auto-Response-Suppress)."
    ),
    "automatic.circle": (
        "It went through {hops} servers, more than {most}; it is going in a circle."
    ),
    "automatic.header": "Its header {header} marks it as an automatic answer.",
    "automatic.house": "{sender} is in the desk's own domain.",
    "automatic.kind": "It is of a kind no person writes: {report}.",
    "automatic.list": "It came through a mailing list ({header}).",
    "automatic.not_proven": "It is not proven whom it is from: {why}.",
    "automatic.not_to_us": "It is not addressed to this desk in To or Cc.",
    "automatic.null_sender": "It has no address to answer to (the null sender).",
    "automatic.own": "It is our own message {message} come back.",
    "automatic.own_again": (
        "It is a mail of this desk's, from {sender}, come back under another Message-ID."
    ),
    "automatic.person": "A person wrote it to this desk.",
    "automatic.precedence": "Its header Precedence says {said}.",
    "automatic.report": "It reports on the delivery of a mail.",
    "automatic.robot": "Nobody reads mail sent to {sender}.",
    "automatic.spam": "A filter on the way judged it to be spam.",
    "automatic.subject": "Its subject is that of an automatic answer.",
    "automatic.submitted": "Its header Auto-Submitted says {said}.",
    "bounce.action": "A delivery report: the mail to {recipient} is {action}.",
    "bounce.back": "It came back: {said}.",
    "bounce.foreign": (
        "A delivery report on a mail this desk did not send, or that it does not name."
    ),
    "bounce.no_reason": "no reason was given",
    "bounce.of": "The mail to {recipient} came back: {said}.",
    "budget.desk": "{most} {what} of this desk left within an hour.",
    "budget.recipient": "{recipient} had {most} automatic mails within an hour.",
    "budget.ticket": "{most} mails of this ticket left within an hour.",
    "copied.blind": (
        "The desk got a blind copy of this mail: nobody it names follows. Add them where they"
        " should follow: {people}"
    ),
    "copied.by_desk": (
        "The desk itself sent this mail or took it in by hand: nobody it names follows. Add them"
        " where they should follow: {people}"
    ),
    "copied.by_number": (
        "Only the number in its subject ties it to the ticket, and nothing proves its sender:"
        " nobody it names follows. Add them where they should follow: {people}"
    ),
    "copied.left": (
        "Who left the ticket, or was taken out of it, is not brought back by a mail. Add them where"
        " they should follow: {people}"
    ),
    "copied.many": "Of those copied in {most} follow, {others} do not: {people}",
    "copied.reply_to": "It asks for answers at {person}.",
    "copied.unanswerable": "{address} {why}: they do not follow.",
    "discarded": "Discarded by {who}.",
    "discarded.why": "Discarded by {who}: {why}.",
    "flood.all": (
        "{count} mails of all senders came on {ticket} within an hour. Held, so that nobody can"
        " bury it; let the mails in when they are meant."
    ),
    "flood.cases": (
        "{sender} opened {count} cases within an hour. Held, so that a loop cannot grow; let the"
        " mails in when they are meant."
    ),
    "flood.mails": (
        "{sender} wrote {count} mails on {ticket} within an hour. Held, so that a loop cannot grow;"
        " let the mails in when they are meant."
    ),
    "held.acknowledged": "{recipient} had an acknowledgement of {ticket} already.",
    "held.dead": "Mail to {recipient} came back before. Correct the address, then send it again.",
    "held.failing": "The program failed when it tried to send it, and tries again: {words}",
    "held.later": "{why} This one leaves by itself when there is room again.",
    "held.restored": (
        "It was waiting when the backup of this desk was made, and may have left since. Send it, or"
        " discard it if it was received."
    ),
    "held.waited": "{why} It waited for a day; this may be a loop.",
    "mail.copy": "It is another copy of a mail that is on {ticket} already, as a list sends them.",
    "mail.costly": (
        "{why} That is more than any mail needs. It is kept as it came: look at its raw text, and"
        " discard it or ask its sender to write again."
    ),
    "mail.empty": "The mail is empty: not one byte arrived. Ask the sender, or delete it.",
    "mail.filed": "Filed by {who}.",
    "mail.large": (
        "It has {megabytes} MB; the desk reads mails of up to {most} MB. It is kept as it came: ask"
        " its sender for a smaller one, or discard it."
    ),
    "mail.no_headers": (
        "There are no mail headers in this; it is not a mail. Look at the raw text and delete it,"
        " or file it by hand."
    ),
    "mail.of_agent": "It is from somebody who works at the desk.",
    "mail.of_nobody": (
        "The mail does not say who it is from: no From, Sender, Reply-To or Return-Path has an"
        " address, nor had its envelope. It cannot be answered."
    ),
    "mail.refused": "{sentence}",
    "mail.to_cases": "It was sent to {cases} as well.",
    "mail.to_no_desk": (
        "None of its recipients is an address of a desk. Add the address to a book, or discard the"
        " mail."
    ),
    "mail.unanswerable": "Its sender {sender} {why}. Read it here; discard it or file it by hand.",
    "mended.also_from": "It is also from {people}; the first who is named counts as its sender.",
    "mended.charset": (
        "The text is not in the character set it declares (“{declared}”); it was read as {used}."
    ),
    "mended.cut_off": "The mail ends before its closing boundary; it may be cut off.",
    "mended.damaged": (
        "Some bytes of the text are damaged: they are no characters of “{charset}”, and \ufffd"
        " stands in their place."
    ),
    "mended.long_text": (
        "Only the first {limit} characters of the text are shown; the whole is attached."
    ),
    "mended.many_parts": (
        "The mail has more than {parts} parts; the rest was kept in one attachment."
    ),
    "mended.no_boundary": (
        "A multipart has no part in it: its boundary is missing; its text is shown as it stands."
    ),
    "mended.no_charset": "The text declares no character set; it was read as {used}.",
    "mended.no_date": "The mail has no usable Date; the time it arrived is used.",
    "mended.no_from": "The sender's address is missing or malformed.",
    "mended.no_message_id": (
        "The mail has no usable Message-ID; answers to it can be matched by our own ids only."
    ),
    "mended.other_boundary": (
        "The boundary between parts is not the declared one; it was found by its shape."
    ),
    "mended.two_froms": "The mail has more than one From; the first is shown.",
    "mended.unopened": (
        "Parts nested deeper than {depth} or beyond number {parts} were kept unopened as"
        " attachments."
    ),
    "mended.unusable": (
        "{header} names “{address}”, which is no mail address: nothing is sent there."
    ),
    "not_waited_for": "Not sent: nothing more was waited for when it could leave.",
    "reading.failed": "Reading it failed ({error}). The mail is kept; report this and retry it.",
    "reading.stopped": (
        "Reading it stopped the worker three times. The mail is kept; look at its raw text."
    ),
    "server.away": "The mail server cannot be reached: {words}",
    "server.said": "The mail server said: {words}",
    "server.silent": "The mail server said nothing more: {words}",
    "unproven.claimed": "its {header} names them, {sender} sent it",
    "unproven.no_result": "no result",
    "unproven.silent": "the mail server says nothing about it",
    "unproven.unreadable": "what the mail server says about it cannot be read",
    "winmail.broken": "is broken ({error})",
    "winmail.costly": "takes more than any mail needs to open",
    "winmail.cut_off": "is cut off",
    "winmail.foreign": "is none of Outlook's",
    "winmail.kept": "{file} {why}; it is kept as a file.",
    "winmail.large": "is larger than {megabytes} MB",
    "winmail.nothing": "has nothing in it that could be read",
    "winmail.pieces": "has more than {most} pieces",
}
