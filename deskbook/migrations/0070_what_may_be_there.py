from django.db import migrations, models

_WAITING = [
    f"update deskbook_{table} set may_be_there = true"
    " where state in ('queued', 'sending') and attempts > 0"
    for table in ('appevent', 'jiraact', 'textmessage', 'whatsappoutgoing')
]


class Migration(migrations.Migration):
    """The column of mails (0062) for all that leaves."""

    dependencies = [
        ('deskbook', '0069_names_without_accents'),
    ]

    operations = [
        migrations.AddField(
            model_name='appevent',
            name='may_be_there',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='jiraact',
            name='may_be_there',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='textmessage',
            name='may_be_there',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='whatsappoutgoing',
            name='may_be_there',
            field=models.BooleanField(db_default=False, default=False),
        ),
        # What of them was tried and waits: nobody kept what came of it.
        *[migrations.RunSQL(rows, migrations.RunSQL.noop) for rows in _WAITING],
    ]
