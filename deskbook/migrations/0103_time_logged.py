"""The work of an organisation is found without reading the whole log.

While the index is made nobody writes to the log: it is read once, which takes a second for some
million entries; what is in the index is the work alone.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0102_people_came_from")]

    operations = [
        migrations.AddIndex(
            model_name="logentry",
            index=models.Index(
                condition=models.Q(("kind", "TimeLogged")),
                fields=["at", "ticket"],
                name="time_logged",
            ),
        ),
    ]
