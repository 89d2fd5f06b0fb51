"""What the office brings: told by its content, refused with a reason, kept without what a visitor should not get."""

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pikepdf
import pytest
from PIL import Image, ImageCms, ImageFile

from attestation.procedure.refusal import Refusal
from attestation.site import uploads
from attestation.site.content.media import BY_EXTENSION

ACCEPTED = "JPEG, PNG, WebP, GIF, PDF, DOCX, XLSX, ODT, ODS, TXT, CSV"
ODF = "application/vnd.oasis.opendocument."


# --- Files made here --------------------------------------------------------------------------------------------------------


def picture(format: str = "PNG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **how: object) -> bytes:
    """Left half red, right half blue."""
    made = Image.new("RGB", size, "red")
    made.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    return written(made.convert(mode), format, **how)


def written(image: Image.Image, format: str, **how: object) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **how)
    return file.getvalue()


def pdf(change: Callable[[pikepdf.Pdf], object] = lambda _: None, pages: int = 1, **how: object) -> bytes:
    file = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page()
        change(made)
        made.save(file, **how)
    return file.getvalue()


def document() -> bytes:
    file = io.BytesIO()
    made = docx.Document()
    made.add_paragraph("Порядок подачи заявления")
    made.save(file)
    return file.getvalue()


def table() -> bytes:
    file = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["Фамилия", "Имя"])
    book.save(file)
    return file.getvalue()


def archive(*parts: tuple[str, bytes], comment: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts:
            made.writestr(name, data)
        made.comment = comment
    return file.getvalue()


def open_document(kind: str, *more: tuple[str, bytes]) -> bytes:
    return archive(("mimetype", f"{ODF}{kind}".encode()), ("content.xml", b"<office:document-content/>"), *more)


def added(data: bytes, *more: tuple[str, bytes]) -> bytes:
    """The same archive with more parts."""
    with zipfile.ZipFile(io.BytesIO(data)) as given:
        return archive(*((part, given.read(part)) for part in given.namelist()), *more)


def refused(data: bytes, name: str) -> str:
    with pytest.raises(Refusal) as caught:
        uploads.check(data, name)
    return caught.value.sentence


# --- What it is -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name", "media_type", "size"),
    [
        (picture("JPEG"), "Фото.JPG", "image/jpeg", (40, 20)),
        (picture("JPEG"), "Фото.jpeg", "image/jpeg", (40, 20)),
        (picture("PNG"), "схема.png", "image/png", (40, 20)),
        (picture("WEBP"), "a.webp", "image/webp", (40, 20)),
        (picture("GIF", mode="P"), "a.gif", "image/gif", (40, 20)),
        (pdf(), "Приказ № 5.pdf", "application/pdf", (None, None)),
        (document(), "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (None, None)),
        (table(), "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (None, None)),
        (open_document("text"), "a.odt", f"{ODF}text", (None, None)),
        (open_document("spreadsheet"), "a.ods", f"{ODF}spreadsheet", (None, None)),
        ("Текст".encode(), "a.txt", "text/plain", (None, None)),
        ("а;б".encode(), "a.csv", "text/csv", (None, None)),
        ("Без расширения".encode(), "README", "text/plain", (None, None)),
        (picture("PNG"), "без расширения", "image/png", (40, 20)),
    ],
)
def test_a_file_is_what_it_holds(data: bytes, name: str, media_type: str, size: tuple[int | None, int | None]) -> None:
    checked = uploads.check(data, name)
    assert (checked.media_type, (checked.width, checked.height)) == (media_type, size)


@pytest.mark.parametrize(
    ("data", "name", "label", "extension"),
    [
        (picture("PNG"), "план.pdf", "PNG", "png"),
        (picture("JPEG"), "a.png", "JPEG", "jpg"),
        (pdf(), "a.docx", "PDF", "pdf"),
        (document(), "a.xlsx", "DOCX", "docx"),
        (table(), "a.zip", "XLSX", "xlsx"),
        (open_document("text"), "a.docx", "ODT", "odt"),
        (b"text", "a.exe", "TXT", "txt"),
        (b"text", "a.pdf", "TXT", "txt"),
        (b"text", "a.html", "TXT", "txt"),
    ],
)
def test_a_name_that_says_something_else(data: bytes, name: str, label: str, extension: str) -> None:
    said = f"Файл называется «{name}», а по содержанию это {label}: дайте ему расширение .{extension}."
    assert refused(data, name) == said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
         "Это рисунок SVG: в нём может быть программа, сохраните его как PNG."),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x -->\n<svg:svg xmlns:svg="x"/>',
         "Это рисунок SVG: в нём может быть программа, сохраните его как PNG."),
        (b"\n<!DOCTYPE html><script>alert(1)</script>",
         "Это HTML или XML: текст впишите в страницу сайта или сохраните как PDF."),
        (b"<script>alert(1)</script>", "Это HTML или XML: текст впишите в страницу сайта или сохраните как PDF."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
         "Это документ или таблица старого вида: сохраните его как DOCX или XLSX."),
        (b"{\\rtf1 x}", "Это RTF: сохраните его как DOCX или ODT."),
        (b"MZ\x90\x00" + bytes(100), "Это программа: сайт их не принимает."),
        (b"Rar!\x1a\x07", "Это архив RAR: приложите сами файлы, не архив."),
        (archive(("a.txt", b"a")), "Это архив ZIP: приложите сами файлы, не архив."),
        (bytes(4) + b"ftypheic" + bytes(40), "Это картинка HEIC: сохраните её как JPEG."),
        (bytes(4) + b"ftypisom" + bytes(40), "Это видео или звук: сайт их не принимает."),
        (picture("BMP"), "Это картинка BMP: сохраните её как PNG."),
        (picture("TIFF"), "Это картинка TIFF: сохраните её как JPEG или PNG."),
        ("Юникод".encode("utf-16"), "Это текст в кодировке UTF-16: сохраните его в UTF-8."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["a.txt", "a.png", "a"])
