"""To which cases a report is narrowed: as they are now."""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from deskbook.people.sight import Hidden

MOST_PLACES = 400
"""Of more, those are offered that hold others."""
FILTERS: Mapping[str, str] = {
    "place": """place in (
        with recursive around (code) as (
            select %(place)s::text
            union
            select place.code from deskbook_place place join around on place.within = around.code
            where place.desk_id = %(desk)s
        ) select code from around)""",
    "team": "team = %(team)s",
    "severity": "severity = %(severity)s",
    "category": "category = %(category)s",
    "plan": "plan = %(plan)s",
    "channel": "channel = %(channel)s",
    "agent": "owner_id = %(agent)s::bigint",
}
"""What of a case's row has to hold, by the filter's name."""


def conditions(narrowed: Mapping[str, str], hidden: Hidden) -> tuple[str, dict[str, Any]]:
    """Returns what holds of the rows of deskbook_course that are counted, as SQL, and its values;
    it is given the desk. What the reader does not see is not counted.
    """
    values = {name: narrowed[name] for name in FILTERS if narrowed.get(name)}
    wanted = ("desk_id = %(desk)s", *(FILTERS[name] for name in values))
    seen, given = hidden.sql(masked=False)
    told = (*(f"ticket.{condition}" for condition in wanted), f"({seen})")
    return " and ".join(told), {**values, **given}


def places_and_agents(desk: int) -> tuple[dict[str, str], dict[str, str]]:
    """Returns the places that can be asked for and all who ever worked at the desk, by code and id,
    in the order of their names; one statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OFFERED, {"desk": desk, "most": MOST_PLACES})
        rows = cursor.fetchall()
    found: dict[str, dict[str, str]] = {"place": {}, "agent": {}}
    for of, key, name in rows:
        found[of][key] = name
    return found["place"], found["agent"]


_OFFERED = """
with places as (select code, name, within from deskbook_place where desk_id = %(desk)s)
select 'place' as of, code as key, name from places
where (select count(*) from places) <= %(most)s or code in (select within from places)
union all
select 'agent', agent.id::text, coalesce(nullif(person.name, ''), person.email)
from deskbook_agent agent join deskbook_user person on person.id = user_id where desk_id = %(desk)s
order by 1, 3, 2
"""
