"""A later edition of the city's regulation, invented for tests: what it changes is listed here, line by line."""

import shutil
from pathlib import Path

import attestation

SLUG = "spb-2027-09-01"
CONTENT = Path(attestation.__file__).parent / "content" / "regulation" / "spb-2021-04-13"
RUBRICS = Path(attestation.__file__).parent / "rubrics" / "spb-2021-04-13"

ROW = (
    'clause = "1.3"\n  label = "Положительная динамика в коррекции развития обучающихся'
    ' с ограниченными возможностями здоровья"\n  points = '
)

# File, what stands there now, what stands there in the later edition.
CHANGES = (
    ("edition.toml", "in_force_from = 2021-04-13", "in_force_from = 2027-09-01"),
    ("edition.toml", "от 13.04.2021 № 1016-р", "от 20.08.2027 № 777-р"),
    # Three clauses: words, actors, a term.
    (
        "2-standard.md",
        "ни государственной пошлины, ни иной платы за услугу нет",
        "ни государственной пошлины, ни сбора за услугу нет",
    ),
    (
        "3-procedure.md",
        "эксперты отдела аттестации СПб ГКУ «ЦАиМ»; второй эксперт",
        "эксперты отдела аттестации СПб ГКУ «ЦАиМ»; третий эксперт",
    ),
    ("2-standard.md", "term: 90 calendar_days; с даты подачи", "term: 80 calendar_days; с даты подачи"),
    # One is gone, one is new, one has moved.
    ("2-standard.md", "## 2.14. Сколько ждать в очереди", "## 2.19. Электронная очередь"),
    ("4-control.md", "## 4.4. Контроль", "## 4.5. Контроль"),
    ("appendices.md", "Таблица из 19 строк", "Таблица из 20 строк"),
    ("rubrics/form01.toml", f"{ROW}60", f"{ROW}65"),
    (
        "rubrics/form01.toml",
        'position = "Учитель начальных классов"\nfirst = 140',
        'position = "Учитель начальных классов"\nfirst = 150',
    ),
)
NEW_TEXT = "Талон с номером в очереди заявитель получает на Портале не раньше чем за три дня до визита."


def make(folder: Path, slug: str = SLUG) -> Path:
    """Put the later edition into this folder; gives its own folder."""
    own = folder / slug
    shutil.copytree(CONTENT, own)
    shutil.copytree(RUBRICS, own / "rubrics")
    for file, old, new in CHANGES:
        change(own / file, old, new)
    _rewrite_the_queue(own / "2-standard.md")
    return own


def change(path: Path, old: str, new: str) -> None:
    """Write something else in one place of a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path.name}: {text.count(old)} × {old}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def _rewrite_the_queue(path: Path) -> None:
    """The clause on queues becomes another clause, about something else."""
    text = path.read_text(encoding="utf-8")
    start = text.index("## 2.19. ")
    end = text.index("## 2.15. ")
    heading = text[start:].splitlines()[0]
    path.write_text(f"{text[:start]}{heading}\nfor: everyone\n\n{NEW_TEXT}\n\n{text[end:]}", encoding="utf-8")