def test_what_the_site_does_not_keep_is_named(data: bytes, name: str, said: str) -> None:
    assert refused(data, name) == f"{said} Сайт хранит {ACCEPTED}."


def test_nothing_too_much_and_nonsense() -> None:
    assert refused(b"", "a.txt") == "Файл пуст: проверьте его и выберите ещё раз."
    assert uploads.check(b"a" * (20 * 1024 * 1024), "a.txt").media_type == "text/plain"
    too_much = b"a" * (20 * 1024 * 1024 + 1)
    assert refused(too_much, "a.txt") == "Файл больше 20 МБ: уменьшите его или разделите на части."
    assert refused(bytes(range(256)), "a.txt") == f"Содержание файла не узнано. Сайт хранит {ACCEPTED}."


# --- Text -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize(("name", "kept"), [("a.txt", "utf-8"), ("a.csv", "utf-8-sig")])
def test_text_is_kept_in_one_encoding(name: str, kept: str, encoding: str) -> None:
    assert uploads.check("Фамилия;Имя\r\n".encode(encoding), name).data == "Фамилия;Имя\r\n".encode(kept)


def test_an_archive_behind_a_text_is_seen() -> None:
    """An archive of signs that could stand in a text, so that only its last record tells."""
    end = b"PK\x05\x06" + bytes(18)
    assert refused(b"words\n" + archive(("a.txt", b"a")), "a.txt").startswith("Содержание файла не узнано.")
    assert refused(b"words\n" + end, "a.txt").startswith("Содержание файла не узнано.")


# --- Pictures ---------------------------------------------------------------------------------------------------------------

SECRET = b"59.9386 30.3141 secret place"


