"""What in a text would shut somebody out, told while it is being saved (WCAG 2.1: 1.1.1, 1.3.1, 2.4.4, 2.4.6)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from ...procedure.words import NodeKind
from ..markup import says_file
from .media import BY_EXTENSION
from .outline import Heading, Line, Link, Outline, Picture, Table, outline
from .tree import IDENTITY, Tree


class Severity(StrEnum):
    """Whether a material may be published with it."""

    ERROR = "error"
    WARNING = "warning"

    @property
    def label(self) -> str:
        return {"error": "нужно исправить до публикации", "warning": "стоит исправить"}[self.value]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong and how to mend it, in a sentence for the editor, and the line of the text (1 for the first) if known."""

    sentence: str
    line: Line
    severity: Severity = Severity.WARNING


# Descriptions longer than this are texts: they belong on the page, where everybody can read them.
LONGEST_ALT = 250
NO_DESCRIPTION = frozenset({"картинка", "изображение", "фото", "фотография", "рисунок", "снимок", "image", "picture", "photo"})
_FILE_NAME = re.compile(
    r".*\.(?:jpe?g|png|gif|webp|svg|bmp|tiff?|heic)|(?:img|dsc|image|photo|снимок|скриншот)[\s_-]*\d+", re.I
)

SAYS_NOTHING = frozenset(
    {
        *("здесь", "тут", "сюда", "вот", "подробнее", "подробно", "далее", "читать далее", "читать", "ссылка", "по ссылке"),
        *("эта ссылка", "по этой ссылке", "нажмите здесь", "нажмите сюда", "перейти", "here", "click here", "link", "more"),
    }
)
_PUNCTUATION = " .,:;!?…«»\"'()[]→>-–—"
_BARE_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.I)
# Kinds of file that other sites offer and this one does not keep.
FOREIGN_FILES = {"doc": "DOC", "xls": "XLS", "ppt": "PPT", "pptx": "PPTX", "rtf": "RTF", "zip": "ZIP", "rar": "RAR", "7z": "7Z"}
FILES = {extension: kind.label for extension, kind in BY_EXTENSION.items() if not kind.picture} | FOREIGN_FILES


def findings(body: str, tree: Tree) -> tuple[Finding, ...]:
    """What to mend in a text, in the order of its lines; errors keep a material from being published."""
    held = outline(body)
    found = [*_headings(held.headings), *_links(held, tree), *_pictures(held.pictures, tree), *_tables(held.tables)]
    return tuple(sorted(found, key=lambda finding: finding.line or len(body)))


def errors(body: str) -> tuple[Finding, ...]:
    """Those with which a material is not published: pictures that nobody has described."""
    pictures = ((picture, _missing_alt(picture.alt)) for picture in outline(body).pictures)
    return tuple(Finding(sentence, picture.line, Severity.ERROR) for picture, sentence in pictures if sentence)


def _headings(headings: tuple[Heading, ...]) -> Iterator[Finding]:
    before = 1  # the title of the page
    for heading in headings:
        if not heading.text:
            yield Finding("Заголовок пуст: впишите его или уберите решётки.", heading.line)
            continue
        name = f"«{heading.text}»"
        if heading.level == 1:
            yield Finding(f"Заголовок {name} — первого уровня, а это уровень названия страницы: поставьте ##.", heading.line)
        elif heading.level > before + 1:
            wanted = "#" * (before + 1)
            yield Finding(f"Заголовок {name} перескакивает через уровень: поставьте {wanted}.", heading.line)
        before = heading.level


def _links(held: Outline, tree: Tree) -> Iterator[Finding]:
    for link in held.links:
        if not link.address:
            continue
        if link.address.startswith(IDENTITY) and tree.resolve(link.address) is None:
            yield Finding(f"Ссылка «{link.text}» ведёт на удалённый материал: выберите другой или уберите её.", link.line)
        if sentence := _words_of(link):
            yield Finding(sentence, link.line)
        elif kind := _file_kind(link):
            sentence = f"Ссылка «{link.text}» ведёт на файл: допишите вид и размер, например «({kind}, 240 КБ)»."
            yield Finding(sentence, link.line)


def _words_of(link: Link) -> str:
    """What is wrong with the words of a link; nothing when they say where it leads."""
    words = link.text.strip(_PUNCTUATION).casefold()
    # An empty reference gets the title of the material it leads to.
    if not link.text and not link.address.startswith(IDENTITY):
        return "У ссылки нет слов: впишите между квадратными скобками, куда она ведёт."
    if words in SAYS_NOTHING:
        return f"Ссылка «{link.text}» не говорит, куда ведёт: назовите в ней страницу или документ."
    if _BARE_ADDRESS.fullmatch(link.text):
        return f"Вместо названия у ссылки адрес «{link.text}»: назовите страницу или документ словами."
    return ""


def _file_kind(link: Link) -> str:
    """The kind of file that a link leads to without saying so; a reference to a file of the site says it by itself."""
    try:
        path = unquote(urlsplit(link.address).path)
    except ValueError:
        return ""
    kind = FILES.get(PurePosixPath(path).suffix.lower().removeprefix("."), "")
    return "" if link.address.startswith(IDENTITY) or (kind and says_file(link.text, kind)) else kind


def _pictures(pictures: tuple[Picture, ...], tree: Tree) -> Iterator[Finding]:
    for picture in pictures:
        found = tree.resolve(picture.address)
        if picture.address.startswith(IDENTITY) and found is None:
            yield Finding("Картинка удалена с сайта: вставьте другую или уберите её.", picture.line)
        elif found and found[0].kind is not NodeKind.FILE:
            yield Finding("Вместо картинки указана страница: вставьте картинку или сделайте ссылку.", picture.line)
        if sentence := _missing_alt(picture.alt):
            yield Finding(sentence, picture.line, Severity.ERROR)
        elif len(picture.alt) > LONGEST_ALT:
            sentence = f"Описание картинки длиннее {LONGEST_ALT} знаков: перенесите подробности в текст страницы."
            yield Finding(sentence, picture.line)


def _missing_alt(alt: str) -> str:
    if not alt:
        return "У картинки нет описания: впишите между квадратными скобками, что на ней видно."
    if alt.strip(_PUNCTUATION).casefold() in NO_DESCRIPTION or _FILE_NAME.fullmatch(alt):
        return f"Описание картинки «{alt}» не говорит, что на ней: опишите словами, что видно."
    return ""


def _tables(tables: tuple[Table, ...]) -> Iterator[Finding]:
    for table in tables:
        if not table.headed:
            yield Finding("У таблицы нет заголовков столбцов: впишите их в первую строку.", table.line)
