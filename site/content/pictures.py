"""Narrower variants of pictures, made when first asked for and kept: a phone need not load what a printer would want."""

import io
from pathlib import Path

from PIL import Image

from .. import files

WIDTHS = (320, 640, 1280, 1920)
"""Widths of variants in pixels; there are no others, so that nobody can fill the disk by asking."""
VARIANT_TYPE = "image/webp"
QUALITY = 82
# What is drawn and not photographed keeps its sharp edges.
DRAWN = {"PNG", "GIF"}


def narrower(width: int) -> tuple[int, ...]:
    """The widths in which a picture of this width is offered besides its own."""
    return tuple(offered for offered in WIDTHS if offered < width)


def variant(cache_dir: Path, original: Path, width: int) -> Path:
    """The picture at this path in one of WIDTHS, as WebP, made at the first call; ValueError for another width.

    `original` is named by its SHA-256, so that a variant never grows stale. OSError when the original cannot be read.
    """
    if width not in WIDTHS:
        raise ValueError(f"not a width of variants: {width}")
    path = cache_dir / "pictures" / original.name[:2] / f"{original.name}-{width}.webp"
    return files.kept(path, lambda: _scaled(original, width))


def _scaled(original: Path, width: int) -> bytes:
    with Image.open(original, formats=("JPEG", "PNG", "WEBP", "GIF")) as opened:
        # A JPEG is read at a fraction of its size where that is enough: several times faster.
        opened.draft("RGB", (width, width))
        lossless = opened.format in DRAWN
        coloured = opened.convert("RGBA" if opened.has_transparency_data else "RGB")
    height = max(1, round(coloured.height * width / coloured.width))
    made = io.BytesIO()
    coloured.resize((width, height), Image.Resampling.LANCZOS).save(made, "WEBP", quality=QUALITY, lossless=lossless)
    return made.getvalue()
