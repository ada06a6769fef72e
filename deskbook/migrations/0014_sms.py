import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deskbook', '0013_whatsapp'),
    ]

    operations = [
        migrations.CreateModel(
            name='IncomingText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider_id', models.CharField(max_length=128)),
                ('number', models.CharField(max_length=32)),
                ('text', models.CharField(max_length=2000)),
                ('state', models.CharField(choices=[('new', 'New'), ('done', 'Done'), ('held', 'Held'), ('dropped', 'Dropped')], default='new', max_length=7)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('came_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SmsGateway',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('preset', models.CharField(max_length=16)),
                ('active', models.BooleanField(default=True)),
                ('method', models.CharField(default='POST', max_length=4)),
                ('url', models.CharField(max_length=500)),
                ('headers', models.TextField(blank=True)),
                ('body_kind', models.CharField(choices=[('query', 'Query'), ('form', 'Form'), ('json', 'Json')], default='form', max_length=5)),
                ('body', models.TextField(blank=True)),
                ('accepted', models.TextField(blank=True)),
                ('id_at', models.CharField(blank=True, max_length=200)),
                ('sender', models.CharField(blank=True, max_length=32)),
                ('entity', models.CharField(blank=True, max_length=32)),
                ('account', models.CharField(blank=True, max_length=128)),
                ('login', models.CharField(blank=True, max_length=128)),
                ('secret', models.TextField(blank=True)),
                ('per_minute', models.PositiveIntegerField(default=60)),
                ('report_check', models.CharField(choices=[('twilio', 'Twilio'), ('token', 'Token')], default='token', max_length=6)),
                ('report_token', models.CharField(max_length=64, unique=True)),
                ('report_fields', models.TextField(blank=True)),
                ('report_states', models.TextField(blank=True)),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SmsReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider_id', models.CharField(blank=True, max_length=128)),
                ('reference', models.CharField(blank=True, max_length=64)),
                ('status', models.CharField(max_length=64)),
                ('code', models.CharField(blank=True, max_length=64)),
                ('came_at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveIndex(
            model_name='textmessage',
            name='texts_to_send',
        ),
        migrations.AddField(
            model_name='textmessage',
            name='attempts',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='textmessage',
            name='ended_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='textmessage',
            name='entry',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deskbook.logentry'),
        ),
        migrations.AddField(
            model_name='textmessage',
            name='language',
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddField(
            model_name='textmessage',
            name='message',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='deskbook.message'),
        ),
        migrations.AddField(
            model_name='textmessage',
            name='next_try_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='textmessage',
            name='parts',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='textmessage',
            name='provider_id',
            field=models.CharField(blank=True, max_length=128),
        ),
        migrations.AddField(
            model_name='textmessage',
            name='purpose',
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AddField(
            model_name='textmessage',
            name='registered',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='textmessage',
            name='retrials',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='textmessage',
            name='ticket',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='texts', to='deskbook.ticket'),
        ),
        migrations.AlterField(
            model_name='textmessage',
            name='state',
            field=models.CharField(choices=[('queued', 'Queued'), ('sending', 'Sending'), ('sent', 'Sent'), ('delivered', 'Delivered'), ('failed', 'Failed'), ('dropped', 'Dropped')], default='queued', max_length=10),
        ),
        migrations.AlterField(
            model_name='textmessage',
            name='text',
            field=models.CharField(max_length=2000),
        ),
        migrations.AddIndex(
            model_name='textmessage',
            index=models.Index(condition=models.Q(('state__in', ['queued', 'sending'])), fields=['next_try_at'], name='texts_to_send'),
        ),
        migrations.AddIndex(
            model_name='textmessage',
            index=models.Index(fields=['desk', '-queued_at'], name='texts_by_desk'),
        ),
        migrations.AddIndex(
            model_name='textmessage',
            index=models.Index(condition=models.Q(('state', 'failed')), fields=['desk', '-queued_at'], name='texts_failed'),
        ),
        migrations.AddIndex(
            model_name='textmessage',
            index=models.Index(condition=models.Q(('provider_id', ''), _negated=True), fields=['provider_id'], name='texts_by_provider_id'),
        ),
        migrations.AddIndex(
            model_name='textmessage',
            index=models.Index(fields=['number', '-queued_at'], name='texts_by_number'),
        ),
        migrations.AddField(
            model_name='incomingtext',
            name='desk',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deskbook.helpdesk'),
        ),
        migrations.AddField(
            model_name='incomingtext',
            name='ticket',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='deskbook.ticket'),
        ),
        migrations.AddField(
            model_name='smsgateway',
            name='desk',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='sms_gateway', to='deskbook.helpdesk'),
        ),
        migrations.AddField(
            model_name='smsreport',
            name='desk',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deskbook.helpdesk'),
        ),
        migrations.AddField(
            model_name='smsreport',
            name='text',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='deskbook.textmessage'),
        ),
        migrations.AddIndex(
            model_name='incomingtext',
            index=models.Index(condition=models.Q(('state', 'held')), fields=['desk', '-came_at'], name='texts_held'),
        ),
        migrations.AddConstraint(
            model_name='incomingtext',
            constraint=models.UniqueConstraint(fields=('desk', 'provider_id'), name='one_row_per_incoming_text'),
        ),
        migrations.AddConstraint(
            model_name='smsreport',
            constraint=models.UniqueConstraint(fields=('desk', 'provider_id', 'reference', 'status', 'code'), name='one_row_per_sms_report'),
        ),
    ]
