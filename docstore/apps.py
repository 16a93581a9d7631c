"""The one Django app."""

from django.apps import AppConfig


class DocstoreConfig(AppConfig):
    """Docstore, with its own table names."""

    name = "docstore"
    default_auto_field = "django.db.models.BigAutoField"
