"""The validator on broken data: each fault is found, in its file and key, and nothing else is."""

import tomllib
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from attestation.rubrics.check import check_finder, check_folder, check_form
from attestation.rubrics.forms import _edition, edition, folder

Data = dict[str, Any]
_, WORDS = _edition("spb-2021-04-13")
SOURCES = {
    number: tomllib.loads((folder("spb-2021-04-13") / f"form{number:02}.toml").read_text(encoding="utf-8"))
    for number in (1, 6, 8)
}


def row(data: Data, clause: str) -> Data:
    return next(item for section in data["section"] for item in section["criterion"] if item["clause"] == clause)


def found(number: int, breaking: Callable[[Data], object], file: str = "") -> list[tuple[str, str]]:
    data = deepcopy(SOURCES[number])
    breaking(data)
    return [(finding.key, finding.text) for finding in check_form(data, file or f"form{number:02}.toml", edition(), WORDS)]


def setting(clause: str, *path: Any, to: Any) -> Callable[[Data], None]:
    """Sets a value in a row: `setting("1.1", "options", 0, "points", to=5)`."""

    def change(data: Data) -> None:
        place = row(data, clause)
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = to

    return change


BROKEN = [
    (1, setting("1.6", "poinst", to=5), [("section[1].criterion[1.6].poinst", "неизвестный ключ")]),
    (1, lambda data: data.update(extra=1), [("extra", "неизвестный ключ")]),
    (1, lambda data: row(data, "1.6").pop("points"), [("section[1].criterion[1.6].points", "нет обязательного ключа")]),
    (
        1,
        lambda data: row(data, "1.1")["options"][1].pop("points"),
        [("section[1].criterion[1.1].options[2].points", "нет обязательного ключа")],
    ),
    (
        1,
        lambda data: row(data, "1.1")["options"][1].pop("label"),
        [("section[1].criterion[1.1].options[2].label", "нет обязательного ключа")],
    ),
    (1, setting("1.1", "options", 1, "label", to="  "), [("section[1].criterion[1.1].options[2].label", "пустая строка")]),
    (
        1,
        setting("1.6", "points", to=20.0),
        [("section[1].criterion[1.6].points", "нужно целое число, а не дробное число 20.0")],
    ),
    (1, setting("1.6", "points", to="20"), [("section[1].criterion[1.6].points", "нужно целое число, а не строка")]),
    (1, setting("1.6", "points", to=True), [("section[1].criterion[1.6].points", "нужно целое число, а не true/false")]),
    (
        1,
        setting("1.6", "clause", to=1.6),
        [
            (
                "section[1].criterion[1.6].clause",
                "нужна строка в кавычках, а не дробное число 1.6: номера и подписи записываются строками",
            )
        ],
    ),
    (
        1,
        lambda data: data["section"][0].update(number=1),
        [("section[1].number", "нужна строка в кавычках, а не число 1: номера и подписи записываются строками")],
    ),
    (
        1,
        setting("1.1", "points", to=5),
        [("section[1].criterion[1.1].points", "баллы стоят и в строке, и в options: оставьте одно")],
    ),
    (
        1,
        setting("1.1", "rule", "type", to="best"),
        [
            (
                "section[1].criterion[1.1].rule.type",
                "неизвестное слово «best»; "
                "есть: single, best_of, sum_options, sum_events, sum_capped_points, per_item, unstated",
            )
        ],
    ),
    (
        1,
        setting("1.1", "period", to="forever"),
        [("section[1].criterion[1.1].period", "неизвестное слово «forever»; есть: inter-attestation, permanent, attestation")],
    ),
    (
        1,
        lambda data: data["section"][0].update(rule="worst"),
        [("section[1].rule", "неизвестное слово «worst»; есть: sum, best")],
    ),
    (1, lambda data: data["section"][0].pop("title"), [("section[1].title", "раздел без заголовка состоит из одной строки")]),
    (1, setting("1.6", "clause", to="1.5"), [("criterion[1.5]", "номер повторяется")]),
    (
        1,
        setting("1.6", "clause", to="1.6."),
        [("section[1].criterion[1.6.].clause", "«1.6.» не похоже на номер: цифры через точку, без точки на конце")],
    ),
    (1, setting("1.6", "clause", to="2.99"), [("section[1].criterion[2.99].clause", "строка 2.99 стоит в разделе 1")]),
    (
        1,
        setting("1.6", "points", to=0),
        [("section[1].criterion[1.6].options[1].points", "ноль баллов: такой строки в источнике быть не может")],
    ),
    (
        1,
        setting("1.1", "options", 0, "label", to="от 40% до 59% от числа участвующих"),
        [("section[1].criterion[1.1].options", "подпись «от 40% до 59% от числа участвующих» повторяется")],
    ),
    (
        1,
        setting("1.6", "rule", to={"type": "unstated"}),
        [("section[1].criterion[1.6].rule", "правило unstated имеет смысл от двух вариантов")],
    ),
    (1, lambda data: row(data, "4.5").pop("rule"), [("section[4].criterion[4.5].rule", "правило single, а вариантов 3")]),
    (1, lambda data: row(data, "1.4")["rule"].pop("words"), [("section[1].criterion[1.4].rule.words", "нет слов источника")]),
    (
        1,
        setting("1.4", "rule", "words", to="не более четырёх"),
        [("section[1].criterion[1.4].rule.words", "этих слов нет ни в подтверждениях, ни в примечании")],
    ),
    (
        1,
        setting("1.4", "rule", "max_events", to=0),
        [
            (
                "section[1].criterion[1.4].rule.max_events",
                "предел числа результатов нужен правилам sum_events и sum_options и не меньше 1",
            )
        ],
    ),
    (
        1,
        setting("1.1", "rule", "distinct_students", to=True),
        [("section[1].criterion[1.1].rule.distinct_students", "разные обучающиеся считаются только правилом sum_events")],
    ),
    (
        1,
        lambda data: row(data, "1.6").pop("period"),
        [("section[1].criterion[1.6].period", "период не совпадает со словами примечания о межаттестационном периоде")],
    ),
    (
        1,
        setting("2.12", "restricted_to", 0, to="Учитель-логопед"),
        [("section[2].criterion[2.12].restricted_to", "должности «Учитель-логопед» нет в таблице баллов")],
    ),
    (
        1,
        lambda data: row(data, "2.12").pop("restriction"),
        [("section[2].criterion[2.12].restriction", "ограничение пишется вместе: слова источника и список должностей")],
    ),
    (
        1,
        setting("2.14", "restricted_to", to=["Старший вожатый"]),
        [("section[2].criterion[2.14].not_for", "либо restricted_to, либо not_for")],
    ),
    (
        1,
        lambda data: data["threshold"][0].update(position="Учитель младших классов"),
        [
            ("threshold", "должность «Учитель начальных классов» из edition.toml не ведёт ни к одной строке формы"),
            ("threshold", "должности «Учитель младших классов» нет в списке edition.toml"),
        ],
    ),
    (
        1,
        lambda data: data["threshold"][0].update(highest=100),
        [("threshold[Учитель начальных классов]", "порог первой категории должен быть больше нуля и не выше порога высшей")],
    ),
    (
        1,
        lambda data: data["threshold"][0].update(highest=3000),
        [("threshold[Учитель начальных классов]", "порог 3000 недостижим: больше 2985 набрать нельзя")],
    ),
    (
        1,
        lambda data: data["threshold"].append(dict(data["threshold"][0])),
        [("threshold", "должность «учитель начальных классов» повторяется")],
    ),
    (1, lambda data: row(data, "4.5")["options"].pop(), [("section", "вариантов 77, а в edition.toml их 78")]),
    (
        1,
        lambda data: data.update(number=2, threshold=[]) or data.pop("threshold"),
        [
            ("positions", "нет обязательного ключа"),
            ("threshold", "нужны либо строки threshold, либо строки section_threshold (формы 6 и 7)"),
        ],
    ),
    (
        1,
        lambda data: data.update(conclusion={"columns": ["№"]}),
        [("conclusion", "в таблице критериев пять столбцов, в таблице баллов три")],
    ),
    (1, lambda data: data.update(conclusion={"colums": ["№"]}), [("conclusion.colums", "неизвестный ключ")]),
    (
        6,
        lambda data: data["section"][0].pop("words"),
        [("section[1].words", "слова источника о лучшем результате не найдены в заголовке, примечании или таблице баллов")],
    ),
    (
        6,
        setting("1.1.1", "group", to="1.9"),
        [("section[1].criterion[1.1.1].group", "в разделе нет заголовочной строки «1.9»")],
    ),
    (
        6,
        lambda data: data["section"][0]["group"].append({"clause": "1.8", "label": "Пусто"}),
        [("section[1].group[1.8]", "под заголовочной строкой нет ни одной строки")],
    ),
    (
        6,
        setting("3.3", "rule", to={"type": "unstated"}),
        [("section[3].criterion[3.3].rule", "раздел сам говорит, что баллы не суммируются: нужно best_of")],
    ),
    (
        6,
        setting("3.3", "options", 0, "period", to="permanent"),
        [("section[3].criterion[3.3].options[1].period", "период не совпадает с примечанием варианта")],
    ),
    (
        6,
        lambda data: data["section_threshold"].pop(1),
        [("section_threshold", "каждый раздел формы стоит ровно в одной строке")],
    ),
    (
        6,
        lambda data: data["section_threshold"].insert(0, data["section_threshold"].pop()),
        [("section_threshold", "последняя строка, и только она, — total")],
    ),
    (
        6,
        lambda data: data["section_threshold"][0]["first"].update(max=10),
        [("section_threshold[1].first", "верхняя граница ниже нижней")],
    ),
    (
        6,
        lambda data: data["section_threshold"][1]["highest"].update(min=16),
        [("section_threshold[2].highest", "порог 16 недостижим: больше 15 набрать нельзя")],
    ),
    (
        6,
        lambda data: data["section_threshold"][3]["highest"].update(min=141),
        [("section_threshold[total].highest", "порог 141 недостижим: больше 140 набрать нельзя")],
    ),
    (
        8,
        lambda data: row(data, "1.1")["rule"].pop("max_points"),
        [("section[1].criterion[1.1].rule.max_points", "нет обязательного ключа")],
    ),
    (
        8,
        setting("1.1", "rule", "max_points", to=9),
        [
            (
                "section[1].criterion[1.1].rule.max_points",
                "предел баллов нужен правилам sum_capped_points и per_item и не меньше одного результата",
            )
        ],
    ),
    (
        8,
        setting("1.1", "options", 0, "role", to="дирижёр"),
        [("section[1].criterion[1.1].options[1]", "роли «дирижёр» нет в таблице баллов")],
    ),
    (
        8,
        lambda data: row(data, "1.2")["options"][0].pop("next"),
        [("section[1].criterion[1.2].options[1].next", "баллы за каждого последующего нужны правилу per_item и только ему")],
    ),
    (
        8,
        setting("4.2", "options", 0, "points", to=16),
        [("section[4].criterion[4.2].options[1].points", "значение не совпадает ни с одной ролью")],
    ),
    (
        8,
        setting("4.2", "options", 0, "points_by_role", to={"преподаватель": 1.5}),
        [("section[4].criterion[4.2].options[1].points_by_role", "нужна таблица «слово = целое число»")],
    ),
    (
        8,
        setting("1.3", "options", 1, "points", to=-1),
        [("section[1].criterion[1.3].options[2].points", "вычет считается только правилом single")],
    ),
]


