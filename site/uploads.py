"""Files brought by the office: what they are is told by their content, never by their name; kept by their content's hash.

Nothing that runs gets in: no script in a PDF, no macro in a document, no drawing in SVG. A picture is written anew from its
points, so that neither the place where it was taken nor anything appended to it reaches a visitor.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image, ImageCms, ImageFile, ImageOps

from ..procedure.refusal import Refusal
from . import archives, files
from .content.media import BY_EXTENSION, KINDS, Kind

LARGEST = 20 * 1024 * 1024
MOST_PIXELS = 40_000_000

ACCEPTED = ", ".join(kind.label for kind in KINDS)
_EXTENSION = re.compile(r"\.([A-Za-z0-9]{1,5})$")

# A piece of a PDF may unpack to a thousand times its size, and to a million by two filters: no more than this is unpacked of
# any. For the whole process, once, before anybody opens a PDF.
MOST_UNPACKED = 64 * 1024 * 1024
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=MOST_UNPACKED,
    png_max_memory=MOST_UNPACKED,
    run_length_max_memory=MOST_UNPACKED,
    tiff_max_memory=MOST_UNPACKED,
    dct_max_memory=4 * MOST_UNPACKED,
    max_stream_filters=4,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """A file fit to be kept: its content as it will be kept, what it is, of a picture its size in pixels."""

    data: bytes
    kind: Kind
    width: int | None = None
    height: int | None = None

    @property
    def media_type(self) -> str:
        """The type that browsers are told."""
        return self.kind.media_type

    @property
    def extension(self) -> str:
        """What its name should end with."""
        return self.kind.extension


def check(data: bytes, name: str) -> Checked:
    """The file as it may be kept. Refusal says what is wrong with it and what to do."""
    if not data:
        raise Refusal("Файл пуст: проверьте его и выберите ещё раз.")
    if len(data) > LARGEST:
        raise Refusal(f"Файл больше {LARGEST // 1024 // 1024} МБ: уменьшите его или разделите на части.")
    found = _EXTENSION.search(name.strip())
    extension = found[1].lower() if found else ""
    kind = kind_of(data, extension)
    named = BY_EXTENSION.get(extension)
    if extension and named is not kind:
        raise Refusal(f"Файл называется «{name}», а по содержанию это {kind.label}: дайте ему расширение .{kind.extension}.")
    return CHECKS[kind.extension](data, kind)


def keep(uploads_dir: Path, checked: Checked) -> str:
    """Write the content under its SHA-256 and give that; OSError when it cannot be written."""
    return files.freeze(uploads_dir, checked.data, suffix="")


def path_of(uploads_dir: Path, sha256: str) -> Path:
    """Where the content of this hash stands, whether or not it is there; ValueError for text that is no SHA-256."""
    return files.path_of(uploads_dir, sha256, suffix="")


# --- What it is -------------------------------------------------------------------------------------------------------------

_SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"%PDF-", "pdf"),
)
# What people bring and the site does not keep: its first bytes, its name, what to do with it.
_FOREIGN: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "документ или таблица старого вида", "сохраните его как DOCX или XLSX"),
    (b"{\\rtf", "RTF", "сохраните его как DOCX или ODT"),
    (b"Rar!", "архив RAR", "приложите сами файлы, не архив"),
    (b"7z\xbc\xaf\x27\x1c", "архив 7-Zip", "приложите сами файлы, не архив"),
    (b"\x1f\x8b", "архив GZIP", "приложите сами файлы, не архив"),
    (b"MZ", "программа", "сайт их не принимает"),
    (b"\x7fELF", "программа", "сайт их не принимает"),
    (b"BM", "картинка BMP", "сохраните её как PNG"),
    (b"II*\x00", "картинка TIFF", "сохраните её как JPEG или PNG"),
    (b"MM\x00*", "картинка TIFF", "сохраните её как JPEG или PNG"),
)
_MARKUP = re.compile(r"\s*(?:<\?xml|<!--|<!doctype|<(svg|html|head|body|script)\b)", re.IGNORECASE)
_SVG = re.compile(r"<(?:\w+:)?svg\b", re.IGNORECASE)


def kind_of(data: bytes, extension: str) -> Kind:
    """What the content is; Refusal for what the site does not keep. Of plain text the extension tells whether it is a table."""
    for sign, known in _SIGNS:
        if data.startswith(sign):
            return BY_EXTENSION[known]
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return BY_EXTENSION["webp"]
    if data.startswith(b"PK\x03\x04"):
        return _office_kind(data)
    if data[4:8] == b"ftyp":
        film = data[8:12] not in {b"heic", b"heix", b"mif1", b"avif"}
        raise _foreign(*(("видео или звук", "сайт их не принимает") if film else ("картинка HEIC", "сохраните её как JPEG")))
    for sign, name, advice in _FOREIGN:
        if data.startswith(sign):
            raise _foreign(name, advice)
    text = _decoded(data)
    if _MARKUP.match(text):
        if _SVG.search(text):
            raise _foreign("рисунок SVG", "в нём может быть программа, сохраните его как PNG")
        raise _foreign("HTML или XML", "текст впишите в страницу сайта или сохраните как PDF")
    return BY_EXTENSION["csv" if extension == "csv" else "txt"]


class Foreign(Refusal):
    """A kind of file that the site does not keep; `what` names it, nothing where it was not recognised."""

    def __init__(self, sentence: str, what: str = "") -> None:
        super().__init__(sentence)
        self.what = what


def _foreign(name: str, advice: str) -> Foreign:
    return Foreign(f"Это {name}: {advice}. Сайт хранит {ACCEPTED}.", name)


def _decoded(data: bytes) -> str:
    """Plain text in UTF-8 or Windows-1251; Refusal for anything else."""
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _BINARY.search(text):
            return text
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _foreign("текст в кодировке UTF-16", "сохраните его в UTF-8")
    raise Foreign(f"Содержание файла не узнано. Сайт хранит {ACCEPTED}.")


_BINARY = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


# --- Plain text -------------------------------------------------------------------------------------------------------------


def _text(data: bytes, kind: Kind) -> Checked:
    """In UTF-8, whatever it came in; spreadsheets know a table in it by the mark at its beginning."""
    _refuse_tail(data)
    return Checked(_decoded(data).encode("utf-8-sig" if kind.extension == "csv" else "utf-8"), kind)


def _refuse_tail(data: bytes) -> None:
    """A file that is an archive as well would be one thing to us and another to those who open it."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise Refusal("К файлу дописан архив: сохраните файл заново в программе, в которой он сделан.")


