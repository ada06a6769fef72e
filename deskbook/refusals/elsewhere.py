"""Why something could not be done at another system, Jira or WhatsApp, or told to a program,
and why what came from there was left, in words.

Rows that were kept hold the codes: they are never renamed.
"""

SENTENCES = {
    "address.private": (
        "{host} is {address}, an address of a private network. If it is meant, whoever runs the"
        " server adds it to DESKBOOK_PRIVATE_HOSTS and starts the desk again."
    ),
    "elsewhere.away": "The system could not be reached ({error}).",
    "elsewhere.moved": (
        "The system answered {status}: is this its address, and is its guard told of the desk?"
    ),
    "elsewhere.said": "The system answered {status}.",
    "jira.away": "Jira could not be reached ({error}).",
    "jira.comment_stays": "Comments that are changed or deleted there stay as they came.",
    "jira.later": "Jira said: {status}, try later.",
    "jira.merged": "{ticket} was merged into {into}: it stands there as a note, and moves nothing.",
    "jira.no_account": "Jira did not say which account this is.",
    "jira.no_case": "No case of this desk is that issue.",
    "jira.no_issue": "It is about no issue.",
    "jira.no_stage": "The status “{status}” stands for no stage of the desk.",
    "jira.no_way": (
        "From “{now}” Jira's workflow does not lead to “{wanted}”. It leads to: {others}."
    ),
    "jira.not_understood": "Jira's answer was not understood ({error}).",
    "jira.own": "Our own account did it.",
    "jira.reading_failed": "Reading it failed ({error}). Report this, and try again.",
    "jira.said": "Jira said: {words}",
    "jira.token": "The token holds signs that no token has: copy it again, and type it in.",
    "jira.unreadable": "Jira's answer cannot be read: is this the address of Jira?",
    "secret.unreadable": (
        "A secret was kept under a key that is not known any more: enter it again, or put the old"
        " key into DESKBOOK_OLD_SECRET_KEYS."
    ),
    "webhooks.confined": "Its case is confined to some of the desk by now.",
    "webhooks.others_failed": "What came before it was not taken for three days.",
    "webhooks.same_name": "There is a webhook “{name}” already: give this one another name.",
    "webhooks.too_many": "A desk has at most {most} webhooks: end one that is not used.",
    "webhooks.too_much": "More than {most} entries are told since then: choose a later time.",
    "whatsapp.away": "The service could not be reached: {words}",
    "whatsapp.file_gone": "The file is not there any more.",
    "whatsapp.gone": "WhatsApp does not have it any more: ask the sender to send it again.",
    "whatsapp.large": "The file has more than {most} MB ({megabytes} MB): ask for a smaller one.",
    "whatsapp.no_account": "The desk has no WhatsApp account any more.",
    "whatsapp.no_answer": "The call ended without an answer: {error}",
    "whatsapp.no_channel": "The book has no WhatsApp channel: add “{entry}”, then try it again.",
    "whatsapp.no_id": "The service answered without the message's id.",
    "whatsapp.no_json": "It is no JSON: {error}.",
    "whatsapp.no_sender": (
        "Message {message} names no sender. Look at it as it came, or discard it."
    ),
    "whatsapp.no_webhook": "It has no list “entry”, so it is no webhook of the Cloud API.",
    "whatsapp.not_taken": "Not taken for {days} day: {why}",
    "whatsapp.other_file": (
        "What WhatsApp gave is not what was sent (its SHA-256 is another): it is not kept."
    ),
    "whatsapp.other_number": (
        "It is for the number {numbers}, not the desk's {ours}. Correct the account or the"
        " webhook's address, then try it again."
    ),
    "whatsapp.strange_place": (
        "The service names {host} as the place of the file; it is not fetched there."
    ),
    "whatsapp.token": "The token holds signs that no token has: copy it again, and enter it.",
}
WORDS = ("no host", "nowhere")
