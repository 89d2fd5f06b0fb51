"""The first texts of the public site: loaded once from `content/pages/`, afterwards the records are the truth."""

from pathlib import Path

from ..models import Blob, utc_now
from ..site.content.portable import Text, documents
from .acts.content.portable import bring_in

CONTENT = Path(__file__).parents[1] / "content"


def load(folder: Path = CONTENT / "pages") -> list[str]:
    """Add the materials of this folder at addresses that the site neither has nor had; their paths."""
    changes = bring_in(documents(folder), keep=_no_file, by=None, on=utc_now(), only_new=True)
    return [change.path for change in changes]


def _no_file(_data: bytes, text: Text) -> Blob:
    raise ValueError(f"the first texts bring no files, but here is {text.file_name}")
