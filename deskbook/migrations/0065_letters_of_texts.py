from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deskbook', '0064_indexes_of_what_waits'),
    ]

    operations = [
        migrations.AddField(
            model_name='textmessage',
            name='letter',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
    ]
