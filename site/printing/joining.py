"""Parts of one document, printed apart, become one tagged PDF: pages, structure, names, outline, page numbers.

The first part gives what belongs to the whole: title, language, metadata, output intent. Nothing is named by chance: the
same parts give the same bytes.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from hashlib import sha256

from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, OutlineItem, Pdf, String

from .numbering import number_pages


def join(parts: Sequence[bytes], numerals: bytes, headings: Sequence[str] = (), *, identifier: bytes) -> bytes:
    """One PDF of these tagged PDFs in their order, its pages numbered with the font of `numerals` (`numbering.py`).

    `identifier`: the first half of the file's; the other is made from its content.
    `headings`: the names of the later parts in the outline; they follow the last heading of the first part, on its level.
    """
    with ExitStack() as opened:
        whole, *others = (opened.enter_context(Pdf.open(io.BytesIO(part))) for part in parts)
        begins = []
        for other in others:
            begins.append(len(whole.pages))
            _append(whole, other)
        _outline(whole, headings, begins)
        number_pages(whole, opened.enter_context(Pdf.open(io.BytesIO(numerals))))
        _share_fonts(whole)
        whole.trailer.ID = Array([String(identifier), String(identifier)])
        made = io.BytesIO()
        whole.save(made, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
    return made.getvalue()


def _append(whole: Pdf, part: Pdf) -> None:
    """Put the part's pages after those there are, and its structure and names into those there are."""
    root = whole.Root.StructTreeRoot
    first_key = max(_keys(root.ParentTree), default=-1) + 1
    before = len(whole.pages)
    whole.pages.extend(part.pages)
    for page in list(whole.pages)[before:]:
        page.obj.StructParents += first_key
        for annotation in page.obj.get(Name.Annots, Array()):
            annotation.StructParent += first_key
    # After the pages: what is copied now refers to them.
    _append_structure(root, whole.copy_foreign(part.Root.StructTreeRoot), first_key)
    names, more = _destinations(whole), _destinations(part)
    if more:
        _merge_names(names, whole.copy_foreign(part.make_indirect(more)))


def _keys(tree: Object) -> Iterator[int]:
    yield from (int(key) for key in list(tree.Nums)[::2])


def _append_structure(root: Object, more: Object, first_key: int) -> None:
    document = root.K[0]
    for element in list(more.K[0].K):
        element.P = document
        document.K.append(element)
    pairs = list(more.ParentTree.Nums)
    for key, elements in zip(pairs[::2], pairs[1::2], strict=True):
        root.ParentTree.Nums.append(int(key) + first_key)
        root.ParentTree.Nums.append(elements)
    if Name.IDTree in more:
        _merge_names(root.IDTree, more.IDTree)


def _destinations(pdf: Pdf) -> Object:
    """The named places of a part; WeasyPrint writes them as one flat list."""
    return pdf.Root.get(Name.Names, Dictionary()).get(Name.Dests, Dictionary(Names=Array()))


def _merge_names(names: Object, more: Object) -> None:
    """Put the names of one tree into another; both are flat, a name stands in one of them only."""
    pairs = [pair for tree in (names, more) for pair in _pairs(tree.Names)]
    pairs.sort(key=lambda pair: bytes(pair[0]))
    names.Names = Array([member for pair in pairs for member in pair])


def _pairs(names: Iterable[Object]) -> Iterator[tuple[Object, Object]]:
    members = list(names)
    yield from zip(members[::2], members[1::2], strict=True)


def _outline(whole: Pdf, headings: Sequence[str], begins: Sequence[int]) -> None:
    if not headings:
        return
    with whole.open_outline() as outline:
        level = outline.root
        while level and level[-1].children:
            level = level[-1].children
        level.extend(OutlineItem(heading, page, "Fit") for heading, page in zip(headings, begins, strict=True))


def _share_fonts(whole: Pdf) -> None:
    """A font file that several parts brought alike is kept once."""
    kept: dict[str, Object] = {}
    for found in whole.objects:
        if isinstance(found, Dictionary) and found.get(Name.Type) == Name.FontDescriptor and Name.FontFile2 in found:
            digest = sha256(found.FontFile2.read_raw_bytes()).hexdigest()
            found.FontFile2 = kept.setdefault(digest, found.FontFile2)
