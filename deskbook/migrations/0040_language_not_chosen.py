from django.db import migrations, models


class Migration(migrations.Migration):
    """A requester's English was nobody's choice: their pages were shown in the browser's language all the same."""

    dependencies = [("deskbook", "0039_mail_not_noted")]

    operations = [
        migrations.AlterField("user", "language", models.CharField(blank=True, default="", max_length=8)),
        migrations.RunSQL(
            "update deskbook_user set language = '' where language = 'en' and id not in "
            "(select user_id from deskbook_agent)",
            "update deskbook_user set language = 'en' where language = ''",
        ),
    ]
