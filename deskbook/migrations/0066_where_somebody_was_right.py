from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deskbook', '0065_letters_of_texts'),
    ]

    operations = [
        migrations.AddField(
            model_name='chattry',
            name='was_right',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
