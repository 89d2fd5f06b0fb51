"""Kinds of file that the site keeps: how each is named, told to browsers and said to people."""

from dataclasses import dataclass

from ..figures import file_size


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its extension, media type and the word that people know it by."""

    extension: str
    media_type: str
    label: str

    @property
    def picture(self) -> bool:
        """Whether it is shown in a page and not only offered."""
        return self.media_type.startswith("image/")


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
KINDS = (
    Kind("jpg", "image/jpeg", "JPEG"),
    Kind("png", "image/png", "PNG"),
    Kind("webp", "image/webp", "WebP"),
    Kind("gif", "image/gif", "GIF"),
    Kind("pdf", "application/pdf", "PDF"),
    Kind("docx", f"{_OFFICE}wordprocessingml.document", "DOCX"),
    Kind("xlsx", f"{_OFFICE}spreadsheetml.sheet", "XLSX"),
    Kind("odt", f"{_OPEN}text", "ODT"),
    Kind("ods", f"{_OPEN}spreadsheet", "ODS"),
    Kind("txt", "text/plain", "TXT"),
    Kind("csv", "text/csv", "CSV"),
)
BY_EXTENSION = {kind.extension: kind for kind in KINDS} | {"jpeg": KINDS[0]}
BY_TYPE = {kind.media_type: kind for kind in KINDS}


def said(media_type: str, size: int) -> str:
    """What is said after a link to a file, its size given in bytes: «PDF, 1,2 МБ»; KeyError for a type that is not kept."""
    return f"{BY_TYPE[media_type].label}, {file_size(size)}"
