from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deskbook', '0062_mail_that_may_be_there'),
    ]

    operations = [
        migrations.AddField(
            model_name='stoppednumber',
            name='word',
            field=models.CharField(blank=True, db_default='', default='', max_length=32),
        ),
    ]
