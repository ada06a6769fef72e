"""What DIGIT's apps send, written from its contract."""

import json
from copy import deepcopy
from pathlib import Path

PAYLOADS = Path(__file__).parent / "payloads"


def payload(flavour="campaign", *, number=None, **service):
    """Return a _create; `number` makes it another complaint of the app."""
    said = deepcopy(json.loads((PAYLOADS / f"{flavour}_create.json").read_text()))
    if number is not None:
        said["service"]["clientReferenceId"] = f"complaint-{number}"
    said["service"].update(service)
    return said
