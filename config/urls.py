"""Where each address leads: the API, the health probes, the admin windows and the pages."""

from django.contrib import admin
from django.urls import include, path

from docstore.api import health, keys

handler500 = "docstore.api.problems.fault"
urlpatterns = [
    path("livez", health.live),
    path("readyz", health.ready),
    path("startupz", health.started),
    path(".well-known/jwks.json", keys.publish, name="signing-keys"),
    path("api/v1/", include("docstore.api.urls")),
    path("admin/", admin.site.urls),
    path("", include("docstore.web.urls")),
]