@pytest.mark.parametrize(("number", "breaking", "findings"), BROKEN)
def test_a_fault_is_found(number: int, breaking: Callable[[Data], object], findings: list[tuple[str, str]]) -> None:
    assert found(number, breaking) == findings


def test_a_form_in_the_wrong_file() -> None:
    assert found(8, lambda data: None, "form09.toml") == [("number", "файл формы 8 называется form08.toml")]


def packed(place: Path, **files: str) -> Path:
    """A folder with the packaged edition.toml and form08.toml, and the given texts in their stead."""
    for name in ("edition", "form08"):
        text = files.get(name, (folder("spb-2021-04-13") / f"{name}.toml").read_text(encoding="utf-8"))
        (place / f"{name}.toml").write_text(text, encoding="utf-8")
    return place


def test_a_folder_without_faults(tmp_path: Path) -> None:
    assert check_folder(packed(tmp_path), "x") == []


def test_a_folder_without_an_edition(tmp_path: Path) -> None:
    assert [str(finding) for finding in check_folder(tmp_path, "x")] == ["edition.toml: файла нет"]


def test_a_file_that_is_not_toml(tmp_path: Path) -> None:
    findings = check_folder(packed(tmp_path, form08="number = "), "x")
    assert [(finding.file, finding.key) for finding in findings] == [("form08.toml", "")]
    assert findings[0].text.startswith("файл не читается: ")


