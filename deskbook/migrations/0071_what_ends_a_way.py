from django.db import migrations, models


class Migration(migrations.Migration):
    """Every row so far is of texts."""

    dependencies = [
        ('deskbook', '0070_what_may_be_there'),
    ]

    operations = [
        migrations.AddField(
            model_name='stoppednumber',
            name='way',
            field=models.CharField(db_default='sms', default='sms', max_length=16),
        ),
        migrations.RemoveConstraint(
            model_name='stoppednumber',
            name='one_row_per_stopped_number',
        ),
        migrations.AddConstraint(
            model_name='stoppednumber',
            constraint=models.UniqueConstraint(
                fields=('desk', 'way', 'number'), name='one_row_per_stopped_number'
            ),
        ),
    ]