# --- Pictures ---------------------------------------------------------------------------------------------------------------

FORMATS = {"jpg": ("JPEG", "MPO"), "png": ("PNG",), "webp": ("WEBP",), "gif": ("GIF",)}
HOW_WRITTEN: dict[str, dict[str, Any]] = {
    "jpg": {"format": "JPEG", "quality": 90, "optimize": True, "progressive": True},
    "png": {"format": "PNG", "optimize": True},
    "webp": {"format": "WEBP", "quality": 90},
    "gif": {"format": "GIF"},
}
_KEPT_MODES = {"jpg": {"L", "RGB"}, "png": {"1", "L", "LA", "P", "RGB", "RGBA"}, "webp": {"RGB", "RGBA"}, "gif": {"L", "P"}}
_DAMAGED_PICTURE = "Картинка повреждена: откройте её в графической программе и сохраните заново."


def _picture(data: bytes, kind: Kind) -> Checked:
    """The picture written anew, turned as it is looked at, in the colours of the web."""
    try:
        with whole_pictures(), Image.open(io.BytesIO(data), formats=FORMATS[kind.extension]) as opened:
            _refuse_huge(opened)
            # A telephone adds a second picture to a photograph (MPO); it is no animation.
            if getattr(opened, "n_frames", 1) > 1 and opened.format != "MPO":
                raise Refusal("Картинка движется: посетитель не сможет её остановить. Сохраните один кадр.")
            opened.load()
            made, width, height = _written(opened, kind)
    except Image.DecompressionBombError:
        raise _huge() from None
    except Refusal:
        raise
    except Exception:  # whatever a broken picture breaks in the library, the remedy is the same
        raise Refusal(_DAMAGED_PICTURE) from None
    return Checked(made, kind, width, height)


