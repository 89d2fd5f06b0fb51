"""A finished page as the bytes that leave: once in each coding, with its headers, and which of them a request gets."""

import gzip
import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import brotli
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header, parse_etags

Headers = list[tuple[str, str]]

IDENTITY = "identity"
# The best of both: beyond these levels a page takes several times as long and gets a few hundredths smaller.
BROTLI_QUALITY = 6
GZIP_LEVEL = 6
# What a copy says in its own way; all else is taken over from the page.
OWN = frozenset({"content-length", "content-encoding", "etag", "vary"})
# What speaks of the body, which a 304 does not have.
OF_THE_BODY = frozenset({"content-type", "content-length", "content-encoding"})


class Copy(NamedTuple):
    """A page in one coding: the body, the headers it goes with, and those of an answer without it."""

    body: bytes
    etag: str
    headers: Headers
    headers_of_304: Headers

    def known_to(self, if_none_match: str) -> bool:
        """Whether the browser has exactly this already."""
        return if_none_match == self.etag or parse_etags(if_none_match).contains_weak(self.etag.strip('"'))


def copies(headers: Iterable[tuple[str, str]], body: bytes) -> dict[str, Copy]:
    """The copies of a page by their coding."""
    bodies = {
        "br": brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY),
        "gzip": gzip.compress(body, GZIP_LEVEL, mtime=0),
        IDENTITY: body,
    }
    kept = [pair for pair in headers if pair[0].lower() not in OWN]
    return {coding: _copy(kept, coding, coded) for coding, coded in bodies.items()}


def _copy(headers: Headers, coding: str, body: bytes) -> Copy:
    # Of these very bytes, so that no two codings, and no two versions of a compressor, share a tag.
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    own = [("Content-Length", str(len(body))), ("ETag", etag), ("Vary", "Accept-Encoding, Cookie")]
    if coding != IDENTITY:
        own.append(("Content-Encoding", coding))
    whole = [*headers, *own]
    return Copy(body, etag, whole, [pair for pair in whole if pair[0].lower() not in OF_THE_BODY])


# Browsers have few ways to say it.
@lru_cache(maxsize=64)
def coding(accepted: str) -> str:
    """The coding in which an answer leaves, by Accept-Encoding (RFC 9110, 12.5.3): of those wanted most, the shortest.

    Where nothing we have is wanted the page leaves as it is: a page is more useful than a refusal.
    """
    wanted = parse_accept_header(accepted, Accept)
    best = max(("br", "gzip"), key=wanted.quality)  # the first of equals
    return best if wanted.quality(best) and wanted.quality(best) >= wanted.quality(IDENTITY) else IDENTITY
