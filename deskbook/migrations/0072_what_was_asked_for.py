from django.db import migrations, models

_ASKED_FOR = (
    "update deskbook_outboundmail set wanted = true where released_by <> ''",
    'update deskbook_textmessage set wanted = true where retrials > 0',
)


class Migration(migrations.Migration):
    """What mails and texts had each in its own way, for all that leaves."""

    dependencies = [
        ('deskbook', '0071_what_ends_a_way'),
    ]

    operations = [
        migrations.AddField(
            model_name='appevent',
            name='wanted',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='jiraact',
            name='wanted',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='outboundmail',
            name='wanted',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='textmessage',
            name='wanted',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='whatsappoutgoing',
            name='wanted',
            field=models.BooleanField(db_default=False, default=False),
        ),
        *[migrations.RunSQL(rows, migrations.RunSQL.noop) for rows in _ASKED_FOR],
    ]