@contextmanager
def whole_pictures() -> Iterator[None]:
    """Take no picture that ends too early, whatever a library of this process has allowed (WeasyPrint allows it to all)."""
    allowed = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = allowed


def _refuse_huge(picture: Image.Image) -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise _huge()


def _huge() -> Refusal:
    return Refusal(f"В картинке больше {MOST_PIXELS // 1_000_000} миллионов точек: уменьшите её, хватит 2500 в ширину.")


def _written(opened: Image.Image, kind: Kind) -> tuple[bytes, int, int]:
    """The picture's points and nothing else, its width and height."""
    picture = _in_web_colours(ImageOps.exif_transpose(opened))
    picture = _in_kept_mode(picture, kind)
    # What a writer would take over from the original: profile, comment, place and time.
    picture.info = {name: value for name, value in picture.info.items() if name == "transparency"}
    made = io.BytesIO()
    picture.save(made, **HOW_WRITTEN[kind.extension])
    return made.getvalue(), picture.width, picture.height


def _in_web_colours(picture: Image.Image) -> Image.Image:
    """In sRGB, since the profile is not kept; a profile that cannot be read is passed over."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in {"RGB", "CMYK"}:
        return picture
    try:
        given, wanted = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, given, wanted, outputMode="RGB") or picture
    except (ImageCms.PyCMSError, OSError):
        return picture


def _in_kept_mode(picture: Image.Image, kind: Kind) -> Image.Image:
    if picture.mode in _KEPT_MODES[kind.extension]:
        return picture
    if picture.mode.startswith("I"):  # sixteen bits of grey
        return picture.convert("I").point(lambda level: level / 256).convert("L")
    if kind.extension == "gif":
        return picture.convert("P")
    return picture.convert("RGBA" if picture.has_transparency_data and kind.extension != "jpg" else "RGB")


# --- PDF --------------------------------------------------------------------------------------------------------------------

# Actions of a PDF that do something other than show another place of it or a web page.
_ACTIONS = {
    "/JavaScript": "программа (JavaScript)",
    "/Launch": "запуск программ",
    "/ImportData": "загрузка данных",
    "/SubmitForm": "отправка данных",
    "/Rendition": "звук или видео",
    "/Movie": "звук или видео",
    "/Sound": "звук или видео",
}
_ANNOTATIONS = {"/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}
_UNREAD = ("error decoding stream data", "unfilterable stream", "limit exceeded")
_SAVE_ANEW = "сохраните PDF заново без этого, например через печать в PDF"
_ENDING = 1024


def _pdf(data: bytes, kind: Kind) -> Checked:
    """Whole, open to everybody, without anything that runs and without files inside; kept as it is, signatures too."""
    _refuse_tail(data)
    end = data.rfind(b"%%EOF")
    if end < 0 or len(data) - end > _ENDING:
        raise Refusal("PDF обрывается или к нему что-то дописано: сохраните его заново.")
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                raise Refusal("PDF зашифрован: посетители не смогут им пользоваться. Снимите защиту и сохраните его заново.")
            if not len(pdf.pages):
                raise Refusal("В PDF нет ни одной страницы: сохраните его заново.")
            if inside := active_in(pdf):
                raise Refusal(f"В PDF есть то, чего сайт не принимает: {inside}. Уберите это: {_SAVE_ANEW}.")
    except pikepdf.PasswordError:
        raise Refusal("PDF закрыт паролем: снимите пароль и сохраните его заново.") from None
    except Refusal:
        raise
    except Exception:  # whatever a broken document breaks in the library, the remedy is the same
        raise Refusal("PDF повреждён: сохраните его заново.") from None
    return Checked(data, kind)


def active_in(pdf: pikepdf.Pdf) -> str:
    """What in the document runs or is a file of its own, in words; empty when nothing does."""
    for part in _dictionaries(pdf):
        action = str(part.get("/S", ""))
        # What it says of its own type is not asked: readers do not ask it either.
        if action in _ACTIONS:
            return _ACTIONS[action]
        if "/JS" in part or "/JavaScript" in part:
            return _ACTIONS["/JavaScript"]
        if "/EmbeddedFiles" in part or "/EF" in part:
            return "вложенные файлы"
        if str(part.get("/Subtype", "")) in _ANNOTATIONS:
            return "звук, видео или трёхмерная модель"
        if "/XFA" in part:
            return "форма XFA"
        if _runs_at_opening(part.get("/OpenAction")):
            return "действие при открытии"
    # What was not unpacked was not looked at: another reader may be more patient.
    if any(sign in str(warning) for warning in pdf.get_warnings() for sign in _UNREAD):
        return "сжатое содержание, которое не удалось прочесть"
    return ""


def _runs_at_opening(action: Any) -> bool:
    """Whether the document does more at its opening than show one of its places."""
    return isinstance(action, pikepdf.Dictionary) and str(action.get("/S", "")) != "/GoTo"


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    """All dictionaries of the document, those of its streams and those inside others too."""
    for whole in pdf.objects:
        waiting: list[Any] = [whole]
        while waiting:
            part = waiting.pop()
            if isinstance(part, pikepdf.Stream):
                part = part.stream_dict
            if isinstance(part, pikepdf.Dictionary):
                yield part
                waiting += [value for value in part.values() if _inside(value)]
            elif isinstance(part, pikepdf.Array):
                waiting += [value for value in part if _inside(value)]


def _inside(value: Any) -> bool:
    """Whether it is written in place: what is referred to comes as an object of its own."""
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


# --- Documents and tables ---------------------------------------------------------------------------------------------------

_MAIN_PARTS = {
    b"wordprocessingml.document.main+xml": "docx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
}
_OPEN_TYPES = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_MACROS = "В документе есть макросы: сохраните его как {label} без макросов."
_NOT_ARCHIVES = "приложите сами файлы, не архив"


def _office_kind(data: bytes) -> Kind:
    """Which document or table an archive is; Refusal for an archive that is neither, or is not sound."""
    try:
        names = archives.listed(data)
        if "[Content_Types].xml" in names:
            types = archives.part(data, "[Content_Types].xml")
            if b"macroEnabled" in types:
                raise Refusal(_MACROS.format(label="DOCX или XLSX"))
            found = next((kind for sign, kind in _MAIN_PARTS.items() if sign in types), "")
        else:
            found = _OPEN_TYPES.get(archives.part(data, "mimetype").strip(), "") if "mimetype" in names else ""
    except archives.BrokenArchive:
        raise Refusal("Файл повреждён: сохраните его заново.") from None
    except archives.LockedArchive:
        raise Refusal("Файл закрыт паролем: снимите пароль и сохраните его заново.") from None
    except archives.HugeArchive:
        raise Refusal("Содержимое файла слишком велико: разделите его на части.") from None
    if not found:
        raise _foreign("архив ZIP", _NOT_ARCHIVES)
    return BY_EXTENSION[found]


def _office(data: bytes, kind: Kind) -> Checked:
    """Without macros, and an archive from its first byte to its last."""
    names = archives.listed(data)
    if any("vbaproject" in name.lower() or name.startswith(("Basic/", "Scripts/")) for name in names):
        raise Refusal(_MACROS.format(label=kind.label))
    if data[-_END_OF_ARCHIVE:][:4] != b"PK\x05\x06":
        raise Refusal("К файлу что-то дописано: сохраните его заново.")
    return Checked(data, kind)


# Bytes of the last record of an archive without a comment.
_END_OF_ARCHIVE = 22

CHECKS: dict[str, Callable[[bytes, Kind], Checked]] = {
    **dict.fromkeys(FORMATS, _picture),
    "pdf": _pdf,
    **dict.fromkeys(("docx", "xlsx", "odt", "ods"), _office),
    **dict.fromkeys(("txt", "csv"), _text),
}