def test_an_edition_with_a_hole_a_wrong_date_and_a_missing_line(tmp_path: Path) -> None:
    text = (folder("spb-2021-04-13") / "edition.toml").read_text(encoding="utf-8")
    text = (
        text.replace("2021-04-13", "13.04.2021")
        .replace("number = 15", "number = 16")
        .replace('signature = "Подпись эксперта:"', "")
    )
    findings = [(finding.key, finding.text) for finding in check_folder(packed(tmp_path, edition=text), "x")]
    assert findings == [
        ("date", "нужна дата вида 2021-04-13 в кавычках"),
        ("conclusion.signature", "нет обязательного ключа"),
        ("form", "номера форм идут не подряд от 1"),
    ]


def test_a_form_that_the_edition_does_not_list(tmp_path: Path) -> None:
    text = (folder("spb-2021-04-13") / "edition.toml").read_text(encoding="utf-8")
    cut = text[: text.index("[[form]]\nnumber = 8")]
    findings = [str(finding) for finding in check_folder(packed(tmp_path, edition=cut), "x")]
    assert findings == ["form08.toml: number: формы нет в списке edition.toml"]


def counted(rule: Data) -> list[str]:
    """What is said against row 1.5 of form 8 («не более 2-х показателей в отношении разных обучающихся») with another rule."""
    change = setting("1.5", "rule", to={"words": "суммирование баллов производится", **rule})
    return [text for key, text in found(8, change) if key.startswith("section[1].criterion[1.5].rule")]


