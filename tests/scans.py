"""Files that people bring as scans, made here byte by byte: sound ones, and every unsound one that a case has to refuse."""

import io
import struct
import zlib
from collections.abc import Callable

import pikepdf
from PIL import Image

MEGABYTE = 1024 * 1024


def jpeg(size: tuple[int, int] = (60, 40), colour: str = "white", **how: object) -> bytes:
    """A photograph of one colour."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG", **how)
    return file.getvalue()


def png() -> bytes:
    """A picture of a kind that is not taken."""
    file = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(file, "PNG")
    return file.getvalue()


def pdf(change: Callable[[pikepdf.Pdf], object] = lambda _: None, pages: int = 1, **how: object) -> bytes:
    """A document of empty pages, changed before it is written; the same asked for gives the same bytes."""
    file = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page()
        change(made)
        made.save(file, **({"static_id": "encryption" not in how} | how))
    return file.getvalue()


def encrypted_pdf() -> bytes:
    """One that opens without a password and forbids printing."""
    return pdf(encryption=pikepdf.Encryption(owner="владелец", user="", allow=pikepdf.Permissions(extract=False)))


def locked_pdf() -> bytes:
    """One that opens with a password only."""
    return pdf(encryption=pikepdf.Encryption(owner="o", user="secret"))


def scripted_pdf() -> bytes:
    """One with JavaScript that runs when it is closed."""
    return pdf(lambda made: made.Root.update({"/AA": pikepdf.Dictionary(WC=_action("/JavaScript", JS="app.alert(1)"))}))


def launching_pdf() -> bytes:
    """One that starts a program when a page is opened."""
    return pdf(lambda made: made.pages[0].obj.update({"/AA": pikepdf.Dictionary(O=_action("/Launch", F="calc.exe"))}))


def disguised_pdf() -> bytes:
    """One that starts a program by an action that calls itself a piece of the structure: readers do it all the same."""
    action = _action("/Launch", F="calc.exe")
    action.Type = pikepdf.Name("/StructElem")
    return pdf(lambda made: made.pages[0].obj.update({"/AA": pikepdf.Dictionary(O=action)}))


def _action(kind: str, **more: str) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name(kind), **{key: pikepdf.String(value) for key, value in more.items()})


def carrying_pdf() -> bytes:
    """One with a file inside."""
    return pdf(lambda made: made.attachments.__setitem__("macro.docm", b"PK"))


def padded_pdf(size: int) -> bytes:
    """A sound document of exactly this many bytes."""

    def padded(length: int) -> bytes:
        return pdf(lambda made: made.Root.__setattr__("Padding", made.make_stream(b" " * length)), compress_streams=False)

    length = size - len(padded(size // 2)) + size // 2
    return padded(length)


def packed_bomb(megabytes: int = 65) -> bytes:
    """A document of some kilobytes whose only packed object, a program, hides behind so many megabytes of spaces."""
    packing = zlib.compressobj(9)
    hidden = b"<</S/JavaScript/JS(app.alert(1))>>"
    packed = packing.compress(b"5 %d " % (megabytes * MEGABYTE)) + b"".join(
        packing.compress(b" " * MEGABYTE) for _ in range(megabytes)
    )
    packed += packing.compress(hidden) + packing.flush()
    first = len(b"5 %d " % (megabytes * MEGABYTE))
    bodies = (
        b"<</Type/Catalog/Pages 2 0 R/AA<</WC 5 0 R>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>",
        b"<</Type/ObjStm/N 1/First %d/Filter/FlateDecode/Length %d>>stream\n" % (first, len(packed)) + packed + b"\nendstream",
    )
    made, rows = b"%PDF-1.5\n", [struct.pack(">BIB", 0, 0, 255)]
    for number, body in enumerate(bodies, 1):
        rows.append(struct.pack(">BIB", 1, len(made), 0))
        made += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join([*rows, struct.pack(">BIB", 2, 4, 0), struct.pack(">BIB", 1, len(made), 0)])
    head = b"6 0 obj\n<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length %d>>stream\n" % len(table)
    return made + head + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(made)


def misnamed_pdf() -> bytes:
    """A document with a name in no encoding that anybody knows."""
    named = pdf(lambda made: made.Root.update({"/AA": pikepdf.Dictionary(WC=_action("/Yyyy"))}))
    return named.replace(b"/Yyyy", b"/\xffyyy")


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A photograph of a few hundred bytes that says it is 3,600 millions of points."""
    data = bytearray(jpeg())
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)
