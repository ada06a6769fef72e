from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deskbook', '0067_held_no_more'),
    ]

    operations = [
        migrations.AddField(
            model_name='findingticket',
            name='text',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
    ]
