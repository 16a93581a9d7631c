"""The addresses of the API. Each has a row in `access.ROUTES`, or a test fails."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularJSONAPIView

from docstore.api import problems
from docstore.api.views import batches, cases, corrections, documents, saved, search, stations

urlpatterns = [
    path("me", cases.Me.as_view(), name="api-me"),
    path("case-types", cases.CaseTypes.as_view(), name="api-case-types"),
    path("cases", cases.Cases.as_view(), name="api-cases"),
    path("cases/<uuid:case_id>", cases.OneCase.as_view(), name="api-case"),
    path("cases/<uuid:case_id>/members", cases.Members.as_view(), name="api-members"),
    path("cases/<uuid:case_id>/exclusions", cases.Exclusions.as_view(), name="api-exclusions"),
    path("cases/<uuid:case_id>/documents", documents.CaseDocuments.as_view(), name="api-case-documents"),
    path("documents/<uuid:document_id>", documents.OneDocument.as_view(), name="api-document"),
    path("documents/<uuid:document_id>/content", documents.Content.as_view(), name="api-content"),
    path("documents/<uuid:document_id>/pages/<int:number>", documents.Pages.as_view(), name="api-page"),
    path("documents/<uuid:document_id>/pages/<int:number>/image", documents.PageImage.as_view(), name="api-image"),
    path(
        "documents/<uuid:document_id>/pages/<int:number>/corrections",
        corrections.Corrections.as_view(),
        name="api-corrections",
    ),
    path(
        "documents/<uuid:document_id>/pages/<int:number>/corrections/revert",
        corrections.Revert.as_view(),
        name="api-revert-correction",
    ),
    path("documents/<uuid:document_id>/versions", documents.Versions.as_view(), name="api-versions"),
    path("documents/<uuid:document_id>/withdraw", documents.Withdraw.as_view(), name="api-withdraw"),
    path("documents/<uuid:document_id>/restore", documents.Restore.as_view(), name="api-restore"),
    path("documents/<uuid:document_id>/reclassify", documents.Reclassify.as_view(), name="api-reclassify"),
    path("documents/<uuid:document_id>/seal", documents.Seal.as_view(), name="api-seal"),
    path("documents/<uuid:document_id>/unseal", documents.Unseal.as_view(), name="api-unseal"),
    path("documents/<uuid:document_id>/move", documents.Move.as_view(), name="api-move"),
    path("documents/<uuid:document_id>/reread", documents.Reread.as_view(), name="api-reread"),
    path("documents/<uuid:document_id>/explain", documents.Explain.as_view(), name="api-explain"),
    path("documents/<uuid:document_id>/trail", documents.Trail.as_view(), name="api-trail"),
    path("documents/<uuid:document_id>/find", search.FindInDocument.as_view(), name="api-find"),
    path("search", search.Search.as_view(), name="api-search"),
    path("search/export", search.Export.as_view(), name="api-search-export"),
    path("saved-searches", saved.SavedSearches.as_view(), name="api-saved-searches"),
    path("saved-searches/<uuid:search_id>", saved.OneSavedSearch.as_view(), name="api-saved-search"),
    path("saved-searches/<uuid:search_id>/watch", saved.Watch.as_view(), name="api-saved-watch"),
    path("saved-searches/<uuid:search_id>/alerts", saved.Alerts.as_view(), name="api-saved-alerts"),
    path("saved-searches/<uuid:search_id>/seen", saved.AlertsSeen.as_view(), name="api-saved-seen"),
    path("stations/me", stations.Me.as_view(), name="api-station"),
    path("stations/me/heartbeat", stations.Heartbeat.as_view(), name="api-heartbeat"),
    path("batches", batches.Batches.as_view(), name="api-batches"),
    path("batches/<uuid:batch_id>", batches.OneBatch.as_view(), name="api-batch"),
    path("batches/<uuid:batch_id>/close", batches.Close.as_view(), name="api-batch-close"),
    path("batches/<uuid:batch_id>/receipt", batches.Receipt.as_view(), name="api-receipt"),
    path("batches/<uuid:batch_id>/items/<int:seq>/content", batches.Content.as_view(), name="api-item-content"),
    path("events", stations.Events.as_view(), name="api-events"),
    path("schemas/batch.json", batches.Schema.as_view(), name="api-batch-schema"),
    path("openapi.json", SpectacularJSONAPIView.as_view(), name="api-openapi"),
    re_path(r"^.*$", problems.unknown_address, name="api-unknown"),
]
