"""The console: scoring a file of claims, checking the data of the forms."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from attestation.admin import rubric_commands
from attestation.rubrics.reading import Finding
from attestation.rubrics.scoring import score_request

POSITION = "Учитель начальных классов"
CLAIMS = [
    {"criterion": "1.1", "option": 3, "count": 1},
    {"criterion": "2.1", "option": 1, "count": 1},
    {"criterion": "2.1", "option": 2, "count": 1},
]


def score(form: int, file: Path | str, *options: str, standard_input: bytes | None = None, category: str = "first") -> Result:
    told = ["--position", POSITION, "--category", category, *options]
    return CliRunner().invoke(rubric_commands.score, [str(form), str(file), *told], input=standard_input)


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    path = tmp_path / "claims.json"
    path.write_text(json.dumps(CLAIMS), encoding="utf-8")
    return path


def test_the_table_explains_every_row(claims: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    done = score(1, claims, category="первая")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.output.splitlines() == [
        "Форма 1: Учитель начальных классов, первая категория",
        "",
        "Строка     Баллы  Пояснение",
        "1.1           40  Засчитано 40 баллов: «от 60% и более от числа участвующих» — 40.",
        "2.1           15  Засчитано 15 баллов: «районного уровня*» — 5; «городского уровня» — 10. Складываются ли варианты,",
        "                  регламент не уточняет, решает эксперт: при сложении 15, по лучшему варианту 10.",
        "",
        "Раздел 1: 40",
        "Раздел 2: от 10 до 15",
        "Раздел 3: 0",
        "Раздел 4: 0",
        "Итого: от 50 до 55, нужно 140",
        "Не соответствует: не хватает 85.",
    ]


def test_json_is_the_answer_of_the_interface(claims: Path) -> None:
    done = score(1, claims, "--json")
    body = {"position": POSITION, "category": "first", "claims": CLAIMS}
    assert (done.exit_code, json.loads(done.output)) == (0, score_request(1, body).as_json())


def test_claims_come_from_standard_input_and_from_a_saved_request(claims: Path) -> None:
    saved = json.dumps({"position": "другая", "claims": CLAIMS}).encode()
    assert score(1, "-", standard_input=saved).output == score(1, claims).output


@pytest.mark.parametrize(
    ("claimed", "verdict"),
    [
        ([("1.1", 3, 1), ("1.2", 3, 1), ("1.6", 1, 1)], "Соответствует."),
        (
            [("1.1", 1, 1), ("1.2", 3, 1), ("1.6", 1, 1), ("2.1", 1, 1), ("2.1", 2, 1), ("2.1", 3, 1)],
            "Соответствует, если варианты складываются: регламент этого не уточняет, решает эксперт.",
        ),
    ],
)
def test_the_verdict_says_on_what_it_depends(tmp_path: Path, claimed: list[tuple[str, int, int]], verdict: str) -> None:
    path = tmp_path / "claims.json"
    rows = [dict(zip(("criterion", "option", "count"), row, strict=True)) for row in claimed]
    path.write_text(json.dumps(rows), encoding="utf-8")
    assert score(1, path).output.splitlines()[-1] == verdict


def test_a_form_with_minima_of_sections_says_them(tmp_path: Path) -> None:
    path = tmp_path / "claims.json"
    path.write_text("[]", encoding="utf-8")
    told = ["--position", "Тренер-преподаватель", "--category", "first"]
    lines = CliRunner().invoke(rubric_commands.score, ["6", str(path), *told]).output.splitlines()
    assert [line for line in lines if line.startswith(("Раздел", "Итого"))] == [
        "Раздел 1: 0, нужно 20",
        "Раздел 2: 0, нужно 2",
        "Раздел 3: 0",
        "Итого: 0, нужно 22",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "Файл - не разобран: нужен JSON в кодировке UTF-8."),
        (b"\xff", "Файл - не разобран: нужен JSON в кодировке UTF-8."),
        (b"{}", "claims: Поле «claims» должно быть списком строк портфолио."),
        (b'[{"criterion": "9.9", "option": 1, "count": 1}]', "claims[0].criterion: В форме 1 нет строки «9.9»."),
        (
            b'[{"criterion": "1.1", "option": 1, "count": -1}]',
            "claims[0].count: Количество не может быть отрицательным: укажите ноль или больше.",
        ),
    ],
)
def test_what_cannot_be_scored_is_a_sentence_and_status_1(content: bytes, sentence: str) -> None:
    done = score(1, "-", standard_input=content)
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", f"Error: {sentence}\n")


def test_an_unknown_form_and_a_missing_file(claims: Path, tmp_path: Path) -> None:
    done = score(16, claims)
    sentence = "form: Формы 16 нет: в регламенте 15 форм, выберите номер из списка."
    assert (done.exit_code, done.stderr) == (1, f"Error: {sentence}\n")
    done = score(1, tmp_path / "nothing.json")
    assert (done.exit_code, done.stderr) == (
        1,
        f"Error: Файл {tmp_path / 'nothing.json'} не открывается: No such file or directory.\n",
    )


def test_a_sound_edition_is_summed_up() -> None:
    done = CliRunner().invoke(rubric_commands.rubrics, ["check"])
    words = "форм 15 из 15, критериев 500, вариантов 987, строк таблиц баллов 58. Замечаний нет."
    assert (done.exit_code, done.output) == (0, f"Редакция от 13 апреля 2021 года: {words}\n")


def test_findings_are_printed_and_end_with_status_1(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [Finding("form01.toml", "title", "нет обязательного ключа"), Finding("form02.toml", "", "файла нет")]
    monkeypatch.setattr(rubric_commands.checking, "check", lambda name: found)
    done = CliRunner().invoke(rubric_commands.rubrics, ["check"])
    assert (done.exit_code, done.stdout, done.stderr) == (
        1,
        "form01.toml: title: нет обязательного ключа\nform02.toml: файла нет\n",
        "Замечаний: 2\n",
    )


def test_both_belong_to_the_console(app: Flask) -> None:
    assert app.cli.commands["score"] is rubric_commands.score
    assert app.cli.commands["rubrics"] is rubric_commands.rubrics
