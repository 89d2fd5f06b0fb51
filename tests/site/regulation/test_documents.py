"""Documents of four kinds as lines; what cannot be read is refused with a sentence that says what to do."""

import io
import time
import zipfile

import pikepdf
import pytest

from attestation.site.regulation import documents
from attestation.site.regulation.documents import DocumentRefused, read

from . import workshop

TEXT = "1.1. Ключи от мастерской выдаёт дежурный.\nИх возвращают вечером."


def texts(data: bytes, name: str) -> list[str]:
    return [line.text for line in read(data, name).lines]


def refused(data: bytes, name: str) -> tuple[str, int]:
    with pytest.raises(DocumentRefused) as refusal:
        read(data, name)
    return refusal.value.sentence, refusal.value.status


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251"])
def test_text_in_any_usual_encoding(encoding: str) -> None:
    assert texts(TEXT.encode(encoding), "a.txt") == TEXT.split("\n")


@pytest.mark.parametrize("encoding", ["koi8-r", "cp866", "shift_jis_2004"])
def test_an_unknown_encoding_is_refused(encoding: str) -> None:
    sentence = "Кодировка файла не распознана. Сохраните текст в кодировке UTF-8 и загрузите ещё раз."
    assert refused(TEXT.replace("ё", "е").encode(encoding), "a.txt") == (sentence, 422)


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("**2.4.** Срок", "2.4. Срок"),
        ("## 2.4. Срок", "2.4. Срок"),
        ("> 2\\.4\\. Срок", "2.4. Срок"),
        ("*Срок* и _место_", "Срок и место"),
        ("- а) вход;", "а) вход;"),
        ("по адресу: <http://example.org/a/>.", "по адресу: http://example.org/a/."),
        ("в формате *.pdf и *.doc", "в формате *.pdf и *.doc"),
        ("подпись ______ дата ____", "подпись ______ дата ____"),
        ("5 > 3, а a<b", "5 > 3, а a<b"),
        ("вы\u00adдача \u200bклю\u2011чей\u00a0тут", "выдача клю-чей тут"),
        ("конец-\u0007", "конец-"),
    ],
)
def test_marks_that_are_not_text_are_left_out(marked: str, plain: str) -> None:
    assert texts(marked.encode(), "a.md") == [plain]


def test_word_gives_every_paragraph_once() -> None:
    """Text boxes stand twice in a file, deleted text once too often; a line break parts lines."""
    body = """<w:p><w:r><w:t>1.1. Клю</w:t></w:r><w:r><w:t>чи</w:t><w:tab/><w:t>здесь</w:t><w:br/><w:t>и там</w:t></w:r></w:p>
    <w:p><w:del><w:r><w:delText>старое</w:delText></w:r></w:del><w:ins><w:r><w:t>новое</w:t></w:r></w:ins></w:p>
    <w:p><w:moveFrom><w:r><w:t>ушло</w:t></w:r></w:moveFrom></w:p>
    <w:sdt><w:sdtContent><w:p><w:r><w:t>в поле</w:t></w:r></w:p></w:sdtContent></w:sdt>
    <w:p><mc:AlternateContent xmlns:mc="m"><mc:Choice><w:txbxContent><w:p><w:r><w:t>рамка</w:t></w:r></w:p></w:txbxContent>
    </mc:Choice><mc:Fallback><w:r><w:t>рамка</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p>
    <w:tbl><w:tr><w:tc><w:p><w:r><w:t>тек</w:t><w:softHyphen/><w:t>стово</w:t><w:noBreakHyphen/><w:t>цифровой</w:t></w:r></w:p>
    </w:tc></w:tr></w:tbl>"""
    lines = read(workshop.word_of(body), "a.docx").lines
    assert [line.text for line in lines if line.text] == [
        "1.1. Ключи здесь", "и там", "новое", "в поле", "рамка", "текстово-цифровой",
    ]  # fmt: skip
    assert [line.place for line in lines if line.text][:3] == ["абзац 1", "абзац 1", "абзац 2"]


def test_pdf_gives_lines_with_pages() -> None:
    document = read(workshop.pdf(), "a.pdf")
    assert document.wrapped
    assert document.lines[0].place == "страница 1, строка 1"
    assert document.lines[-1].page > 2


def locked_pdf(user: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(workshop.pdf())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="хозяин", user=user))
    return out.getvalue()


def test_a_pdf_that_only_forbids_copying_is_read() -> None:
    assert texts(locked_pdf(""), "a.pdf") == texts(workshop.pdf(), "a.pdf")


def pictures_pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return out.getvalue()


def locked_zip() -> bytes:
    data = bytearray(workshop.word())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 1)
    return bytes(data)


BROKEN_WORD = "Документ DOCX повреждён и не читается. Откройте его в Word или LibreOffice, сохраните заново и загрузите снова."
NO_TEXT = "В PDF нет текстового слоя: страницы в нём — изображения. Распознайте его (OCR) или возьмите документ DOCX либо TXT."
ENTITIES = """<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;&b;">]>"""


