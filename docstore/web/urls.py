"""The addresses of the pages. They hold ids only: no word, no name, no reference."""

from django.urls import include, path
from django.views.i18n import set_language

from docstore.web.security import REPORTS_PATH
from docstore.web.views import about, acts, cases, documents, finding, intake, session, start, uploads, viewer, whole

urlpatterns = [
    path("", start.start, name="home"),
    path("sign-in/", session.SignIn.as_view(), name="account_login"),
    path("sign-out/", session.SignOut.as_view(), name="account_logout"),
    # allauth asks for these names; accounts are made and mended by those who manage people.
    path("sign-up/", about.find_nothing, name="account_signup"),
    path("account/inactive/", about.find_nothing, name="account_inactive"),
    path("account/email/", about.find_nothing, name="account_email"),
    path("account/confirm/", session.Reauthenticate.as_view(), name="account_reauthenticate"),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("language/", set_language, name="set_language"),
    path("day/", start.day_list, name="day"),
    path("records/", start.show_records, name="records"),
    path("cases/", cases.list_cases, name="cases"),
    path("cases/open/", cases.open_case, name="open-case"),
    path("cases/<uuid:case_id>/", cases.show_case, name="case"),
    path("cases/<uuid:case_id>/file/", uploads.file_documents, name="file-documents"),
    path("documents/<uuid:document_id>/", documents.show_document, name="document"),
    path("documents/<uuid:document_id>/progress/", documents.show_progress, name="progress"),
    path("documents/<uuid:document_id>/original/", documents.send_original, name="original"),
    path("documents/<uuid:document_id>/pages/", viewer.go_to_page, name="go-to-page"),
    path("documents/<uuid:document_id>/pages/<int:number>/", viewer.show_page, name="page"),
    path("documents/<uuid:document_id>/pages/<int:number>/turn/", viewer.turn_page, name="turn-page"),
    path("documents/<uuid:document_id>/text/", whole.show_text, name="document-text"),
    path("documents/<uuid:document_id>/print/", whole.print_document, name="print-document"),
    path("documents/<uuid:document_id>/pages/<int:number>/picture/", documents.send_picture, name="picture"),
    path("documents/<uuid:document_id>/pages/<int:number>/thumbnail/", documents.send_thumbnail, name="thumbnail"),
    path("documents/<uuid:document_id>/acts/<slug:act>/", acts.do_act, name="document-act"),
    path("search/", finding.search, name="search"),
    path("intake/", intake.list_waiting, name="intake"),
    path("intake/<int:job_id>/retry/", intake.retry, name="retry-job"),
    path("help/", about.give_help, name="help"),
    path("accessibility/", about.state_accessibility, name="accessibility"),
    path(REPORTS_PATH.lstrip("/"), about.take_report, name="csp-reports"),
    # Last: what leads nowhere looks like what is hidden. Only with a slash at its end, so that one is still added.
    path("<path:anything>/", about.find_nothing),
]
