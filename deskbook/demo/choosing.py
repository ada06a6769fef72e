"""Whether it is the demo that is started: asked once, at the door of the command line.

From there on Django's settings say it. No part below asks, and none knows.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping

from deskbook.config.environment import YES_OR_NO, one_of

DEFAULTS = {"DESKBOOK_DEMO": "0"}
SETTINGS = "deskbook.demo.settings"
COMMANDS = {"serve": "deskbook.demo.commands:serve", "mail": "deskbook.demo.commands:mail"}
"""What the demo does otherwise than the desk."""


def choose_demo(variables: MutableMapping[str, str] = os.environ) -> None:
    """Takes DESKBOOK_DEMO out of the variables and, where it says yes, chooses the settings of the
    demo.

    Raises WrongSetting when it says neither yes nor no.
    """
    for name, default in DEFAULTS.items():
        if one_of(name, variables.pop(name, "").strip() or default, YES_OR_NO):
            variables["DJANGO_SETTINGS_MODULE"] = SETTINGS


def is_chosen(variables: MutableMapping[str, str] = os.environ) -> bool:
    """Whether what runs is the demo."""
    return variables.get("DJANGO_SETTINGS_MODULE") == SETTINGS