@pytest.mark.parametrize(
    ("data", "name", "status", "sentence"),
    [
        (b"", "a.txt", 422, "Файл пуст: выберите файл с официальным текстом."),
        (bytes(500), "a.txt", 422, "Файл пуст: выберите файл с официальным текстом."),
        (b"a" * (5 * 1024 * 1024 + 1), "a.txt", 413, "Файл больше 5 МБ: сохраните документ без рисунков."),
        (b"text", "a.odt", 415, "Нужен документ TXT, MD, DOCX или PDF с текстовым слоем. "
         "Сохраните документ в одном из этих видов и загрузите ещё раз."),
        (b"text", "a.pdf", 415, "Файл назван PDF, но внутри не PDF. Сохраните документ как PDF и загрузите ещё раз."),
        (b"text", "a.docx", 415, "Файл назван DOCX, но внутри не документ Word. "
         "Сохраните документ как DOCX и загрузите ещё раз."),
        (workshop.word(), "a.txt", 415, "Файл назван TXT, но внутри не текст. Сохраните документ как TXT и загрузите ещё раз."),
        (b"\xd0\xcf\x11\xe0" + bytes(9), "a.docx", 415,
         "Это документ старого вида (DOC) или с паролем: сохраните его как DOCX без пароля."),
        (b"{\\rtf1}", "a.txt", 415, "Это документ RTF: сохраните его как DOCX и загрузите ещё раз."),
        (workshop.word()[:2000], "a.docx", 422, BROKEN_WORD),
        (workshop.packed({"word/document.xml": "<w:document"}), "a.docx", 422, BROKEN_WORD),
        (workshop.packed({"word/document.xml": f"{ENTITIES}<a>&c;</a>"}), "a.docx", 422, BROKEN_WORD),
        (workshop.packed({"content.xml": "<a/>"}), "a.docx", 415,
         "Это не документ DOCX. Откройте его в Word или LibreOffice, сохраните как DOCX и загрузите ещё раз."),
        (workshop.word(word__vbaProject__bin="x").replace(b"vbaProject/bin", b"vbaProject.bin"), "a.docx", 422,
         "В документе есть макросы. Сохраните его как DOCX без макросов и загрузите ещё раз."),
        (workshop.packed({"word/document.xml": "<" * 1_000_001}), "a.docx", 413,
         "Документ в развёрнутом виде слишком велик: сохраните его без рисунков и загрузите ещё раз."),
        (workshop.packed({"word/document.xml": " " * (60 * 1024 * 1024 + 1)}), "a.docx", 413,
         "Документ в развёрнутом виде слишком велик: сохраните его без рисунков и загрузите ещё раз."),
        (locked_zip(), "a.docx", 422, "Документ защищён паролем: снимите защиту и загрузите ещё раз."),
        (workshop.word_of("<w:p/>"), "a.docx", 422, "В файле нет текста: выберите файл с официальным текстом."),
        (pictures_pdf(), "a.pdf", 422, NO_TEXT),
        (locked_pdf("гость"), "a.pdf", 422, "PDF защищён паролем: снимите защиту и загрузите ещё раз."),
        (b"%PDF-1.7\n" + b"?" * 400, "a.pdf", 422,
         "PDF повреждён и не читается. Сохраните его заново или возьмите документ DOCX или TXT."),
    ],
)  # fmt: skip
def test_what_cannot_be_read(data: bytes, name: str, status: int, sentence: str) -> None:
    assert refused(data, name) == (sentence, status)


def endless_pdf() -> bytes:
    """A page of nine forms inside one another, each drawing the next ten times."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        inner = pdf.make_stream(b"BT (a) Tj ET")
        for _ in range(9):
            kind = pikepdf.Dictionary(Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9])
            kind.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner))
            inner = pdf.make_stream(b"/F Do " * 10, kind)
        page = pdf.add_blank_page()
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner))
        page.Contents = pdf.make_stream(b"/F Do")
        pdf.save(out)
    return out.getvalue()


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reading process is ended, ours goes on."""
    monkeypatch.setattr(documents, "SECONDS_FOR_PDF", 1)
    began = time.monotonic()
    sentence = "PDF слишком велик или сложен, чтобы прочитать из него текст. Возьмите документ DOCX или TXT."
    assert refused(endless_pdf(), "a.pdf") == (sentence, 413)
    assert time.monotonic() - began < 10


def test_a_pdf_of_too_many_pages() -> None:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(401):
            pdf.add_blank_page()
        pdf.save(out)
    assert refused(out.getvalue(), "a.pdf")[1] == 413


def test_archives_are_not_unfolded_before_their_size_is_asked() -> None:
    data = workshop.packed({f"word/{number}.xml": "a" * 100_000 for number in range(700)})
    assert len(data) < 200_000
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert sum(part.file_size for part in archive.infolist()) > 60 * 1024 * 1024
    assert refused(data, "a.docx")[1] == 413
