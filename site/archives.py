"""ZIP archives of XML that people bring, such as DOCX and XLSX, looked through before anything in them is read."""

import io
import zipfile

# What is inside must not unfold without end.
LARGEST_UNFOLDED = 60 * 1024 * 1024
MOST_PARTS = 2_000
# Signs «<» in all parts, no fewer than elements: a million keeps a process busy for some ten seconds.
MOST_MARKS = 1_000_000


class BrokenArchive(ValueError):
    """The archive cannot be read."""


class LockedArchive(ValueError):
    """Parts of the archive are encrypted."""


class HugeArchive(ValueError):
    """The archive would unfold beyond the limits above."""


def checked(data: bytes) -> frozenset[str]:
    """Names of the parts. BrokenArchive, LockedArchive or HugeArchive for what must not be read.

    Sizes are asked before anything is unfolded, and elements are counted before any is made: millions of empty ones take
    kilobytes, minutes and gigabytes.
    """
    names = listed(data)
    if _marks(data) > MOST_MARKS:
        raise HugeArchive
    return names


def listed(data: bytes) -> frozenset[str]:
    """Names of the parts of an archive that is kept and not read, so that elements need not be counted; raises the same."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise BrokenArchive from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNFOLDED:
        raise HugeArchive
    if any(part.flag_bits & 1 for part in parts):
        raise LockedArchive
    return frozenset(part.filename for part in parts)


def part(data: bytes, name: str) -> bytes:
    """One part of a checked archive, unfolded; BrokenArchive if it is not there or damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.read(name)
    except Exception:  # whatever a broken archive breaks in the library, the remedy is the same
        raise BrokenArchive from None


def _marks(data: bytes) -> int:
    """How many signs «<» the parts of the archive hold."""
    count = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in archive.infolist():
                with archive.open(part) as file:
                    while piece := file.read(1024 * 1024):
                        count += piece.count(b"<")
    except Exception:  # as above
        raise BrokenArchive from None
    return count
