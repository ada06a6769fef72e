"""The SMS gateway of a demo: it takes every text and sends none; /demo/texts/ shows them on their
phones.
"""

from secrets import token_hex
from typing import Any

import httpx


def answer(request: httpx.Request) -> dict[str, Any]:
    """Returns a yes that each of the presets understands, with the id by which the text is reported
    on.
    """
    id_ = f"demo-{token_hex(8)}"
    return {
        "id": id_,
        "sid": id_,
        "SMSMessage": {"Status": "queued", "Sid": id_},
        "said": "0: Accepted",
    }
