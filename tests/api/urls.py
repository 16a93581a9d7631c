"""The API alone, for tests that need no pages."""

from django.urls import include, path

urlpatterns = [path("api/v1/", include("docstore.api.urls"))]
