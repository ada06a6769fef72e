"""What a gateway of a well-known kind needs; an owner corrects what their contract says
otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Preset:
    title: str
    values: Mapping[str, str] = field(default_factory=dict)
    """Field of SmsGateway → what it begins with."""


PRESETS: Mapping[str, Preset] = {
    "exotel": Preset(
        "Exotel",
        {
            "method": "POST",
            "url": "https://api.exotel.com/v1/Accounts/{account}/Sms/send.json",
            "headers": "Authorization: Basic {basic}",
            "body_kind": "form",
            "body": (
                "From={sender}\nTo={to}\nBody={text}\nEncodingType={unicode}\n"
                "DltEntityId={entity}\nDltTemplateId={template}\nSmsType=transactional\n"
                "StatusCallback={report}\nCustomField={ref}"
            ),
            "accepted": "SMSMessage.Status=queued|sending|submitted|sent",
            "id_at": "SMSMessage.Sid",
            "report_check": "token",
            "report_fields": (
                "id=SmsSid\nref=CustomField\nstatus=Status\ncode=DetailedStatusCode\n"
                "from=From\ntext=Body"
            ),
            "report_states": (
                "queued=queued\nsending=sent\nsubmitted=sent\nsent=delivered\n"
                "failed=failed\nfailed-dnd=failed"
            ),
        },
    ),
    "twilio": Preset(
        "Twilio",
        {
            "method": "POST",
            "url": "https://api.twilio.com/2010-04-01/Accounts/{account}/Messages.json",
            "headers": "Authorization: Basic {basic}",
            "body_kind": "form",
            "body": "From={sender}\nTo={to}\nBody={text}\nStatusCallback={report}?ref={ref}",
            "accepted": "",
            "id_at": "sid",
            "report_check": "twilio",
            "report_fields": (
                "id=MessageSid\nref=ref\nstatus=MessageStatus\ncode=ErrorCode\nfrom=From\ntext=Body"
            ),
            "report_states": (
                "accepted=queued\nscheduled=queued\nqueued=queued\nsending=sent\nsent=sent\n"
                "delivered=delivered\nread=delivered\nundelivered=failed\nfailed=failed\n"
                "canceled=failed"
            ),
        },
    ),
    "kannel": Preset(
        "Kannel, Jasmin",
        {
            "method": "GET",
            "url": "http://gateway.example.org:13013/cgi-bin/sendsms",
            "headers": "",
            "body_kind": "query",
            "body": (
                "username={login}\npassword={secret}\nfrom={sender}\nto={to}\ntext={text}\n"
                "coding={coding}\ncharset=UTF-8\ndlr-mask=31\n"
                "dlr-url={report}?ref={ref}&status=%d&code=%A"
            ),
            "accepted": "0: Accepted\n3: Queued\nSuccess",
            "id_at": "",
            "report_check": "token",
            "report_fields": (
                "id=id\nref=ref\nstatus=status\ncode=code\nfrom=from\ntext=text\nmessage=id"
            ),
            "report_states": "1=delivered\n2=failed\n4=queued\n8=sent\n16=failed",
        },
    ),
    "other": Preset(
        "Another, over HTTP",
        {
            "method": "POST",
            "url": "https://",
            "headers": "Authorization: Bearer {secret}",
            "body_kind": "json",
            "body": (
                '{"to": "{to}", "from": "{sender}", "text": "{text}", "client_ref": "{ref}",'
                ' "report_url": "{report}"}'
            ),
            "accepted": "",
            "id_at": "id",
            "report_check": "token",
            "report_fields": (
                "id=id\nref=client_ref\nstatus=status\ncode=code\nfrom=from\ntext=text\nmessage=id"
            ),
            "report_states": "queued=queued\nsent=sent\ndelivered=delivered\nfailed=failed",
        },
    ),
}
"""Key → preset, in the order they are offered."""
FIELDS = (
    "method",
    "url",
    "headers",
    "body_kind",
    "body",
    "accepted",
    "id_at",
    "report_check",
    "report_fields",
    "report_states",
)
"""What a preset fills in."""
