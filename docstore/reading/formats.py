"""Every kind of file that may be filed, with its name in plain English and its usual extension. Data only."""

from enum import StrEnum


class Kind(StrEnum):
    """Everything that may be filed; nothing else is. The value is the registered media type."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    TIFF = "image/tiff"
    WEBP = "image/webp"
    HEIC = "image/heic"
    TEXT = "text/plain"
    CSV = "text/csv"
    RTF = "application/rtf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    ODT = "application/vnd.oasis.opendocument.text"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"
    ODP = "application/vnd.oasis.opendocument.presentation"
    DOC = "application/msword"
    XLS = "application/vnd.ms-excel"
    PPT = "application/vnd.ms-powerpoint"
    EML = "message/rfc822"
    MSG = "application/vnd.ms-outlook"
    WPD = "application/vnd.wordperfect"
    HTML = "text/html"
    MP3 = "audio/mpeg"
    WAV = "audio/wav"
    M4A = "audio/mp4"
    OGG = "audio/ogg"
    FLAC = "audio/flac"
    MP4 = "video/mp4"
    MOV = "video/quicktime"
    AVI = "video/x-msvideo"
    MKV = "video/x-matroska"

    @property
    def media_type(self) -> str:
        """The registered media type; kept with the version and sent with its bytes."""
        return self.value

    @property
    def is_office(self) -> bool:
        """Whether it must be converted to PDF before its pages can be read."""
        return self in OFFICE

    @property
    def is_picture(self) -> bool:
        """Whether it is pictures without text, one page to a frame."""
        return self in PICTURES

    @property
    def is_message(self) -> bool:
        """Whether it may carry other files that become documents of their own."""
        return self in MESSAGES

    @property
    def is_kept_only(self) -> bool:
        """Whether it is kept as evidence and has no pages: sound and film are named, never read."""
        return self in KEPT_ONLY

    @property
    def extension(self) -> str:
        """The usual extension, without the dot."""
        return NAMES[self][1]

    @property
    def words(self) -> str:
        """What people call it."""
        return NAMES[self][0]


NAMES: dict[Kind, tuple[str, str]] = {
    Kind.PDF: ("a PDF", "pdf"),
    Kind.JPEG: ("a JPEG picture", "jpg"),
    Kind.PNG: ("a PNG picture", "png"),
    Kind.TIFF: ("a TIFF picture", "tif"),
    Kind.WEBP: ("a WebP picture", "webp"),
    Kind.HEIC: ("a HEIC picture", "heic"),
    Kind.TEXT: ("plain text", "txt"),
    Kind.CSV: ("a table in plain text", "csv"),
    Kind.RTF: ("a rich text document", "rtf"),
    Kind.DOCX: ("a Word document", "docx"),
    Kind.XLSX: ("an Excel workbook", "xlsx"),
    Kind.PPTX: ("a PowerPoint presentation", "pptx"),
    Kind.ODT: ("an OpenDocument text", "odt"),
    Kind.ODS: ("an OpenDocument spreadsheet", "ods"),
    Kind.ODP: ("an OpenDocument presentation", "odp"),
    Kind.DOC: ("a Word document of the older kind", "doc"),
    Kind.XLS: ("an Excel workbook of the older kind", "xls"),
    Kind.PPT: ("a PowerPoint presentation of the older kind", "ppt"),
    Kind.EML: ("an e-mail", "eml"),
    Kind.MSG: ("an Outlook message", "msg"),
    Kind.WPD: ("a WordPerfect document", "wpd"),
    Kind.HTML: ("a web page", "html"),
    Kind.MP3: ("a sound recording (MP3)", "mp3"),
    Kind.WAV: ("a sound recording (WAV)", "wav"),
    Kind.M4A: ("a sound recording (MPEG-4)", "m4a"),
    Kind.OGG: ("a sound recording (Ogg)", "ogg"),
    Kind.FLAC: ("a sound recording (FLAC)", "flac"),
    Kind.MP4: ("a film (MPEG-4)", "mp4"),
    Kind.MOV: ("a film (QuickTime)", "mov"),
    Kind.AVI: ("a film (AVI)", "avi"),
    Kind.MKV: ("a film (Matroska or WebM)", "mkv"),
}
OFFICE = frozenset(
    {Kind.RTF, Kind.DOCX, Kind.XLSX, Kind.PPTX, Kind.ODT, Kind.ODS, Kind.ODP, Kind.DOC, Kind.XLS, Kind.PPT, Kind.WPD}
)
PICTURES = frozenset({Kind.JPEG, Kind.PNG, Kind.TIFF, Kind.WEBP, Kind.HEIC})
MESSAGES = frozenset({Kind.EML, Kind.MSG})
KEPT_ONLY = frozenset({Kind.MP3, Kind.WAV, Kind.M4A, Kind.OGG, Kind.FLAC, Kind.MP4, Kind.MOV, Kind.AVI, Kind.MKV})
