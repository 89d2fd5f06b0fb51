"""Narrower variants of pictures: only some widths, made once, whoever asks."""

import hashlib
import io
import threading
from pathlib import Path

import pytest
from PIL import Image

from attestation.site import files
from attestation.site.content import pictures


def kept(folder: Path, format: str = "JPEG", size: tuple[int, int] = (2000, 1000), mode: str = "RGB") -> Path:
    """A picture kept as an upload: left half red, right half blue."""
    made = Image.new(mode, size, "red")
    made.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    file = io.BytesIO()
    made.save(file, format)
    return files.path_of(folder, files.freeze(folder, file.getvalue(), suffix=""), suffix="")


@pytest.mark.parametrize(
    ("width", "offered"),
    [(100, ()), (320, ()), (321, (320,)), (1000, (320, 640)), (1920, (320, 640, 1280)), (5000, (320, 640, 1280, 1920))],
)
def test_no_picture_is_blown_up(width: int, offered: tuple[int, ...]) -> None:
    assert pictures.narrower(width) == offered


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_variant_shows_the_same_in_fewer_points(tmp_path: Path, format: str) -> None:
    original = kept(tmp_path / "uploads", format)
    path = pictures.variant(tmp_path / "cache", original, 640)
    assert path == tmp_path / "cache" / "pictures" / original.name[:2] / f"{original.name}-640.webp"
    with Image.open(path) as made:
        assert (made.format, made.size, made.mode) == ("WEBP", (640, 320), "RGB")
        left, right = made.getpixel((100, 160)), made.getpixel((540, 160))
    assert left[0] > 240 > 20 > left[2]
    assert right[2] > 240 > 20 > right[0]


def test_what_shines_through_does_so_in_a_variant(tmp_path: Path) -> None:
    made = Image.new("RGBA", (800, 400), (255, 0, 0, 0))
    made.paste((0, 0, 255, 255), (0, 0, 400, 400))
    file = io.BytesIO()
    made.save(file, "PNG")
    original = files.path_of(tmp_path, files.freeze(tmp_path, file.getvalue(), suffix=""), suffix="")
    with Image.open(pictures.variant(tmp_path / "cache", original, 320)) as small:
        assert [small.getpixel(place)[3] for place in ((40, 80), (280, 80))] == [255, 0]


def test_a_line_of_points_keeps_one(tmp_path: Path) -> None:
    original = kept(tmp_path, "PNG", (2000, 1))
    with Image.open(pictures.variant(tmp_path / "cache", original, 320)) as made:
        assert made.size == (320, 1)


def test_a_variant_is_made_once(tmp_path: Path) -> None:
    original = kept(tmp_path)
    first = pictures.variant(tmp_path / "cache", original, 320)
    before = (first.stat().st_ino, hashlib.sha256(first.read_bytes()).hexdigest())
    original.unlink()
    again = pictures.variant(tmp_path / "cache", original, 320)
    assert (again.stat().st_ino, hashlib.sha256(again.read_bytes()).hexdigest()) == before


@pytest.mark.parametrize("width", [0, -320, 319, 321, 100_000])
def test_nobody_chooses_other_widths(tmp_path: Path, width: int) -> None:
    with pytest.raises(ValueError, match="not a width of variants"):
        pictures.variant(tmp_path / "cache", kept(tmp_path), width)
    assert not (tmp_path / "cache").exists()


def test_an_original_that_is_gone_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        pictures.variant(tmp_path / "cache", tmp_path / ("ab" * 32), 320)
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


def test_many_ask_at_once(tmp_path: Path) -> None:
    original = kept(tmp_path)
    told: list[bytes] = []

    def ask() -> None:
        told.append(pictures.variant(tmp_path / "cache", original, 640).read_bytes())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(told), len(set(told))) == (8, 1)
    assert len([path for path in (tmp_path / "cache").rglob("*") if path.is_file()]) == 1
