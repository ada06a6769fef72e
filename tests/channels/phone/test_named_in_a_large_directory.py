"""People are suggested by name from a directory of a whole service without reading it through."""

from django.db import connection

from deskbook.people.models import Contact
from deskbook.web.acts.whom import contacts_like


def test_a_name_begun_or_its_second_word_finds_them_without_reading_all_people(desk, asha):
    desk_of = asha.desk
    Contact.objects.bulk_create(
        Contact(desk=desk_of, name=f"Person {n} Nair{n}") for n in range(3_000)
    )
    lina = Contact.objects.create(desk=desk_of, name="Lina Field")
    lina.identities.create(desk=desk_of, channel="email", identifier="post@field.example")
    asked: list[tuple[str, object]] = []

    def noted(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.cursor() as cursor:
        cursor.execute("analyze deskbook_contact")
        with connection.execute_wrapper(noted):
            found = [contacts_like(asha, words) for words in ("lina f", "field")]
        for sql, params in asked:
            cursor.execute(f"explain {sql}", params)
            plan = " ".join(line for (line,) in cursor.fetchall())
            assert "Seq Scan on deskbook_contact " not in plan, plan

    assert [people[0][0] for people in found] == ["post@field.example"] * 2
