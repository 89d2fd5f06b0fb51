"""An invented regulation, «Порядок выдачи ключей», and documents of it with what conversions do to text."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable

import docx
import weasyprint

from attestation.site.regulation import Clause, Edition, Section


def clause(number: str, title: str, text: str) -> Clause:
    """A clause of our restatement."""
    return Clause(number, title, text, audiences=("everyone",))


EDITION = Edition(
    slug="spb-2030-01-01",
    name="Порядок выдачи ключей",
    jurisdiction="Образцов",
    title="Выдача ключей от учебной мастерской",
    act="приказ директора от 01.01.2030 № 1",
    in_force_from=dt.date(2030, 1, 1),
    published_at="на доске объявлений",
    sections=(
        Section(
            "I",
            "Общее",
            "",
            (
                clause("1.1", "О чём порядок", "Порядок говорит, как мастерская выдаёт и принимает ключи от кабинетов."),
                clause("1.2", "Кто получает ключи", "Ключи получают преподаватели и лаборанты учебной мастерской."),
                clause("1.2.1", "Журнал", "Дежурный вносит выдачу ключей в текстово-цифровой журнал дежурства."),
                clause("1.2.2", "Возврат", "Преподаватель возвращает ключи дежурному до закрытия учебного корпуса."),
            ),
            "1",
        ),
        Section(
            "II",
            "Сроки",
            "Мастерская выдаёт ключи, принимает ключи.",
            (
                clause("2.1", "Сколько держат ключи", "Ключи разрешено держать не больше трёх рабочих часов подряд."),
                clause(
                    "2.2",
                    "Утеря",
                    "О потере ключей преподаватель сообщает дежурному мастерской тогда же, в рабочий день утраты.",
                ),
            ),
            "2",
        ),
        Section(
            "2-1",
            "Запасные ключи",
            "",
            (
                clause("2-1.1", "Где хранятся", "Запасные ключи дежурный хранит в железном шкафу учебной мастерской."),
                clause("2-1.1.1", "Опечатывание", "Железный шкаф с запасными ключами опечатывает директор мастерской."),
            ),
            "2-1",
        ),
    ),
)

OFFICIAL = {
    "I": ("Общие положения",),
    "1.1": ("Настоящий порядок определяет, как мастерская выдает ключи от кабинетов и принимает их.",),
    "1.2": (
        "Ключи вправе получать преподаватели мастерской, указанные в пункте 2.1 настоящего порядка, и лаборанты:",
        "лаборант физики;",
        "лаборант химии.",
    ),
    "1.2.1": ("Выдача ключей отражается дежурным в текстово-цифровом журнале дежурства.",),
    "1.2.2": ("Преподаватель возвращает ключи дежурному до закрытия корпуса. Предоставление ключей третьим лицам исключено.",),
    "II": ("Сроки", "Мастерская осуществляет выдачу ключей, прием ключей."),
    "2.1": ("Срок держания ключей - не более трех рабочих часов подряд.",),
    "2.2": ("Об утере ключей преподаватель информирует дежурного в тот же рабочий день.",),
    "2-1": ("Запасные ключи",),
    "2-1.1": ("Запасные ключи хранятся дежурным в железном шкафу мастерской.",),
    "2-1.1.1": ("Железный шкаф опечатывается директором мастерской вместе с запасными ключами.",),
}
"""Number → paragraphs of the official wording, as it should come out."""

CLEAN = "\n\n".join(f"{number}. " + "\n\n".join(paragraphs) for number, paragraphs in OFFICIAL.items())
"""The document as nobody has broken it."""

BEFORE = "ПРИКАЗ\n\n1. Утвердить прилагаемый порядок.\n\nПриложение\nк приказу директора\n\nПОРЯДОК ВЫДАЧИ КЛЮЧЕЙ\n\n"
AFTER = "\n\nПриложение № 1\nк порядку выдачи ключей\n\nФорма журнала\n\n1.1 Дата выдачи\n\n2.2 Подпись преподавателя\n"

WHOLE = BEFORE + CLEAN + AFTER

TROUBLED = """ПРИКАЗ

1. Утвердить прилагаемый порядок.

Приложение
к приказу директора

**ПОРЯДОК
ВЫДАЧИ КЛЮЧЕЙ**

I. Общие положения ........ 1
II. Сроки ........ 2

I. Общие положения

**1.1.** Настоящий  порядок определяет, как мастерская вы\u00adдает ключи от каби-
нетов и принимает их.

1.2. Ключи вправе получать преподаватели мастерской, указанные в пункте
2.1 настоящего порядка, и лаборанты:
лаборант физики;
лаборант химии.

1.2.
1. Выдача ключей отражается дежурным в текстово-
цифровом журнале дежурства.

1

Порядок выдачи ключей

1 . 2 . 2 . Преподаватель возвращает ключи дежурному до закрытия корпуса. Пре\u00ad
доставление ключей третьим

2

Порядок выдачи ключей

лицам исключено.

II. Сроки

Мастерская осуществляет выдачу ключей, прием ключей.

2.1 Срок держания ключей - не более трех рабочих часов подряд.

2.2. Об утере ключей преподаватель информирует дежурного в тот же

3

Порядок выдачи ключей

рабочий день.

2–1. Запасные ключи

2–1.1. Запасные ключи хранятся дежурным в железном шкафу мастерской.

## 2-1.1.1. Железный шкаф опечатывается директором мастерской вместе с запасными ключами.

Приложение № 1
к порядку выдачи ключей

Форма журнала

1.1 Дата выдачи

2.2 Подпись преподавателя
"""
"""The same document after a bad conversion: numbers and words in pieces, page numbers, running heads, emphasis."""

ANOTHER = "\n\n".join(
    f"{number}. Собака каждого участника выставки приводится хозяином на ошейнике с намордником, номером {number} и паспортом."
    for number in EDITION.by_number
)
"""A document with the same numbers about something else."""


def word(text: str = WHOLE, **parts: str) -> bytes:
    """A DOCX with these paragraphs; `parts` are added to the archive (`word__vbaProject.bin`)."""
    document = docx.Document()
    for paragraph in text.split("\n\n"):
        document.add_paragraph(paragraph)
    file = io.BytesIO()
    document.save(file)
    return with_parts(file.getvalue(), {name.replace("__", "/"): content for name, content in parts.items()})


def with_parts(archive: bytes, parts: dict[str, str]) -> bytes:
    """The archive with parts added."""
    file = io.BytesIO(archive)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return file.getvalue()


def word_of(body: str) -> bytes:
    """A DOCX whose main part holds this XML inside its body."""
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return packed({"word/document.xml": f"<w:document {names}><w:body>{body}</w:body></w:document>"})


def packed(parts: dict[str, str]) -> bytes:
    """An archive of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return file.getvalue()


PAGE = """@page { size: 105mm 74mm; margin: 12mm; @top-center { content: 'Порядок выдачи ключей' }
@bottom-center { content: counter(page) } } p { margin: 0; hyphens: auto; text-align: justify; font: 10pt PT Sans }"""


def pdf(paragraphs: Iterable[str] = WHOLE.split("\n\n")) -> bytes:
    """A PDF of small pages with running heads, page numbers and words broken at the ends of lines."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    html = f"<html lang='ru'><style>{PAGE}</style>{body}</html>"
    made: bytes = weasyprint.HTML(string=html).write_pdf()
    return made
