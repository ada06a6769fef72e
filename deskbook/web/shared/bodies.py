"""What programs send, taken up to a size."""

from django.http import HttpRequest


class TooLarge(Exception):
    """It has more bytes than are taken."""


def body_of(request: HttpRequest, most: int) -> bytes:
    """Returns the body of at most so many bytes. Raises TooLarge, by what it says of its length
    before any of it is read.
    """
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and (len(length) > 12 or int(length) > most):
        raise TooLarge
    if len(request.body) > most:
        raise TooLarge
    return request.body
