"""The Celery application; its settings are Django's."""

import os

from celery import Celery

from workers.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

app = Celery("docstore")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks(["workers"], related_name="pipeline")
app.autodiscover_tasks(["workers"], related_name="upkeep")
app.autodiscover_tasks(["workers"], related_name="lifecycle")
