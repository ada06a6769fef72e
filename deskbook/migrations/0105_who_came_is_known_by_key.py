from django.db import migrations, models

SOURCES = ("csv", "django-helpdesk", "freshdesk", "jira", "osticket", "zammad", "zendesk")
MARKS = ", ".join(f"'came from {source}'" for source in SOURCES)
CARRY_OVER = f"""
    insert into deskbook_personcamefrom (desk_id, source, key, contact_id)
    select contact.desk_id, substr(mark, 11), left(contact.attributes ->> mark, 200), contact.id
    from deskbook_contact contact, unnest(array[{MARKS}]) mark
    where contact.attributes ? mark and contact.attributes ->> mark is not null
    order by contact.id
    on conflict do nothing;

    update deskbook_contact set attributes = attributes - array[{MARKS}]
    where attributes ?| array[{MARKS}];
"""


class Migration(migrations.Migration):
    """By which key people were known who came before there was a table of it stood among what is
    told of them: it goes into the table, and out of there, where it kept them from being forgotten.
    Of two of one key the first is known by it, as they were till now. Reads the contacts twice, and
    locks those that it changes.
    """

    dependencies = [
        ("deskbook", "0103_time_logged"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="personcamefrom",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agent", None), ("contact__isnull", False)),
                    models.Q(("agent__isnull", False), ("contact", None)),
                    _connector="OR",
                ),
                name="one_who_came",
            ),
        ),
        migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop),
    ]
