"""Printing within the process of the tests: the same documents without the start of another Python for each of them."""

import pytest

from attestation.site.printing import press
from attestation.site.printing.forms import form_pdf
from attestation.site.printing.letter import letter_pdf


@pytest.fixture(autouse=True)
def printed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "form_apart", form_pdf)
    monkeypatch.setattr(press, "letter_apart", letter_pdf)
