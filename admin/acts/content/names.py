"""Names of materials in addresses: what a name may be, how one is made from a Russian title, which are taken."""

import re
from collections.abc import Set

from ....models import Node
from ....procedure.refusal import Refusal
from ....procedure.words import NodeKind
from ....site.content.portable import INDEX

LONGEST_NAME = 80
LONGEST_PATH = 400
DEEPEST = 8

# Where the site's fixed parts begin: a material there would never be seen.
FIXED = frozenset(
    {
        *("account", "admin", "api", "complaints", "corrections", "data", "favicon.ico", "feed.xml", "forms", "healthz"),
        *("metrics", "orders", "regulation", "robots.txt", "rubrics", "search", "sitemap", "sitemap.xml", "static"),
        *("statistics", "status", "subscribe", "verify", "view"),
    }
)

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FILE_NAME = re.compile(rf"{_NAME.pattern}\.[a-z0-9]{{2,5}}")
_LETTERS = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True)),
        **{"ё": "yo", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya"},
        **dict.fromkeys("ъь", ""),
    }
)


class Taken(Refusal):
    """Another material stands at this address; `suggestion` is a name that is free in the same section."""

    def __init__(self, path: str, suggestion: str) -> None:
        super().__init__(f"Адрес /{path} уже занят: выберите другое имя, например «{suggestion}», или другой раздел.")
        self.suggestion = suggestion


def made_from(text: str) -> str:
    """A name from a title in Russian or Latin letters, cut between words; empty when nothing in it can stand in an address."""
    words = re.findall(r"[a-z0-9]+", text.lower().translate(_LETTERS))
    name = ""
    for word in words:
        longer = f"{name}-{word}" if name else word[: LONGEST_NAME - 10]
        # Room is left for the number that tells namesakes apart.
        if len(longer) > LONGEST_NAME - 10:
            break
        name = longer
    return name


def made_from_file(file_name: str) -> str:
    """The name of a file in its address: `Приказ № 5.PDF` is `prikaz-5.pdf`; empty as for `made_from`."""
    stem, _, extension = file_name.rpartition(".")
    name = made_from(stem)
    return f"{name}.{extension.lower()}" if name else ""


def checked(kind: NodeKind, name: str, file_name: str = "") -> str:
    """The name, if it may stand in an address; `file_name` is what the file that stands there is called, if one does. Refusal
    says how it should look."""
    name = name.strip()
    if len(name) > LONGEST_NAME:
        raise Refusal(f"Имя в адресе длиннее {LONGEST_NAME} знаков: сократите его.")
    if kind is NodeKind.FILE and not _FILE_NAME.fullmatch(name):
        raise Refusal("Имя файла в адресе: строчные латинские буквы, цифры, дефисы и расширение, например prikaz-5.pdf.")
    if file_name and _extension(name) != _extension(file_name):
        raise Refusal(f"Имя в адресе и файл «{file_name}» разного вида: расширение должно быть одно.")
    if kind is not NodeKind.FILE and not _NAME.fullmatch(name):
        raise Refusal("Имя в адресе: строчные латинские буквы и цифры, между словами дефис, например poryadok-priyoma.")
    if name == INDEX:
        # A material of this name would take the section's own place there.
        raise Refusal(f"Имя «{INDEX}» занято: так в выгрузке называется сам раздел. Выберите другое.")
    return name


def _extension(name: str) -> str:
    extension = name.rpartition(".")[2].lower()
    return "jpg" if extension == "jpeg" else extension


def path_in(parent: Node, name: str) -> str:
    """The path of this name in this section."""
    return f"{parent.path}/{name}" if parent.path else name


def free(parent: Node, name: str) -> str:
    """The name itself or with the first number under which its address is free in the section; one query."""
    stem, dot, extension = name.partition(".")
    start = path_in(parent, stem)
    used = {row.path for row in Node.kept().where(Node.path.startswith(start))} | (set() if parent.path else FIXED)
    number, found = 1, name
    while path_in(parent, found) in used:
        number += 1
        # Cut before the number: the name may be as long as names go.
        room = LONGEST_NAME - len(f"-{number}{dot}{extension}")
        found = f"{stem[:room].rstrip('-')}-{number}{dot}{extension}"
    return found


def settle(parent: Node, kind: NodeKind, name: str, targets: Set[str]) -> str:
    """The path that a material of this name gets in the section, where a link leads to these targets. Refusal if the address
    is reserved, too long, too deep or taken."""
    reserve(parent, kind, name, targets)
    path = path_in(parent, name)
    measure(path)
    if Node.kept().where(Node.path == path).exists():
        raise Taken(path, free(parent, name))
    return path


def reserve(parent: Node | None, kind: NodeKind, name: str, targets: Set[str]) -> None:
    """Refusal if the name is that of a fixed part of the site, unless it is a link that leads just there."""
    leads_there = kind is NodeKind.LINK and targets <= {f"/{name}", f"/{name}/"}
    if parent is not None and not parent.path and name in FIXED and not leads_there:
        raise Refusal(f"Имя «{name}» занято постоянным разделом сайта: выберите другое.")


def measure(path: str) -> None:
    """Refusal if an address is longer or deeper than addresses may be."""
    if len(path) > LONGEST_PATH:
        raise Refusal(f"Адрес получится длиннее {LONGEST_PATH} знаков: сократите имена разделов.")
    if path.count("/") >= DEEPEST:
        raise Refusal(f"Разделы вкладываются не глубже {DEEPEST} уровней: выберите раздел выше.")
