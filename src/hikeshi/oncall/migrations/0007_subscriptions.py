import django.db.models.deletion
import hikeshi.kernel.clock
import hikeshi.kernel.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('oncall', '0006_duty_notices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=hikeshi.kernel.ids.uuid7, editable=False, unique=True)),
                ('address', models.TextField(editable=False)),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('hint', models.CharField(editable=False, max_length=300)),
                ('containing', models.CharField(blank=True, default='', max_length=100)),
                ('made_by', models.CharField(max_length=100)),
                ('made_at', models.DateTimeField(default=hikeshi.kernel.clock.now)),
                ('due_at', models.DateTimeField(db_index=True, default=hikeshi.kernel.clock.now)),
                ('etag', models.CharField(blank=True, default='', max_length=300)),
                ('modified', models.CharField(blank=True, default='', max_length=300)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('whole_at', models.DateTimeField(blank=True, null=True)),
                ('tried_at', models.DateTimeField(blank=True, null=True)),
                ('fault', models.CharField(blank=True, default='', max_length=40)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('failing_since', models.DateTimeField(blank=True, null=True)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('taken', models.PositiveIntegerField(default=0)),
                ('aside', models.PositiveIntegerField(default=0)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rota', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='oncall.rota')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='absence',
            name='subscription',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='oncall.subscription'),
        ),
        migrations.AddField(
            model_name='cover',
            name='subscription',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='oncall.subscription'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', False), ('rota', None)), models.Q(('person', None), ('rota__isnull', False)), _connector='OR'), name='oncall_subscription_of_one'),
        ),
    ]
