"""The addresses of the API. Each has a row in `access.ROUTES`, or a test fails."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularJSONAPIView

from docstore.api import problems
from docstore.api.views import cases, corrections, documents, records, schedules, search

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
    path("search", search.Search.as_view(), name="api-search"),
    path("cases/<uuid:case_id>/close", records.Close.as_view(), name="api-close"),
    path("cases/<uuid:case_id>/reopen", records.Reopen.as_view(), name="api-reopen"),
    path("cases/<uuid:case_id>/triggers", records.Triggers.as_view(), name="api-case-triggers"),
    path("cases/<uuid:case_id>/retention", records.Retention.as_view(), name="api-case-retention"),
    path("documents/<uuid:document_id>/triggers", records.Triggers.as_view(), name="api-document-triggers"),
    path("documents/<uuid:document_id>/retention", records.Retention.as_view(), name="api-document-retention"),
    path("triggers/<int:trigger_id>/void", records.VoidTrigger.as_view(), name="api-void-trigger"),
    path("schedules", schedules.Schedules.as_view(), name="api-schedules"),
    path("schedules/import", schedules.ImportSchedule.as_view(), name="api-import-schedule"),
    path("schedules/<str:code>/export", schedules.ExportSchedule.as_view(), name="api-export-schedule"),
    path("classes", schedules.Classes.as_view(), name="api-classes"),
    path("classes/<int:class_id>/versions", schedules.ClassVersions.as_view(), name="api-class-versions"),
    path("class-versions/<int:version_id>/preview", schedules.PreviewVersion.as_view(), name="api-preview-version"),
    path("class-versions/<int:version_id>/submit", schedules.SubmitVersion.as_view(), name="api-submit-version"),
    path("class-versions/<int:version_id>/approve", schedules.ApproveVersion.as_view(), name="api-approve-version"),
    path("class-versions/<int:version_id>/withdraw", schedules.WithdrawVersion.as_view(), name="api-withdraw-version"),
    path("holds", schedules.Holds.as_view(), name="api-holds"),
    path("holds/<uuid:hold_id>", schedules.OneHold.as_view(), name="api-hold"),
    path("holds/<uuid:hold_id>/release", schedules.ReleaseHold.as_view(), name="api-release-hold"),
    path("openapi.json", SpectacularJSONAPIView.as_view(), name="api-openapi"),
    re_path(r"^.*$", problems.unknown_address, name="api-unknown"),
]