def photo(orientation: int = 6) -> bytes:
    """A photograph that lies on its side and tells where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[2] = (59.0, 56.0, 19.0)
    return picture("JPEG", exif=exif.tobytes(), comment=SECRET)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (photo(), "a.jpg"),
        (photo() + SECRET + archive(("a.txt", SECRET)), "a.jpg"),
        (picture("PNG") + SECRET, "a.png"),
        (picture("PNG", exif=Image.open(io.BytesIO(photo())).getexif().tobytes()), "a.png"),
        (picture("WEBP", exif=Image.open(io.BytesIO(photo())).getexif().tobytes(), xmp=SECRET), "a.webp"),
        (picture("GIF", mode="P", comment=SECRET), "a.gif"),
    ],
)
def test_a_picture_keeps_its_points_and_nothing_else(data: bytes, name: str) -> None:
    assert SECRET in data
    kept = uploads.check(data, name).data
    assert SECRET not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert dict(image.getexif()) == {}
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression", "version",
                                   "background", "loop", "timestamp", "duration"}  # fmt: skip


def test_a_photograph_is_turned_as_it_is_looked_at() -> None:
    checked = uploads.check(photo(orientation=6), "a.jpg")
    assert (checked.width, checked.height) == (20, 40)
    with Image.open(io.BytesIO(checked.data)) as image:
        assert image.size == (20, 40)
        top, bottom = image.getpixel((10, 5)), image.getpixel((10, 35))
        assert top[0] > 200 > 60 > top[2]  # what was left is above now
        assert bottom[2] > 200 > 60 > bottom[0]


@pytest.mark.parametrize(
    ("format", "name", "mode", "kept"),
    [
        ("JPEG", "a.jpg", "CMYK", "RGB"),
        ("JPEG", "a.jpg", "L", "L"),
        ("PNG", "a.png", "RGBA", "RGBA"),
        ("PNG", "a.png", "P", "P"),
        ("PNG", "a.png", "LA", "LA"),
        ("PNG", "a.png", "1", "1"),
    ],
)
def test_modes_of_pictures(format: str, name: str, mode: str, kept: str) -> None:
    with Image.open(io.BytesIO(uploads.check(picture(format, mode=mode), name).data)) as image:
        assert image.mode == kept


def test_sixteen_bits_of_grey_stay_grey() -> None:
    image = Image.new("I;16", (4, 4), 0x8000)
    with Image.open(io.BytesIO(uploads.check(written(image, "PNG"), "a.png").data)) as kept:
        assert (kept.mode, kept.getpixel((1, 1))) == ("L", 128)


def test_what_shines_through_stays_so() -> None:
    image = Image.new("P", (4, 4), 0)
    image.putpalette([255, 0, 0, 0, 0, 255])
    kept = uploads.check(written(image, "PNG", transparency=0), "a.png").data
    with Image.open(io.BytesIO(kept)) as read:
        assert read.convert("RGBA").getpixel((0, 0))[3] == 0


def test_colours_of_another_profile_become_those_of_the_web() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    kept = uploads.check(picture("JPEG", icc_profile=profile), "a.jpg").data
    assert b"ICC_PROFILE" not in kept
    assert b"ICC_PROFILE" not in uploads.check(picture("JPEG", icc_profile=b"not a profile"), "a.jpg").data


def test_a_second_picture_of_a_telephone_is_no_animation() -> None:
    data = written(Image.new("RGB", (8, 8), "red"), "MPO", save_all=True, append_images=[Image.new("RGB", (8, 8), "blue")])
    checked = uploads.check(data, "a.jpg")
    assert (checked.media_type, checked.width) == ("image/jpeg", 8)


@pytest.mark.parametrize(("format", "name"), [("GIF", "a.gif"), ("WEBP", "a.webp"), ("PNG", "a.png")])
def test_what_moves_is_refused(format: str, name: str) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    data = written(frames[0], format, save_all=True, append_images=frames[1:])
    assert refused(data, name) == "Картинка движется: посетитель не сможет её остановить. Сохраните один кадр."


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that would unfold to as many points as its head says."""
    data = picture("PNG")
    head = b"IHDR" + struct.pack(">II", width, height) + data[24:29]
    return data[:12] + head + struct.pack(">I", zlib.crc32(head)) + data[33:]


