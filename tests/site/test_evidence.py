"""Scans as teachers bring them: what is taken byte for byte, and what is said to everything else."""

import pytest
from PIL import ImageFile

from attestation.procedure.refusal import Refusal
from attestation.site import evidence
from attestation.site.evidence import Bounds
from attestation.tests import scans

BOUNDS = Bounds(("jpg", "jpeg", "pdf"), 3, "2.6.2")
LIMIT = 3 * scans.MEGABYTE
SAVE_AS = "Сохраните документ как PDF или JPEG до 3 МБ."


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(Refusal) as refused:
        evidence.examine(data, name, BOUNDS)
    assert refused.value.clause == "2.6.2"
    return refused.value.sentence


@pytest.mark.parametrize(
    ("data", "name", "kind", "pages"),
    [
        (scans.jpeg(), "Диплом.jpg", "jpg", 1),
        (scans.jpeg(), "ДИПЛОМ.JPEG", "jpg", 1),
        (scans.jpeg(comment=b"Snimok"), "с телефона.jpg", "jpg", 1),
        (scans.pdf(pages=7), "Приказ № 5.pdf", "pdf", 7),
        (scans.padded_pdf(LIMIT), "ровно.pdf", "pdf", 1),
    ],
)
def test_sound_scans_are_kept_as_they_are(data: bytes, name: str, kind: str, pages: int) -> None:
    found = evidence.examine(data, name, BOUNDS)
    assert (found.data, found.name, found.kind.extension, found.pages) == (data, name, kind, pages)


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "a.pdf", "файл пуст. Проверьте его и выберите ещё раз."),
        (scans.png(), "a.jpg", f"по содержанию это PNG. {SAVE_AS}"),
        (b"<html>", "a.pdf", f"по содержанию это HTML или XML. {SAVE_AS}"),
        (b"MZ\x90\x00\x03", "a.pdf", f"по содержанию это программа. {SAVE_AS}"),
        (b"\x00\x01\x02\x03 nothing", "a.pdf", f"его содержание не узнано. {SAVE_AS}"),
        (scans.jpeg(), "a.pdf", "по содержанию это JPEG. Дайте ему имя с окончанием .jpg."),
        (scans.pdf(), "a", "по содержанию это PDF. Дайте ему имя с окончанием .pdf."),
        (scans.encrypted_pdf(), "a.pdf", "PDF зашифрован, и эксперт его не прочтёт. Снимите защиту и сохраните файл заново."),
        (scans.locked_pdf(), "a.pdf", "PDF закрыт паролем, и эксперт его не прочтёт. Снимите пароль и сохраните файл заново."),
        (
            scans.pdf()[:-40],
            "a.pdf",
            "PDF повреждён или обрывается. Сохраните его заново и проверьте, что он открывается.",
        ),
        (
            scans.jpeg((400, 400))[:-300],
            "a.jpg",
            "снимок повреждён или обрывается. Отсканируйте или сфотографируйте документ ещё раз.",
        ),
        (
            scans.scripted_pdf(),
            "a.pdf",
            "в PDF есть программа (JavaScript), таких файлов не принимают. Сохраните его заново через печать в PDF.",
        ),
        (
            scans.launching_pdf(),
            "a.pdf",
            "в PDF есть запуск программ, таких файлов не принимают. Сохраните его заново через печать в PDF.",
        ),
        (
            scans.disguised_pdf(),
            "a.pdf",
            "в PDF есть запуск программ, таких файлов не принимают. Сохраните его заново через печать в PDF.",
        ),
        (
            scans.carrying_pdf(),
            "a.pdf",
            "в PDF есть вложенные файлы, таких файлов не принимают. Сохраните его заново через печать в PDF.",
        ),
        (
            scans.packed_bomb(),
            "a.pdf",
            "в PDF есть сжатое содержание, которое не удалось прочесть, таких файлов не принимают. Сохраните его заново через"
            " печать в PDF.",
        ),
        (
            scans.misnamed_pdf(),
            "a.pdf",
            "PDF повреждён или обрывается. Сохраните его заново и проверьте, что он открывается.",
        ),
        # What is small enough to be unpacked is looked at.
        (
            scans.packed_bomb(1),
            "a.pdf",
            "в PDF есть программа (JavaScript), таких файлов не принимают. Сохраните его заново через печать в PDF.",
        ),
        (scans.bomb(), "a.jpg", "в снимке больше 40 миллионов точек. Уменьшите его до 2000 по длинной стороне."),
        (scans.pdf(pages=301), "a.pdf", "в PDF 301\xa0страница, а принимают не больше 300. Разделите его на части."),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(data: bytes, name: str, sentence: str) -> None:
    assert refusal(data, name) == f"Файл «{name}» не принят: {sentence}"


def test_one_byte_too_many_is_named_and_how_to_split() -> None:
    assert refusal(scans.padded_pdf(LIMIT + 1), "папка.pdf") == (
        "Файл «папка.pdf» не принят: он занимает 3,0\xa0МБ, это на 1\xa0байт больше разрешённых 3 МБ. Разделите PDF"
        " на 2\xa0части и приложите их к той же строке, или отсканируйте документ в серых тонах при 150–200 точках на дюйм."
    )
    photograph = scans.jpeg() + b"\x00" * 4 * scans.MEGABYTE
    assert refusal(photograph, "фото.jpg") == (
        "Файл «фото.jpg» не принят: он занимает 4,0\xa0МБ, это на 1,0\xa0МБ больше разрешённых 3 МБ. Уменьшите снимок"
        " до 2000 точек по длинной стороне или сохраните его с меньшим качеством."
    )


def test_a_truncated_picture_is_refused_whatever_a_library_has_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    assert "обрывается" in refusal(scans.jpeg((400, 400))[:-300], "a.jpg")
    assert ImageFile.LOAD_TRUNCATED_IMAGES is True


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import JpegImagePlugin

    monkeypatch.setattr(JpegImagePlugin.JpegImageFile, "load", lambda _: pytest.fail("it was unpacked"))
    assert "миллионов точек" in refusal(scans.bomb(9_000, 9_000), "a.jpg")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (r"C:\Мои документы\Приказ.pdf", "Приказ.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("  при\tказ\r\n.pdf ", "приказ.pdf"),
        ("fdp.‮gpj.exe", "fdp.gpj.exe"),
        ("При\u061c\u200bказ\u2069\ufeff.pdf", "Приказ.pdf"),
        ("", "файл"),
        ("д" * 300 + ".pdf", "д" * 195 + "….pdf"),
    ],
)
def test_names_lose_folders_and_unseen_signs(given: str, kept: str) -> None:
    assert evidence.plain_name(given) == kept
