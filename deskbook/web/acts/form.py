"""A form as `field` of macros.html draws it: what was typed, what is wrong, why it was refused."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms


class Form(forms.Form):
    refusal: str = ""

    def __init__(
        self, data: Mapping[str, Any] | None = None, initial: dict[str, Any] | None = None
    ) -> None:
        self.choices: dict[str, Sequence[tuple[Any, ...]]] = {}
        super().__init__(data, initial=initial, label_suffix="")

    def __call__(self, name: str) -> Any:
        """Returns what was typed into a field, as it was understood."""
        return self.cleaned_data[name]

    def shown(self, name: str) -> Any:
        """Returns what stands in a field: what was typed, else how things stand."""
        return (self.data if self.is_bound else self.initial).get(name, "")

    def id_of(self, name: str) -> str:
        """Returns the id of a field, of which a page has one only."""
        return f"f-{name}"

    def sentences(self) -> list[str]:
        """Returns what is wrong with its fields, where no field of it is shown."""
        return [str(text) for texts in self.errors.values() for text in texts]

    def begin_with(self, **start: Any) -> None:
        """Shows how things stand, but where something was typed before."""
        self.initial = {**start, **self.initial}

    def offer(self, name: str, choices: Sequence[tuple[Any, ...]]) -> None:
        """Says what can be chosen in a field."""
        self.choices[name] = choices
