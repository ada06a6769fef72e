"""Whether a request at the hook is really the gateway's."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

from deskbook.channels.sms.models import SmsGateway
from deskbook.people.sealing import Unreadable, unsealed


def signed_by_twilio(
    gateway: SmsGateway, address: str, posted: Mapping[str, str], signature: str
) -> bool:
    """Whether `X-Twilio-Signature` is the base64 HMAC-SHA1, keyed by the auth token, of the whole
    address with its query followed by the sorted POST fields, name and value without anything
    between.
    """
    try:
        secret = unsealed(gateway.secret)
    except Unreadable:
        return False
    said = address + "".join(f"{name}{posted[name]}" for name in sorted(posted))
    expected = base64.b64encode(
        hmac.new(secret.encode(), said.encode(), hashlib.sha1).digest()
    ).decode()
    return bool(secret) and hmac.compare_digest(expected.encode(), signature.encode())


def knows_the_token(gateway: SmsGateway, given: str) -> bool:
    """Whether a request names the gateway's own token, in its path, its query or as Bearer."""
    return hmac.compare_digest(gateway.report_token.encode(), given.encode())
