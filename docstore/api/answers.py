"""The shapes of answers, for OpenAPI. `shapes` makes them; a contract test holds the two together."""

from typing import Any

from rest_framework import serializers


class Shape(serializers.Serializer[Any]):
    """A shape that is only described, never parsed."""


class CourtShape(Shape):
    code = serializers.CharField()
    name = serializers.CharField()


class Me(Shape):
    username = serializers.CharField()
    name = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    courts = CourtShape(many=True)


class CaseType(Shape):
    code = serializers.CharField()
    name = serializers.CharField()
    jurisdiction = serializers.CharField()
    sections = CourtShape(many=True)


class CaseTypes(Shape):
    results = CaseType(many=True)


class ReferenceShape(Shape):
    kind = serializers.CharField()
    value = serializers.CharField()


class SectionShape(Shape):
    code = serializers.CharField()
    name = serializers.CharField()
    documents = serializers.IntegerField()
    rights = serializers.ListField(child=serializers.CharField())


class Case(Shape):
    id = serializers.UUIDField()
    title = serializers.CharField()
    court = serializers.CharField()
    case_type = serializers.CharField()
    jurisdiction = serializers.CharField()
    status = serializers.CharField()
    classification = serializers.CharField()
    sealed = serializers.BooleanField()
    references = ReferenceShape(many=True)
    sections = SectionShape(many=True)
    documents = serializers.IntegerField()
    hidden = serializers.IntegerField(required=False)


class CasePage(Shape):
    results = Case(many=True)
    next = serializers.CharField(allow_null=True)


class Made(Shape):
    id = serializers.UUIDField()


class VersionShape(Shape):
    number = serializers.IntegerField()
    sha256 = serializers.CharField()
    bytes = serializers.IntegerField()
    media_type = serializers.CharField()
    original_name = serializers.CharField()
    filed_at = serializers.DateTimeField()
    filed_by = serializers.CharField()


class PagesShape(Shape):
    total = serializers.IntegerField(allow_null=True)
    readable = serializers.IntegerField()
    searchable = serializers.IntegerField()
    without_text = serializers.IntegerField()
    failed = serializers.IntegerField()


class Document(Shape):
    id = serializers.UUIDField()
    case = serializers.UUIDField()
    title = serializers.CharField()
    section = serializers.CharField()
    type = serializers.CharField()
    dated_on = serializers.DateField(allow_null=True)
    received_on = serializers.DateField(allow_null=True)
    received_at = serializers.DateTimeField(allow_null=True)
    scanned_on = serializers.DateField(allow_null=True)
    filed_at = serializers.DateTimeField()
    filed_by = serializers.CharField()
    language = serializers.CharField()
    classification = serializers.CharField()
    sealed = serializers.BooleanField()
    withdrawn = serializers.BooleanField()
    stage = serializers.ChoiceField(
        choices=["RECEIVED", "CLEAN", "READABLE", "SEARCHABLE", "QUARANTINED", "UNREADABLE"]
    )
    partial = serializers.BooleanField()  # type: ignore[assignment] # the wire's word is also a method there
    reason = serializers.CharField(allow_null=True)
    pages = PagesShape()
    current = serializers.IntegerField()
    versions = VersionShape(many=True)


class DocumentPage(Shape):
    results = Document(many=True)
    next = serializers.CharField(allow_null=True)


class VersionList(Shape):
    results = VersionShape(many=True)


class Attachments(Shape):
    message = serializers.UUIDField(allow_null=True)
    results = Document(many=True)


class NearDuplicate(Shape):
    document = Document()
    likeness = serializers.FloatField(min_value=0, max_value=1)


class NearDuplicates(Shape):
    results = NearDuplicate(many=True)


class WordShape(Shape):
    text = serializers.CharField()
    box = serializers.ListField(child=serializers.FloatField(), min_length=4, max_length=4)
    confidence = serializers.IntegerField(allow_null=True)


class Corrected(Shape):
    by = serializers.CharField()
    at = serializers.DateTimeField()
    reason = serializers.CharField()


