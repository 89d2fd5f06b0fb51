"""The bytes that leave: which coding a request gets, what they hold, when a browser has them already."""

import gzip

import brotli
import pytest

from attestation.site.views.copies import coding, copies

PAGE = "<p>Страница, которая повторяется.</p>".encode() * 200
HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Length", "1"),
    ("Cache-Control", "no-cache"),
    ("Vary", "Cookie"),
    ("ETag", '"of Flask"'),
]


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", "identity"),
        ("gzip, deflate, br, zstd", "br"),  # what browsers send
        ("gzip, deflate", "gzip"),
        ("br", "br"),
        ("BR", "br"),
        ("deflate", "identity"),
        ("identity", "identity"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("br;q=0, *", "gzip"),
        ("br;q=0, gzip;q=0, *", "identity"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0.5, gzip;q=0.5", "br"),
        ("gzip;q=1.0, br;q=1", "br"),
        ("gzip;q=0.001", "gzip"),
        ("gzip;q=0", "identity"),
        ("identity;q=0.9, gzip;q=0.5", "identity"),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("identity;q=0, *;q=0.1", "br"),
        ("*;q=0.5, gzip;q=0.2", "br"),
        ("br;q=nonsense", "identity"),
        (",,;q", "identity"),
        # Nothing we have is wanted: a page all the same.
        ("identity;q=0", "identity"),
        ("zstd, identity;q=0", "identity"),
    ],
)
def test_the_coding_is_the_one_wanted_most(accepted: str, chosen: str) -> None:
    assert coding(accepted) == chosen


def test_all_codings_hold_the_same_page() -> None:
    made = copies(HEADERS, PAGE)
    assert made["identity"].body == PAGE
    assert gzip.decompress(made["gzip"].body) == PAGE
    assert brotli.decompress(made["br"].body) == PAGE
    assert len(made["br"].body) < len(made["gzip"].body) < len(PAGE) / 10


def test_each_copy_says_what_it_is() -> None:
    made = copies(HEADERS, PAGE)
    for name, copy in made.items():
        said = dict(copy.headers)
        assert len(said) == len(copy.headers)
        assert said == {
            "Content-Type": "text/html; charset=utf-8",
            "Cache-Control": "no-cache",
            "Content-Length": str(len(copy.body)),
            "ETag": copy.etag,
            "Vary": "Accept-Encoding, Cookie",
            **({} if name == "identity" else {"Content-Encoding": name}),
        }
        assert dict(copy.headers_of_304) == {
            "Cache-Control": "no-cache",
            "ETag": copy.etag,
            "Vary": "Accept-Encoding, Cookie",
        }


def test_tags_are_strong_and_differ_by_coding_and_by_page() -> None:
    made, again, other = copies(HEADERS, PAGE), copies(HEADERS, PAGE), copies(HEADERS, PAGE + b".")
    tags = [copy.etag for copy in (*made.values(), *other.values())]
    assert len(set(tags)) == 6
    assert all(tag[0] == tag[-1] == '"' and len(tag) == 34 for tag in tags)
    assert [copy.etag for copy in again.values()] == tags[:3]


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        ("{tag}", True),
        ("W/{tag}", True),  # what a proxy makes of it
        ('"other", {tag}', True),
        ('"other",W/{tag} , "third"', True),
        ("*", True),
        ('"other"', False),
        ("{bare}", True),  # some forget the quotes
        ('"{bare}x"', False),
        ('"x{bare}"', False),
        ('"-{bare}-", "a{bare}"', False),
        (",", False),
        ('"', False),
    ],
)
def test_a_browser_has_it_when_it_names_its_tag(sent: str, known: bool) -> None:
    copy = copies(HEADERS, PAGE)["br"]
    assert copy.known_to(sent.format(tag=copy.etag, bare=copy.etag.strip('"'))) is known


def test_the_tag_of_another_coding_is_another() -> None:
    made = copies(HEADERS, PAGE)
    assert not made["br"].known_to(made["gzip"].etag)
