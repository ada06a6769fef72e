"""Telling open screens that the agents of a desk changed: each asks again whether it may go on."""

from deskbook.people.open_screens import tell_open_screens


def tell_agents_changed(desk_id: int) -> None:
    """Tells it when the transaction commits; who was switched off is told nothing more."""
    tell_open_screens({"desk": desk_id, "agents": True})
