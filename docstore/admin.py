"""Read-only windows on the tables for administrators, behind the same sign-in as everything else (SEC-15, SEC-53)."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.db import models
from django.http import HttpRequest

from docstore.access.models import Court, RoleAssignment, User
from docstore.cases.models import CaseType, Section
from docstore.core.jobs import Job

admin.site.site_header = "Docstore, read only"


class Window(admin.ModelAdmin):  # type: ignore[type-arg] # not subscriptable at run time
    """Looks, and never touches: changes are made through the product's own acts, which are audited."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class Jobs(Window):
    list_display = ("id", "name", "state", "lane", "attempts", "reason")
    list_filter = ("state", "name")


class People(Window):
    list_display = ("username", "name", "is_active")
    exclude = ("password",)


def _to_sign_in(request: HttpRequest, extra_context: Any = None) -> Any:
    """There is one way in: the product's own sign-in."""
    return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)


admin.site.login = _to_sign_in  # type: ignore[method-assign] # the site's own form would be a second way in

for _model in (Court, RoleAssignment, CaseType, Section):
    admin.site.register(_model, Window)
admin.site.register(User, People)
admin.site.register(Job, Jobs)
