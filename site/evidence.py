"""Scans that prove something in a case: what they are is told by their content, and they are kept byte for byte.

Not written anew as pictures of the site are (`uploads.py`): what an expert judges must be what the teacher brought.
"""

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

import pikepdf
from PIL import Image

from ..procedure.refusal import Refusal
from . import uploads
from .content.media import BY_EXTENSION, Kind
from .figures import file_size, plural

MEGABYTE = 1024 * 1024
MOST_PIXELS = uploads.MOST_PIXELS
MOST_PAGES = 300
LONGEST_NAME = 200
_DAMAGED_PICTURE = "снимок повреждён или обрывается. Отсканируйте или сфотографируйте документ ещё раз"
_DAMAGED_PDF = "PDF повреждён или обрывается. Сохраните его заново и проверьте, что он открывается"
_ENDING = 1024
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffe\uffff]|[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Bounds:
    """Which files are taken: their extensions, their largest size in megabytes, and the clause that says so."""

    formats: tuple[str, ...]
    megabytes: int
    clause: str = ""

    @property
    def most(self) -> int:
        """The largest size in bytes."""
        return self.megabytes * MEGABYTE

    @property
    def words(self) -> str:
        """«PDF или JPEG до 3 МБ»."""
        labels = sorted({BY_EXTENSION[name].label for name in self.formats}, reverse=True)
        return f"{' или '.join(labels)} до {self.megabytes} МБ"


@dataclass(frozen=True, slots=True)
class Examined:
    """A file fit to be kept in a case: its content as it was brought, its name, what it is and how many pages it has."""

    data: bytes
    name: str
    kind: Kind
    pages: int


def examine(data: bytes, name: str, bounds: Bounds) -> Examined:
    """The file as it is kept. Refusal names it, says what is wrong and what to do."""
    name = plain_name(name)
    if not data:
        raise _refused(name, "файл пуст. Проверьте его и выберите ещё раз", bounds)
    if len(data) > bounds.most:
        raise _refused(name, _too_big(data, bounds), bounds)
    kind = _kind(data, name, bounds)
    try:
        pages = _pages(data) if kind.extension == "pdf" else _picture(data)
    except Refusal as wrong:
        raise _refused(name, wrong.sentence, bounds) from None
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise _refused(name, "к нему дописан архив. Сохраните документ заново в программе, в которой он сделан", bounds)
    return Examined(data, name, kind, pages)


def plain_name(name: str) -> str:
    """The name of a brought file without folders and unseen signs, shortened in the middle; what is left of none is «файл»."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = " ".join(_UNSEEN.sub("", unicodedata.normalize("NFC", last)).split()) or "файл"
    if len(shown) <= LONGEST_NAME:
        return shown
    ending = PurePath(shown).suffix[:10]
    return f"{shown[: LONGEST_NAME - len(ending) - 1]}…{ending}"


def _refused(name: str, what: str, bounds: Bounds) -> Refusal:
    return Refusal(f"Файл «{name}» не принят: {what}.", bounds.clause)


def _too_big(data: bytes, bounds: Bounds) -> str:
    over, parts = len(data) - bounds.most, -(-len(data) // bounds.most)
    size = f"он занимает {file_size(len(data))}, это на {file_size(over)} больше разрешённых {bounds.megabytes} МБ"
    if data.startswith(b"%PDF-"):
        split = f"Разделите PDF на {plural(parts, 'часть', 'части', 'частей')} и приложите их к той же строке"
        return f"{size}. {split}, или отсканируйте документ в серых тонах при 150–200 точках на дюйм"
    return f"{size}. Уменьшите снимок до 2000 точек по длинной стороне или сохраните его с меньшим качеством"


def _kind(data: bytes, name: str, bounds: Bounds) -> Kind:
    """What the content is, if files of that kind are taken and the name says the same."""
    extension = PurePath(name).suffix.removeprefix(".").lower()
    try:
        found: Kind | None = uploads.kind_of(data, extension)
        what = found.label if found else ""
    except uploads.Foreign as foreign:
        found, what = None, foreign.what
    except Refusal:
        found, what = None, ""
    if found is None or found.extension not in bounds.formats:
        said = f"по содержанию это {what}" if what else "его содержание не узнано"
        raise _refused(name, f"{said}. Сохраните документ как {bounds.words}", bounds)
    if BY_EXTENSION.get(extension) is not found:
        raise _refused(name, f"по содержанию это {found.label}. Дайте ему имя с окончанием .{found.extension}", bounds)
    return found


def _picture(data: bytes) -> int:
    """One sheet, whole to its last point. How large it is stands in its head: that is asked before a point is unpacked."""
    try:
        with uploads.whole_pictures(), Image.open(io.BytesIO(data), formats=("JPEG", "MPO")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise _huge()
            opened.load()
    except Image.DecompressionBombError:
        raise _huge() from None
    except Refusal:
        raise
    except Exception:  # whatever a broken picture breaks in the library, the remedy is the same
        raise Refusal(_DAMAGED_PICTURE) from None
    return 1


def _huge() -> Refusal:
    return Refusal(f"в снимке больше {MOST_PIXELS // 1_000_000} миллионов точек. Уменьшите его до 2000 по длинной стороне")


def _pages(data: bytes) -> int:
    """The pages of a PDF that is whole, open to whoever judges it, and in which nothing runs and no other file lies."""
    end = data.rfind(b"%%EOF")
    if end < 0 or len(data) - end > _ENDING:
        raise Refusal(_DAMAGED_PDF)
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                raise Refusal("PDF зашифрован, и эксперт его не прочтёт. Снимите защиту и сохраните файл заново")
            pages = len(pdf.pages)
            if not pages:
                raise Refusal("в PDF нет ни одной страницы. Сохраните его заново")
            if pages > MOST_PAGES:
                said = plural(pages, "страница", "страницы", "страниц")
                raise Refusal(f"в PDF {said}, а принимают не больше {MOST_PAGES}. Разделите его на части")
            if inside := uploads.active_in(pdf):
                raise Refusal(f"в PDF есть {inside}, таких файлов не принимают. Сохраните его заново через печать в PDF")
    except pikepdf.PasswordError:
        raise Refusal("PDF закрыт паролем, и эксперт его не прочтёт. Снимите пароль и сохраните файл заново") from None
    except Refusal:
        raise
    except Exception:  # whatever a broken document breaks in the library, the remedy is the same
        raise Refusal(_DAMAGED_PDF) from None
    return pages
