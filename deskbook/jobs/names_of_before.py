"""What jobs were called in rows of the queue that were put there by a version of before: each is
done under either name.
"""

from collections.abc import Mapping

NAMED_BEFORE: Mapping[str, str] = {
    "carry_answer": "mail_answer",
    "remind": "mail_reminder",
    "tell_new_requester": "mail_new_requester",
    "tell_of_closing": "mail_closing",
    "tell_of_delivery": "mail_delivery",
    "tell_of_estimate": "mail_estimate",
    "tell_of_freeze": "mail_held",
    "tell_of_merge": "mail_merged",
    "tell_of_merge_taken_back": "mail_unmerged",
    "tell_of_promise": "mail_promise",
    "tell_of_redirection": "mail_redirected",
    "tell_of_returned_paper": "mail_paper_returned",
    "tell_of_severity": "mail_severity",
    "tell_of_visit": "mail_site_visit",
    "text_number": "mail_acknowledgement",
}
