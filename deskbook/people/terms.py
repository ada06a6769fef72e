"""The engine's words of a desk, in the reader's language."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from deskbook.people.words import Words

SEVERITY: dict[str, Words] = {
    "severity": gettext_lazy("severity"),
    "priority": gettext_lazy("priority"),
}
"""What a book calls it, by its word for it."""
CLOCKS: dict[str, Words] = {
    "response": pgettext_lazy("a clock", "response"),
    "update": pgettext_lazy("a clock", "update"),
    "promise": pgettext_lazy("a clock", "promise"),
    "team": pgettext_lazy("a clock", "team"),
    "resolve": pgettext_lazy("a clock", "resolve"),
    "team-resolve": pgettext_lazy("a clock", "team’s solution"),
}
"""How a clock is called, by its kind."""