class Layer(Shape):
    """A text of a page beside the one in use."""

    source = serializers.ChoiceField(choices=["native", "ocr", "person"])  # type: ignore[assignment] # the wire's word is also an attribute there
    text = serializers.CharField()
    engine = serializers.CharField()
    language = serializers.CharField()
    confidence = serializers.FloatField(allow_null=True)
    at = serializers.DateTimeField()
    by = serializers.CharField()
    reason = serializers.CharField(allow_null=True)
    in_use = serializers.BooleanField()
    ended_at = serializers.DateTimeField(allow_null=True)


class Layers(Shape):
    results = Layer(many=True)


class Page(Shape):
    number = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment] # the wire's word is also an attribute there
    width = serializers.FloatField()
    height = serializers.FloatField()
    state = serializers.CharField()
    reason = serializers.CharField(allow_null=True)
    text = serializers.CharField()
    method = serializers.ChoiceField(choices=["native", "ocr", "none"])
    engine = serializers.CharField()
    language = serializers.CharField()
    confidence = serializers.FloatField(allow_null=True)
    corrected = Corrected(allow_null=True)
    words = WordShape(many=True)


class PageText(Shape):
    number = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment] # the wire's word is also an attribute there
    text = serializers.CharField()
    method = serializers.ChoiceField(choices=["native", "ocr", "none"])
    language = serializers.CharField()
    confidence = serializers.FloatField(allow_null=True)


class TextPage(Shape):
    results = PageText(many=True)
    next = serializers.CharField(allow_null=True)


class Explanation(Shape):
    allowed = serializers.BooleanField()
    because = serializers.ListField(child=serializers.CharField())


class TrailLine(Shape):
    at = serializers.DateTimeField()
    event = serializers.CharField()
    sentence = serializers.CharField()
    who = serializers.CharField()
    role = serializers.CharField()
    facts = serializers.DictField()


class Trail(Shape):
    results = TrailLine(many=True)
    next = serializers.CharField(allow_null=True)


class SnippetPart(Shape):
    text = serializers.CharField()
    hit = serializers.BooleanField()


class Hit(Shape):
    document = serializers.UUIDField()
    title = serializers.CharField()
    case = serializers.UUIDField()
    reference = serializers.CharField()
    page = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment] # the wire's word is also an attribute there
    snippet = SnippetPart(many=True)
    confidence = serializers.FloatField(allow_null=True)
    score = serializers.FloatField()
    boxes = serializers.ListField(child=serializers.ListField(child=serializers.FloatField()))


class FacetValue(Shape):
    value = serializers.CharField()
    name = serializers.CharField()
    documents = serializers.IntegerField()


class ProblemShape(Shape):
    text = serializers.CharField()
    at = serializers.IntegerField()
    why = serializers.CharField()


class Results(Shape):
    hits = Hit(many=True)
    pages = serializers.IntegerField()
    documents = serializers.IntegerField()
    facets = serializers.DictField(child=FacetValue(many=True))
    suggestion = serializers.CharField(allow_null=True)
    not_understood = serializers.ListField(child=serializers.CharField())
    problems = ProblemShape(many=True)
    next = serializers.CharField(allow_null=True)


class PageFound(Shape):
    page = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment] # the wire's word is also an attribute there
    hits = serializers.IntegerField()
    first = serializers.IntegerField()
    snippet = SnippetPart(many=True)
    boxes = serializers.ListField(child=serializers.ListField(child=serializers.FloatField()))


class FoundInDocument(Shape):
    document = serializers.UUIDField()
    version = serializers.IntegerField()
    hits = serializers.IntegerField()
    pages = PageFound(many=True)
    not_understood = serializers.ListField(child=serializers.CharField())


class SavedSearch(Shape):
    id = serializers.UUIDField()
    name = serializers.CharField()
    query = serializers.CharField(allow_blank=True)
    filters = serializers.DictField()
    sort = serializers.CharField()
    watched = serializers.BooleanField()
    new = serializers.IntegerField()
    created_at = serializers.DateTimeField()


class SavedSearches(Shape):
    results = SavedSearch(many=True)


class Seen(Shape):
    alerts = serializers.IntegerField()
