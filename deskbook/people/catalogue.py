"""Every sentence that is kept as a code and facts (engine/coded.py), said in the language of who reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, gettext_noop

from deskbook.engine.coded import code_in, facts_of, is_coded

#: Code → sentence; {name} stands for a fact. Rows that were kept hold the codes: they are never renamed.
SENTENCES: Mapping[str, str] = {
    "apart.seconds": gettext_noop("It takes more than {seconds} seconds to read."),
    "apart.silent": gettext_noop("Its reader did not answer for {seconds} seconds, or was ended from outside."),
    "apart.memory": gettext_noop(
        "It takes more than {megabytes} MB of memory to read, or made its reader fail ({code})."
    ),
    "mail.costly": gettext_noop(
        "{why} That is more than any mail needs. It is kept as it came: look at its raw text, and "
        "discard it or ask its sender to write again."
    ),
    "mail.empty": gettext_noop("The mail is empty: not one byte arrived. Ask the sender, or delete it."),
    "mail.no_headers": gettext_noop(
        "There are no mail headers in this; it is not a mail. Look at the raw text and delete it, or file it by hand."
    ),
    "mail.of_nobody": gettext_noop(
        "The mail does not say who it is from: no From, Sender, Reply-To or Return-Path has an address, "
        "nor had its envelope. It cannot be answered."
    ),
    "mended.no_message_id": gettext_noop(
        "The mail has no usable Message-ID; answers to it can be matched by our own ids only."
    ),
    "mended.no_date": gettext_noop("The mail has no usable Date; the time it arrived is used."),
    "mended.no_from": gettext_noop("The sender's address is missing or malformed."),
    "mended.unusable": gettext_noop("{header} names “{address}”, which is no mail address: nothing is sent there."),
    "mended.two_froms": gettext_noop("The mail has more than one From; the first is shown."),
    "mended.unopened": gettext_noop(
        "Parts nested deeper than {depth} or beyond number {parts} were kept unopened as attachments."
    ),
    "mended.no_boundary": gettext_noop(
        "A multipart has no part in it: its boundary is missing; its text is shown as it stands."
    ),
    "mended.cut_off": gettext_noop("The mail ends before its closing boundary; it may be cut off."),
    "mended.many_parts": gettext_noop("The mail has more than {parts} parts; the rest was kept in one attachment."),
    "mended.other_boundary": gettext_noop(
        "The boundary between parts is not the declared one; it was found by its shape."
    ),
    "mended.long_text": gettext_noop("Only the first {limit} characters of the text are shown; the whole is attached."),
    "winmail.kept": gettext_noop("{file} {why}; it is kept as a file."),
    "winmail.costly": gettext_noop("takes more than any mail needs to open"),
    "winmail.nothing": gettext_noop("has nothing in it that could be read"),
    "winmail.large": gettext_noop("is larger than {megabytes} MB"),
    "winmail.broken": gettext_noop("is broken ({error})"),
    "winmail.foreign": gettext_noop("is none of Outlook's"),
    "winmail.pieces": gettext_noop("has more than {most} pieces"),
    "winmail.cut_off": gettext_noop("is cut off"),
    "mended.charset": gettext_noop(
        "The text is not in the character set it declares (“{declared}”); it was read as {used}."
    ),
    "mended.no_charset": gettext_noop("The text declares no character set; it was read as {used}."),
    "mended.damaged": gettext_noop(
        "Some bytes of the text are damaged: they are no characters of “{charset}”, and \ufffd stands in their place."
    ),
    "address.none": gettext_noop("has no address to answer to"),
    "address.long": gettext_noop("has an address of {length} characters, and mail servers take {most}"),
    "copied.blind": gettext_noop(
        "The desk got a blind copy of this mail: nobody it names follows. Add them where they should follow: {people}"
    ),
    "copied.left": gettext_noop(
        "Who left the ticket, or was taken out of it, is not brought back by a mail. Add them where they "
        "should follow: {people}"
    ),
    "copied.by_number": gettext_noop(
        "Only the number in its subject ties it to the ticket, and nothing proves its sender: nobody it "
        "names follows. Add them where they should follow: {people}"
    ),
    "copied.by_desk": gettext_noop(
        "The desk itself sent this mail or took it in by hand: nobody it names follows. Add them where "
        "they should follow: {people}"
    ),
    "copied.unanswerable": gettext_noop("{address} {why}: they do not follow."),
    "copied.many": gettext_noop("Of those copied in {most} follow, {others} do not: {people}"),
    "unproven.unreadable": gettext_noop("what the mail server says about it cannot be read"),
    "unproven.silent": gettext_noop("the mail server says nothing about it"),
    "unproven.no_result": gettext_noop("no result"),
    "unproven.claimed": gettext_noop("its {header} names them, {sender} sent it"),
    "automatic.report": gettext_noop("It reports on the delivery of a mail."),
    "automatic.kind": gettext_noop("It is of a kind no person writes: {report}."),
    "automatic.person": gettext_noop("A person wrote it to this desk."),
    "automatic.own": gettext_noop("It is our own message {message} come back."),
    "automatic.own_again": gettext_noop(
        "It is a mail of this desk's, from {sender}, come back under another Message-ID."
    ),
    "automatic.as_desk": gettext_noop(
        "It says it is from {sender}, which is this desk, and names nobody else to answer."
    ),
    "automatic.circle": gettext_noop("It went through {hops} servers, more than {most}; it is going in a circle."),
    "automatic.submitted": gettext_noop("Its header Auto-Submitted says {said}."),
    "automatic.header": gettext_noop("Its header {header} marks it as an automatic answer."),
    "automatic.precedence": gettext_noop("Its header Precedence says {said}."),
    "automatic.robot": gettext_noop("Nobody reads mail sent to {sender}."),
    "automatic.subject": gettext_noop("Its subject is that of an automatic answer."),
    "automatic.not_proven": gettext_noop("It is not proven whom it is from: {why}."),
    "automatic.house": gettext_noop("{sender} is in the desk's own domain."),
    "automatic.not_to_us": gettext_noop("It is not addressed to this desk in To or Cc."),
    "automatic.null_sender": gettext_noop("It has no address to answer to (the null sender)."),
    "automatic.list": gettext_noop("It came through a mailing list ({header})."),
    "automatic.asks_for_silence": gettext_noop("Its sender asks for no automatic answers (X-Auto-Response-Suppress)."),
    "automatic.spam": gettext_noop("A filter on the way judged it to be spam."),
    "reading.failed": gettext_noop("Reading it failed ({error}). The mail is kept; report this and retry it."),
    "reading.stopped": gettext_noop(
        "Reading it stopped the worker three times. The mail is kept; look at its raw text."
    ),
    "mail.large": gettext_noop(
        "It has {megabytes} MB; the desk reads mails of up to {most} MB. It is kept as it came: ask its "
        "sender for a smaller one, or discard it."
    ),
    "mail.to_no_desk": gettext_noop(
        "None of its recipients is an address of a desk. Add the address to a book, or discard the mail."
    ),
    "mail.unanswerable": gettext_noop("Its sender {sender} {why}. Read it here; discard it or file it by hand."),
    "mail.copy": gettext_noop("It is another copy of a mail that is on {ticket} already, as a list sends them."),
    "mail.refused": gettext_noop("{sentence}"),
    "flood.all": gettext_noop(
        "{count} mails of all senders came on {ticket} within an hour. Held, so that nobody can bury it; "
        "let the mails in when they are meant."
    ),
    "flood.cases": gettext_noop(
        "{sender} opened {count} cases within an hour. Held, so that a loop cannot grow; let the mails "
        "in when they are meant."
    ),
    "flood.mails": gettext_noop(
        "{sender} wrote {count} mails on {ticket} within an hour. Held, so that a loop cannot grow; let "
        "the mails in when they are meant."
    ),
    "bounce.foreign": gettext_noop("A delivery report on a mail this desk did not send, or that it does not name."),
    "bounce.action": gettext_noop("A delivery report: the mail to {recipient} is {action}."),
    "bounce.no_reason": gettext_noop("no reason was given"),
    "bounce.back": gettext_noop("It came back: {said}."),
    "bounce.of": gettext_noop("The mail to {recipient} came back: {said}."),
    "budget.recipient": gettext_noop("{recipient} had {most} automatic mails within an hour."),
    "budget.desk": gettext_noop("{most} {what} of this desk left within an hour."),
    "budget.ticket": gettext_noop("{most} mails of this ticket left within an hour."),
    "held.waited": gettext_noop("{why} It waited for a day; this may be a loop."),
    "held.later": gettext_noop("{why} This one leaves by itself when there is room again."),
    "held.dead": gettext_noop("Mail to {recipient} came back before. Correct the address, then send it again."),
    "held.acknowledged": gettext_noop("{recipient} had an acknowledgement of {ticket} already."),
    "not_waited_for": gettext_noop("Not sent: nothing more was waited for when it could leave."),
    "discarded": gettext_noop("Discarded by {who}."),
    "server.said": gettext_noop("The mail server said: {words}"),
    "server.away": gettext_noop("The mail server cannot be reached: {words}"),
    "server.silent": gettext_noop("The mail server said nothing more: {words}"),
    "agents_mail.not_taken": gettext_noop("A mail from {sender} was not taken as an answer; nobody got it. {why}"),
    "agents_mail.nobodys": gettext_noop("It came from {sender}, which is the address of nobody at this desk."),
    "agents_mail.not_theirs": gettext_noop("It answers a notice that was sent to somebody else."),
    "agents_mail.open_to_all": gettext_noop(
        "Nothing proves that it is from {who}: everybody on that mail knows the address it went to."
    ),
    "agents_mail.unproven": gettext_noop("The mail server could not prove that it is from {who} ({why})."),
    "agents_mail.left": gettext_noop("{who} does not work at this desk any more."),
    "agents_mail.ambiguous": gettext_noop(
        "It begins with “Note” and may be meant for the desk alone. Begin otherwise, and it is sent."
    ),
    "agents_mail.nothing_new": gettext_noop("There is nothing new in it above what it quotes."),
    "sms.died": gettext_noop("Sending it was begun {attempts} times and never ended: it may have arrived."),
    "sms.no_template": gettext_noop("It comes from no template of the book: nothing else is sent to phones."),
    "sms.no_gateway": gettext_noop("The desk has no SMS gateway that is switched on."),
    "sms.minute": gettext_noop("The gateway has had its texts for this minute."),
    "sms.bad_address": gettext_noop("The gateway's address cannot be called; an owner corrects it."),
    "sms.away": gettext_noop("The gateway could not be reached ({error})."),
    "sms.failed": gettext_noop("Handing it over failed ({error}). Report this."),
    "sms.said": gettext_noop("The gateway said: {words}"),
    "sms.reports": gettext_noop("The gateway reports: {words}."),
    "channel.reading_failed": gettext_noop("Reading it failed ({error}). It is kept; report this and try it again."),
    "channel.reading_stopped": gettext_noop("Reading it stopped the worker three times. It is kept: report this."),
    "untold.failed": gettext_noop("It could not be written to them: {words}"),
    "untold.given_up": gettext_noop(
        "The program failed each time it tried to write it; its log says why. Owners find it under “Given up” and can "
        "have it tried again."
    ),
    "untold.stopped": gettext_noop("Sending it stopped the worker three times."),
}
#: Facts of which one out of few is said: each has words of its own.
_CHOSEN: Mapping[str, Mapping[str, str]] = {
    "what": {
        "acknowledgements": gettext_noop("acknowledgements"),
        "mails": gettext_noop("mails"),
    },
    "report": {
        "read receipt": gettext_noop("read receipt"),
        "abuse report": gettext_noop("abuse report"),
        "bounce": gettext_noop("delivery report"),
    },
}


def in_words(text: str) -> str:
    """Returns what a kept text says, in the language in force; a sentence of before as it is."""
    told = facts_of(text)
    return text if told is None else _said(told)


def _said(told: dict[str, Any]) -> str:
    code = code_in(told)
    facts = {name: _fact(name, value) for name, value in told.items()}
    if code == "joined":
        return " ".join(facts[name] for name in sorted(facts) if name.startswith("text_"))
    sentence = SENTENCES.get(code)
    if sentence is None:  # of a newer version: what it names is better than nothing
        return ": ".join([code, *(str(facts[name]) for name in facts if name != "deskbook")])
    return gettext(sentence).format_map(_Facts(facts))


class _Facts(dict[str, Any]):
    """What is not there was left out, to fit."""

    def __missing__(self, name: str) -> str:
        return "…"


def _fact(name: str, value: Any) -> Any:
    if is_coded(value):
        return _said(value)
    if name in _CHOSEN and value in _CHOSEN[name]:
        return gettext(_CHOSEN[name][value])
    return f"{value:,}" if isinstance(value, int) else value