@pytest.mark.parametrize(("width", "height"), [(40_000_001, 1), (8_000, 5_001), (20_000, 20_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_before_it_unfolds(width: int, height: int) -> None:
    said = "В картинке больше 40 миллионов точек: уменьшите её, хватит 2500 в ширину."
    assert refused(bomb(width, height), "a.png") == said


@pytest.mark.parametrize(
    ("data", "name"),
    [(picture("JPEG", size=(300, 300))[:-400], "a.jpg"), (picture("PNG")[:60], "a.png"), (picture("PNG")[:8], "a.png"),
     (b"\xff\xd8\xff\xe0" + bytes(100), "a.jpg"), (b"GIF89a" + bytes(20), "a.gif"), (bomb(7_000, 5_000), "a.png")],
)  # fmt: skip
@pytest.mark.parametrize("allowed", [False, True])
def test_a_damaged_picture(data: bytes, name: str, allowed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", allowed)  # as WeasyPrint leaves it to its process
    assert refused(data, name) == "Картинка повреждена: откройте её в графической программе и сохраните заново."


# --- PDF --------------------------------------------------------------------------------------------------------------------

NAMED = pikepdf.Name
ANEW = "Уберите это: сохраните PDF заново без этого, например через печать в PDF."


def action(kind: str, **more: object) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=NAMED(kind), **more)


def annotated(made: pikepdf.Pdf, **fields: object) -> None:
    note = pikepdf.Dictionary(Type=NAMED.Annot, Rect=[0, 0, 9, 9], **fields)
    made.pages[0].Annots = pikepdf.Array([note])


def with_javascript_name(made: pikepdf.Pdf) -> None:
    script = pikepdf.Array([pikepdf.String("x"), made.make_indirect(action("/JavaScript", JS=pikepdf.String("app.alert(1)")))])
    made.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=script))


def with_attachment(made: pikepdf.Pdf) -> None:
    made.attachments["a.exe"] = pikepdf.AttachedFileSpec(made, b"MZ", filename="a.exe")


@pytest.mark.parametrize(
    ("change", "inside"),
    [
        (with_javascript_name, "программа (JavaScript)"),
        (with_attachment, "вложенные файлы"),
        (lambda made: made.Root.update({"/OpenAction": action("/JavaScript", JS=pikepdf.String("1"))}),
         "действие при открытии"),
        (lambda made: made.Root.update({"/OpenAction": action("/URI", URI=pikepdf.String("https://example.org"))}),
         "действие при открытии"),
        (lambda made: made.Root.update({"/AA": pikepdf.Dictionary(WC=action("/JavaScript", JS=pikepdf.String("1")))}),
         "программа (JavaScript)"),
        (lambda made: made.pages[0].obj.update({"/AA": pikepdf.Dictionary(O=action("/Launch", F=pikepdf.String("a.exe")))}),
         "запуск программ"),
        (lambda made: annotated(made, Subtype=NAMED.Link, A=action("/Launch", F=pikepdf.String("a.exe"))), "запуск программ"),
        (lambda made: annotated(made, Subtype=NAMED.Link, A=action("/SubmitForm", F=pikepdf.String("x"))), "отправка данных"),
        (lambda made: annotated(made, Subtype=NAMED.Link, A=action("/URI", Next=pikepdf.Array([action("/JavaScript")]))),
         "программа (JavaScript)"),
        (lambda made: annotated(made, Subtype=NAMED.RichMedia), "звук, видео или трёхмерная модель"),
        (lambda made: made.Root.update({"/AcroForm": pikepdf.Dictionary(XFA=made.make_stream(b"<xdp/>"))}), "форма XFA"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("packed", [False, True])
def test_a_pdf_in_which_something_runs(change: Callable[[pikepdf.Pdf], object], inside: str, packed: bool) -> None:
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    assert refused(pdf(change, object_stream_mode=mode), "a.pdf") == f"В PDF есть то, чего сайт не принимает: {inside}. {ANEW}"


def test_an_ordinary_pdf_is_kept_as_it_is() -> None:
    def ordinary(made: pikepdf.Pdf) -> None:
        made.Root.OpenAction = pikepdf.Array([made.pages[0].obj, NAMED.Fit])
        annotated(made, Subtype=NAMED.Link, A=action("/URI", URI=pikepdf.String("https://example.org")))

    data = pdf(ordinary, pages=3)
    assert uploads.check(data, "a.pdf").data == data
    to_a_place = pdf(
        lambda made: made.Root.update({"/OpenAction": action("/GoTo", D=pikepdf.Array([made.pages[0].obj, NAMED.Fit]))})
    )
    assert uploads.check(to_a_place, "a.pdf").data == to_a_place


def test_a_pdf_that_is_closed_cut_or_lengthened() -> None:
    secret = pdf(encryption=pikepdf.Encryption(owner="a", user="b"))
    assert refused(secret, "a.pdf") == "PDF закрыт паролем: снимите пароль и сохраните его заново."
    open_to_read = pdf(encryption=pikepdf.Encryption(owner="a", user=""))
    assert refused(open_to_read, "a.pdf") == (
        "PDF зашифрован: посетители не смогут им пользоваться. Снимите защиту и сохраните его заново."
    )
    cut = "PDF обрывается или к нему что-то дописано: сохраните его заново."
    whole = pdf(pages=3)
    assert refused(whole[: len(whole) // 2], "a.pdf") == cut
    assert refused(whole + b"\n" + b"<script>" * 200, "a.pdf") == cut
    assert refused(b"%PDF-1.7\nnothing\n%%EOF", "a.pdf") == "PDF повреждён: сохраните его заново."
    assert refused(whole + archive(("a", b"a")), "a.pdf") == (
        "К файлу дописан архив: сохраните файл заново в программе, в которой он сделан."
    )
    assert refused(pdf(pages=0), "a.pdf") == "В PDF нет ни одной страницы: сохраните его заново."
    assert refused(b"junk " + whole, "a.pdf").startswith("Файл называется «a.pdf», а по содержанию это TXT:")


# --- Documents and tables ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name", "label"),
    [
        (added(document(), ("word/vbaProject.bin", b"x")), "a.docx", "DOCX"),
        (added(table(), ("xl/VBAPROJECT.BIN", b"x")), "a.xlsx", "XLSX"),
        (open_document("text", ("Basic/Standard/Module1.xml", b"<x/>")), "a.odt", "ODT"),
        (open_document("spreadsheet", ("Scripts/python/a.py", b"x")), "a.ods", "ODS"),
        (
            archive(("[Content_Types].xml", b"application/vnd.ms-word.document.macroEnabled.main+xml")),
            "a.docm",
            "DOCX или XLSX",
        ),
    ],
)
def test_macros(data: bytes, name: str, label: str) -> None:
    assert refused(data, name) == f"В документе есть макросы: сохраните его как {label} без макросов."


def test_a_document_that_is_damaged_closed_or_huge() -> None:
    whole = document()
    assert refused(whole[: len(whole) // 2], "a.docx") == "Файл повреждён: сохраните его заново."
    closed = bytearray(archive(("[Content_Types].xml", b"x")))
    closed[closed.index(b"PK\x01\x02") + 8] |= 1
    assert refused(bytes(closed), "a.docx") == "Файл закрыт паролем: снимите пароль и сохраните его заново."
    huge = added(whole, ("word/media/a.xml", bytes(61 * 1024 * 1024)))
    assert len(huge) < 200_000
    assert refused(huge, "a.docx") == "Содержимое файла слишком велико: разделите его на части."
    assert refused(added(whole, *((f"{n}", b"") for n in range(2_000))), "a.docx") == (
        "Содержимое файла слишком велико: разделите его на части."
    )
    assert refused(archive(("[Content_Types].xml", b"wordprocessingml.document.main+xml"), comment=b"<script>"), "a.docx") == (
        "К файлу что-то дописано: сохраните его заново."
    )
    assert refused(whole + b"<script>", "a.docx") in {
        "К файлу что-то дописано: сохраните его заново.",
        "Файл повреждён: сохраните его заново.",
    }


def test_a_table_larger_than_an_import_may_be_is_kept() -> None:
    cells = added(table(), ("xl/worksheets/sheet2.xml", b"<c/>" * 1_000_001))
    assert uploads.check(cells, "a.xlsx").data == cells


# --- Keeping ----------------------------------------------------------------------------------------------------------------


def test_the_content_is_kept_once_under_its_hash(tmp_path: Path) -> None:
    checked = uploads.check("Текст".encode(), "a.txt")
    sha256 = hashlib.sha256("Текст".encode()).hexdigest()
    assert uploads.keep(tmp_path, checked) == sha256
    path = tmp_path / sha256[:2] / sha256
    assert uploads.path_of(tmp_path, sha256) == path
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == ("Текст".encode(), 0o444)
    before = path.stat().st_ino
    assert (uploads.keep(tmp_path, checked), path.stat().st_ino) == (sha256, before)
    with pytest.raises(ValueError, match="not a SHA-256"):
        uploads.path_of(tmp_path, "../../etc/passwd")


def test_every_kind_has_its_check() -> None:
    assert set(uploads.CHECKS) | {"jpeg"} == set(BY_EXTENSION)
