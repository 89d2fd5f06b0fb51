"""`attestation regulation check`: the editions of the package and of the office, with file and line."""

from flask import Flask

from attestation.site.settings import Settings

from ..site.regulation import second_edition
from ..site.regulation.second_edition import SLUG, change


def test_the_texts_we_ship_are_in_order(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["regulation", "check"])
    assert (done.exit_code, done.output) == (0, "Редакций: 2, пунктов: 206. Замечаний нет.\n")


def test_what_is_wrong_with_an_edition_of_the_office_is_printed(app: Flask, settings: Settings) -> None:
    own = second_edition.make(settings.editions_dir)
    change(own / "4-control.md", "## 4.5. Контроль со стороны", "## 4.5. Контроль (пункт 9.9) со стороны")
    second_edition.make(settings.editions_dir, "moscow-2027-09-01")
    done = app.test_cli_runner().invoke(args=["regulation", "check"])
    line = (own / "4-control.md").read_text(encoding="utf-8").split("(пункт 9.9)")[0].count("\n") + 1
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "moscow-2027-09-01: имя папки начинается с документа (spb, lenobl) и даты, например spb-2027-09-01",
        f"{SLUG}: 4-control.md:{line}: пункта 9.9 нет",
    ]
    assert done.stderr == "Замечаний: 2\n"
