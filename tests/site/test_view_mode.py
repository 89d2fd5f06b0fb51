"""The look of pages as a cookie keeps it: what is read from it, what is written, what falls back to the ordinary."""

from itertools import product

import pytest

from attestation.site.view_mode import (
    FIRST,
    ORDINARY,
    Images,
    Scheme,
    Size,
    Spacing,
    Typeface,
    ViewMode,
)

EVERY = [ViewMode(True, *choices) for choices in product(Size, Typeface, Scheme, Spacing, Images)]


def test_each_mode_is_read_back_from_its_own_cookie() -> None:
    assert len({mode.code for mode in EVERY}) == 3 * 2 * 4 * 2 * 2
    assert [ViewMode.from_cookie(mode.code) for mode in EVERY] == EVERY


def test_the_cookie_says_each_choice_with_a_letter_and_a_digit() -> None:
    chosen = ViewMode.from_cookie("s2f1c3w1i0")
    assert chosen == ViewMode(True, Size.LARGEST, Typeface.SERIF, Scheme.BLUE_ON_CYAN, Spacing.WIDE, Images.HIDDEN)
    assert chosen.classes == "low-vision size-largest typeface-serif scheme-blue-on-cyan spacing-wide images-hidden"
    assert FIRST.code == "s1f0c1w0i1"
    assert FIRST.classes == "low-vision size-large scheme-black-on-white"


def test_the_ordinary_version_needs_no_cookie() -> None:
    assert (ORDINARY.code, ORDINARY.classes, ORDINARY.panel) == ("", "", False)
    assert ViewMode.from_cookie(None) is ViewMode.from_cookie("") is ORDINARY


def test_the_version_for_low_vision_may_look_ordinary_and_keeps_its_panel() -> None:
    mode = FIRST.with_choice(Size.NORMAL).with_choice(Scheme.STANDARD)
    assert (mode.code, mode.classes, mode.panel) == ("s0f0c0w0i1", "low-vision", True)


@pytest.mark.parametrize(
    "text",
    [
        "s3f0c0w0i1",
        "s1f0c1w0",
        "s1f0c1w0i1 ",
        "S1F0C1W0I1",
        "f0s1c1w0i1",
        "s1f0c1w0i1s1",
        '"s1f0c1w0i1"',
        "s١f0c1w0i1",
        "on",
        "\n",
    ],
)
def test_anything_malformed_is_the_ordinary_version(text: str) -> None:
    assert ViewMode.from_cookie(text) is ORDINARY


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("view=s1f0c1w0i1", "s1f0c1w0i1"),
        ("attestation=abc; view=s1f0c1w0i1; other=1", "s1f0c1w0i1"),
        ("attestation=abc;view=s2f0c0w0i1", "s2f0c0w0i1"),
        ("view=s2f0c0w0i1; view=s1f0c0w0i1", "s2f0c0w0i1"),
        ("preview=s1f0c1w0i1", ""),
        ("other=view=s1f0c1w0i1", ""),
        ('view="s1f0c1w0i1"', ""),
        ("", ""),
    ],
)
def test_the_cookie_is_found_among_others(header: str, code: str) -> None:
    assert ViewMode.from_environ({"HTTP_COOKIE": header}).code == code


def test_a_request_without_cookies_is_ordinary() -> None:
    assert ViewMode.from_environ({}) is ORDINARY


@pytest.mark.parametrize("choice", [Size.LARGEST, Typeface.SERIF, Scheme.WHITE_ON_BLACK, Spacing.WIDE, Images.HIDDEN])
def test_a_choice_changes_one_thing(choice: Size | Typeface | Scheme | Spacing | Images) -> None:
    before, after = FIRST.code, FIRST.with_choice(choice).code
    assert choice.value in after
    assert [new for old, new in zip(_pieces(before), _pieces(after), strict=True) if old != new] == [choice.value]


def test_a_choice_in_the_ordinary_version_begins_the_other() -> None:
    assert ORDINARY.with_choice(Size.LARGE).code == "s1f0c0w0i1"


def _pieces(code: str) -> list[str]:
    return [code[start : start + 2] for start in range(0, len(code), 2)]