@pytest.mark.parametrize(
    ("rule", "texts"),
    [
        ({"type": "sum_events", "max_events": 2, "distinct_students": True}, []),
        (
            {"type": "sum_events", "max_events": 3, "distinct_students": True},
            ["предел 3 не сходится со словами источника: там 2"],
        ),
        ({"type": "sum_events", "distinct_students": True}, ["предел None не сходится со словами источника: там 2"]),
        ({"type": "sum_events", "max_events": 2}, ["не сходится со словами источника о разных обучающихся"]),
        (
            {"type": "best_of"},
            [
                "правило best_of не сходится со словами источника о суммировании",
                "не сходится со словами источника о разных обучающихся",
            ],
        ),
    ],
)
def test_a_rule_that_is_not_what_the_row_says(rule: Data, texts: list[str]) -> None:
    assert counted(rule) == texts


@pytest.mark.parametrize(
    ("number", "clause", "rule", "text"),
    [
        (1, "1.1", {"type": "unstated"}, "правило unstated не сходится со словами источника о суммировании"),
        (
            1,
            "2.1",
            {"type": "best_of", "words": "Указываются публикации"},
            "правило best_of не сходится со словами источника о суммировании",
        ),
        (
            8,
            "1.4",
            {"type": "sum_events", "max_events": 3, "distinct_students": True, "words": "суммирование баллов производится"},
            "предел 3 не сходится со словами источника: там None",
        ),
    ],
)
def test_silence_prohibition_and_a_missing_limit_are_read(number: int, clause: str, rule: Data, text: str) -> None:
    assert found(number, setting(clause, "rule", to=rule)) == [(f"section[{clause[0]}].criterion[{clause}].rule", text)]


FINDER = tomllib.loads((folder("spb-2021-04-13") / "finder.toml").read_text(encoding="utf-8"))


def test_the_finder_is_read_with_the_folder(tmp_path: Path) -> None:
    place = packed(tmp_path)
    (place / "finder.toml").write_text("position = 1", encoding="utf-8")
    assert {finding.file for finding in check_folder(place, "x")} == {"finder.toml"}


def test_a_finder_that_is_not_toml(tmp_path: Path) -> None:
    place = packed(tmp_path)
    (place / "finder.toml").write_text("position = ", encoding="utf-8")
    assert [finding.text.split(":")[0] for finding in check_folder(place, "x")] == ["файл не читается"]


def test_a_position_and_a_row_that_nothing_leads_to() -> None:
    data = deepcopy(FINDER)
    data["position"].append({"key": "janitor", "name": "дворник"})
    data["rule"] = [rule for rule in data["rule"] if rule["form"] != 11]
    librarian = next(one for one in data["position"] if one["name"] == "педагог-библиотекарь")
    assert [str(finding) for finding in check_finder(data, edition())] == [
        f"finder.toml: position[{librarian['key']}]: должность «педагог-библиотекарь» не ведёт ни к одной форме",
        "finder.toml: position[janitor]: должность «дворник» не ведёт ни к одной форме",
        "finder.toml: rule: к строке «Педагог-библиотекарь» формы 11 не ведёт ни одно правило",
    ]


def test_an_answer_given_twice() -> None:
    data = deepcopy(FINDER)
    data["founder"].append({**data["founder"][0], "key": "other"})
    name = data["founder"][0]["name"].casefold()
    assert [(finding.key, finding.text.casefold()) for finding in check_finder(data, edition())] == [
        ("founder", f"ответ «{name}» повторяется")
    ]
