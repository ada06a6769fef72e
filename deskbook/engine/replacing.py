"""`replace` for the types that are copied at every event."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import replace as replace  # noqa: PLC0414  # given on to who imports it
else:

    def replace(state: Any, **changes: Any) -> Any:
        """Returns a copy of a frozen dataclass without slots, some of its fields changed.

        That of `dataclasses` asks for all forty fields of a ticket by name: 17 times as long. It is
        the one that mypy checks the names and types of the changes against; nothing here does.
        """
        changed = object.__new__(type(state))
        fields = changed.__dict__
        fields.update(state.__dict__)
        fields.update(changes)
        return changed
