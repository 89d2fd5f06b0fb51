"""The printing room: what a template may reach, and that processes which only serve pages stay small."""

import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from attestation.site.printing.paper import environment, fetcher, together


@pytest.mark.parametrize(
    "address", ["file:///etc/hostname", "http://127.0.0.1:9/", "https://example.org/", "ftp://example.org/x"]
)
def test_files_and_hosts_are_refused(address: str) -> None:
    with pytest.raises(ValueError, match="disallowed protocol"):
        fetcher().fetch(address)


def test_what_is_written_inside_the_page_may_be_used() -> None:
    assert fetcher().fetch("data:text/plain,abc").read() == b"abc"


def test_a_page_cannot_draw_a_file(tmp_path: Path) -> None:
    from weasyprint import HTML

    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>')
    page = f'<html lang="ru"><title>т</title><img alt="" src="{secret.as_uri()}">'
    opened = HTML(string=page).write_pdf(uncompressed_pdf=True)
    confined = HTML(string=page, url_fetcher=fetcher()).write_pdf(uncompressed_pdf=True)
    assert (b"/XObject" in opened, b" re\n" in confined) == (True, False)


def test_values_are_escaped_and_missing_names_are_errors() -> None:
    assert environment().from_string("{{ word }}").render(word="<b>") == "&lt;b&gt;"
    with pytest.raises(UndefinedError):
        environment().from_string("{{ missing }}").render()


def test_words_that_belong_together_stay_on_one_line() -> None:
    assert together("от 5 мая № 7 в школе, А. Б. Образцова") == "от\xa05\xa0мая №\xa07\xa0в\xa0школе, А.Б.\xa0Образцова"


def test_weasyprint_is_not_loaded_until_something_is_printed() -> None:
    script = (
        "import sys; import attestation.site.printing.orders, attestation.site.printing.conclusions; "
        "print('weasyprint' in sys.modules, 'flask' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"


def test_the_press_starts_without_a_database_and_without_what_it_may_not_need() -> None:
    script = (
        "import sys; import attestation.site.printing.press; "
        "print([name for name in ('peewee', 'flask', 'weasyprint', 'pikepdf') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
