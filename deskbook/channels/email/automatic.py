"""Who wrote this, a person or a machine, and may a machine of ours answer (RFC 3834)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from deskbook.channels.email.address import NOTICE
from deskbook.channels.email.mail import ParsedMail
from deskbook.channels.email.ours import Ours
from deskbook.channels.email.report import Bounce, is_null_sender, read_bounce, report_kind
from deskbook.channels.email.writer import Writer, is_machine, writer_of
from deskbook.refusals.kept import kept
from deskbook.refusals.refusal import Word

Kind = Literal["person", "automatic", "bounce", "read receipt", "abuse report", "loop"]
MAX_HOPS = 50

_LIST_HEADERS = (
    "List-Id",
    "List-Post",
    "List-Unsubscribe",
    "List-Help",
    "List-Subscribe",
    "List-Owner",
    "List-Archive",
    "Mailing-List",
)
_AUTO_HEADERS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Reply",
    "X-Autoresponder",
    "X-Autoreply-From",
    "X-Mail-Autoreply",
    "Auto-Reply",
)
_AUTO_SUBJECT = re.compile(
    r"(?i)\s*(automatic reply|auto[- ]?reply|auto[- ]?response|out of (the"
    r" )?office|autoreply|vacation reply|"
    r"resposta autom[áa]tica|fora do escrit[óo]rio|aus[êe]ncia tempor[áa]ria|स्वचालित"
    r" (उत्तर|जवाब)|कार्यालय से बाहर|"
    r"യാന്ത്രിക മറുപടി|സ്വയമേവയുള്ള മറുപടി|ସ୍ୱୟଂଚାଳିତ ଉତ୍ତର|réponse automatique|automatische"
    r" antwort|"
    r"abwesenheitsnotiz|respuesta autom[áa]tica)\s*([:\-–(\[]|$)"
)


@dataclass(frozen=True, slots=True)
class Classification:
    """`kind` says what to do with the mail, `may_acknowledge` whether to confirm it by mail,
    `reason` why, in a sentence.
    """

    kind: Kind
    may_acknowledge: bool
    reason: str
    bounce: Bounce | None = None


def classify(
    mail: ParsedMail,
    *,
    ours: Ours,
    envelope_from: str | None = None,
    envelope_to: Collection[str] = (),
) -> Classification:
    """What kind of mail this is. `envelope_from` is the MAIL FROM when the listener knows it, `""`
    for the null sender; `envelope_to` are its RCPT TO.
    """
    writer = writer_of(mail, ours)
    looped = _loop(mail, ours, writer, envelope_from)
    if looped:
        return Classification("loop", False, looped)
    report = report_kind(mail, envelope_from)
    if report == "bounce" or _came_back(mail, ours, envelope_from, envelope_to):
        found = read_bounce(mail, ours.signer, from_words=report == "bounce")
        return Classification("bounce", False, kept("automatic.report"), found)
    if report:
        return Classification(report, False, kept("automatic.kind", report=Word(report)))
    automatic = _automatic(mail, writer)
    if automatic:
        return Classification("automatic", False, automatic)
    silence = _silence(mail, ours, writer, envelope_from)
    return Classification("person", silence is None, silence or kept("automatic.person"))


def sent_by_itself(mail: ParsedMail, envelope_from: str | None) -> str | None:
    """Why nobody typed a mail, though no header says so outright: such an answer of an agent's is
    none.
    """
    return _null_sender(mail, envelope_from) or _asks_for_silence(mail)


def _loop(mail: ParsedMail, ours: Ours, writer: Writer, envelope_from: str | None) -> str | None:
    if ours.sent(mail.message_id):
        return kept("automatic.own", message=(mail.message_id or "")[:200])
    if ours.wrote(mail.from_.addr):
        if _is_on_our_envelope(mail, ours, envelope_from) or any(
            ours.sent(named) for named in mail.references
        ):
            return kept("automatic.own_again", sender=mail.from_.addr)
        if not writer.claimed:
            return kept("automatic.as_desk", sender=mail.from_.addr)
    hops = len(mail.header_all("Received"))
    return kept("automatic.circle", hops=hops, most=MAX_HOPS) if hops > MAX_HOPS else None


def _is_on_our_envelope(mail: ParsedMail, ours: Ours, envelope_from: str | None) -> bool:
    """Whether its MAIL FROM is a bounce address we signed (VERP): every mail of ours leaves with
    one.
    """
    senders = (envelope_from or "", (mail.header("Return-Path") or "").strip("<> "))
    return ours.signer is not None and any(
        ours.signer.read_bounce_address(sender) for sender in senders
    )


def _came_back(
    mail: ParsedMail, ours: Ours, envelope_from: str | None, envelope_to: Collection[str]
) -> bool:
    """Whether it was sent to a bounce address we signed (VERP): that names our mail, whatever the
    body is.

    Not what a person wrote there, nor a note of absence, which goes to the same address (RFC 3834,
    4).
    """
    signer = ours.signer
    if signer is None or not any(
        signer.read_bounce_address(a) for a in (*mail.recipients, *envelope_to)
    ):
        return False
    return is_machine(mail.from_) or not (envelope_from or _note_of_absence(mail))


def _note_of_absence(mail: ParsedMail) -> bool:
    return is_answered_by_itself(mail) or _AUTO_SUBJECT.match(mail.subject) is not None


def is_answered_by_itself(mail: ParsedMail) -> bool:
    """Whether a program says that it wrote this in answer to a mail, and not of its own accord (RFC
    3834, 5).
    """
    return _word(mail, "Auto-Submitted") == "auto-replied"


def about_a_notice(mail: ParsedMail, ours: Ours, envelope: Iterable[str]) -> bool:
    """Whether it is, answers, or reports on a mail of ours that is of no ticket, by the marks that
    such mail has.

    Some of these hold codes that sign somebody in, and what comes back quotes them.
    """
    signer = ours.signer
    if signer is None:
        return False
    ids = (mail.message_id, mail.in_reply_to, *mail.references)
    own = (signer.read_message_id(one, any_domain=True) for one in ids if one)
    addresses = (
        *mail.recipients,
        mail.from_.addr,
        (mail.header("Return-Path") or "").strip("<> "),
        *envelope,
    )
    return (
        any(one and one.ticket == NOTICE for one in own)
        or any(signer.read_reply_address(one) == NOTICE for one in addresses)
        or any((signer.read_bounce_address(one) or "").startswith("n-") for one in addresses)
    )


def _automatic(mail: ParsedMail, writer: Writer) -> str | None:
    """Why a machine wrote this, or None. First the header that says so, then habits of older
    programs.
    """
    submitted = _word(mail, "Auto-Submitted")
    if submitted not in ("", "no"):
        return kept("automatic.submitted", said=submitted[:80])
    named = next((h for h in _AUTO_HEADERS if _word(mail, h) not in ("", "no", "false")), None)
    if named:
        return kept("automatic.header", header=named)
    precedence = _word(mail, "Precedence")
    if precedence in ("bulk", "junk", "auto_reply"):
        return kept("automatic.precedence", said=precedence)
    if is_machine(writer.address):
        return kept("automatic.robot", sender=mail.from_.addr)
    return kept("automatic.subject") if _AUTO_SUBJECT.match(mail.subject) else None


def _word(mail: ParsedMail, header: str) -> str:
    return re.split(r"[;(\s]", (mail.header(header) or "").strip().lower(), maxsplit=1)[0]


def _silence(mail: ParsedMail, ours: Ours, writer: Writer, envelope_from: str | None) -> str | None:
    """Why a person's mail gets no acknowledgement, or None when it may have one."""
    checks: tuple[Callable[[], str | None], ...] = (
        lambda: kept("automatic.not_proven", why=writer.claimed) if writer.claimed else None,
        lambda: _null_sender(mail, envelope_from),
        lambda: _by_list(mail),
        lambda: _asks_for_silence(mail),
        lambda: None if _to_us(mail, ours) else kept("automatic.not_to_us"),
        lambda: _spam(mail),
    )
    return next((reason for check in checks if (reason := check())), None)


def _null_sender(mail: ParsedMail, envelope_from: str | None) -> str | None:
    null = is_null_sender(mail, envelope_from) or "@" not in mail.from_.addr
    return kept("automatic.null_sender") if null else None


def _by_list(mail: ParsedMail) -> str | None:
    named = next((h for h in _LIST_HEADERS if mail.header(h)), None)
    if named or _word(mail, "Precedence") == "list":
        return kept("automatic.list", header=named or "Precedence")
    return None


def _asks_for_silence(mail: ParsedMail) -> str | None:
    asked = {w.strip().lower() for w in (mail.header("X-Auto-Response-Suppress") or "").split(",")}
    return kept("automatic.asks_for_silence") if asked & {"all", "autoreply", "oof"} else None


def _to_us(mail: ParsedMail, ours: Ours) -> bool:
    return any(ours.has(a.addr) for a in (*mail.to, *mail.cc))


def _spam(mail: ParsedMail) -> str | None:
    flagged = _word(mail, "X-Spam-Flag") == "yes" or _word(mail, "X-Spam-Status").startswith("yes")
    return kept("automatic.spam") if flagged else None
