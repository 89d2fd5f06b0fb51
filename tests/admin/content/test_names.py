"""Names made from titles, and the names that the site keeps for itself."""

import pytest
from flask import Flask

from attestation.admin.acts import content
from attestation.admin.acts.content import names


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Порядок приёма заявлений", "poryadok-priyoma-zayavleniy"),
        ("Щука, ёж и объезд — № 5!", "shchuka-yozh-i-obezd-5"),
        ("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "abvgdeyozhziyklmnoprstufkhtschshshchyeyuya"),
        ("Office   Hours 2026", "office-hours-2026"),
        ("«…»", ""),
        ("日本", ""),
        ("а " * 100, "-".join("a" * 35)),
        ("я" * 100, "ya" * 35),
    ],
)
def test_made_from(title: str, name: str) -> None:
    assert content.made_from(title) == name
    assert len(name) <= 70


@pytest.mark.parametrize(
    ("file_name", "name"),
    [("Приказ № 5.PDF", "prikaz-5.pdf"), ("a.b.docx", "a-b.docx"), ("….pdf", ""), ("без расширения", "")],
)
def test_made_from_a_file(file_name: str, name: str) -> None:
    assert names.made_from_file(file_name) == name


def test_all_fixed_parts_are_reserved(app: Flask) -> None:
    """Whatever stands first in an address of the application: a material there would never be seen."""
    first = {str(rule).split("/")[1] for rule in app.url_map.iter_rules()}
    assert {segment for segment in first if segment and not segment.startswith("<")} - content.FIXED == set()
