"""The signature in a printed file: made by a certificate of this test, checked by pyHanko, broken by one changed byte."""

import datetime as dt
import io
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from attestation.site.printing.order_words import example_sheet
from attestation.site.printing.orders import print_order
from attestation.site.printing.signing import CannotSign, signed
from attestation.site.settings import Certificate

NOW = dt.datetime.now(dt.UTC)
PASSWORD = "пароль от ключа"

Key = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("certificates")


@pytest.fixture(scope="module")
def certificate(folder: Path) -> Certificate:
    return made(folder / "office.p12", NOW - dt.timedelta(days=1), NOW + dt.timedelta(days=30))


@pytest.fixture(scope="module")
def printed() -> bytes:
    return print_order(example_sheet(3)).data


@pytest.fixture(scope="module")
def sealed(printed: bytes, certificate: Certificate) -> bytes:
    return signed(printed, certificate, on=NOW)


def made(path: Path, begins: dt.datetime, ends: dt.datetime, chain: int = 0, key: Key | None = None) -> Certificate:
    """A certificate that signs itself, its key and copies of it beside it under a password, and as `.pem` for who checks."""
    key = key or rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Комитет вымышленных дел")])
    others = ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only")
    usage = {"digital_signature": True, "content_commitment": True, **dict.fromkeys((*others, "decipher_only"), False)}
    builder = x509.CertificateBuilder(
        name, name, key.public_key(), not_valid_before=begins, not_valid_after=ends
    ).add_extension(x509.KeyUsage(**usage), critical=True)
    digest = hashes.SHA256() if isinstance(key, rsa.RSAPrivateKey) else None
    certificate, *above = (builder.serial_number(number).sign(key, digest) for number in range(1, chain + 2))
    locked = BestAvailableEncryption(PASSWORD.encode())
    path.write_bytes(serialize_key_and_certificates(b"office", key, certificate, above, locked))
    path.with_suffix(".pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    return Certificate(path, PASSWORD)


def status(data: bytes, certificate: Certificate) -> PdfSignatureStatus:
    assert certificate.file
    root = load_cert_from_pemder(str(certificate.file.with_suffix(".pem")))
    (signature,) = PdfFileReader(io.BytesIO(data)).embedded_signatures
    return validate_pdf_signature(signature, ValidationContext(trust_roots=[root]))


def test_without_a_certificate_the_file_stays_as_it_is(printed: bytes) -> None:
    assert signed(printed, Certificate(), on=NOW) is printed


def test_the_signature_covers_the_whole_file_and_holds(printed: bytes, sealed: bytes, certificate: Certificate) -> None:
    assert sealed.startswith(printed)  # what was printed stands untouched, the signature follows
    found = status(sealed, certificate)
    assert (found.valid, found.intact, found.trusted, found.bottom_line) == (True, True, True, True)
    assert found.coverage.name == "ENTIRE_FILE"
    assert "Комитет вымышленных дел" in found.signing_cert.subject.human_friendly
    (signature,) = PdfFileReader(io.BytesIO(sealed)).embedded_signatures
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"


@pytest.mark.parametrize("place", [b"stream\n", b"/Reason"])
def test_one_changed_byte_breaks_it(sealed: bytes, certificate: Certificate, place: bytes) -> None:
    """A byte of a page, a byte of what the signature says about itself."""
    changed = bytearray(sealed)
    changed[sealed.index(place) + 30] ^= 1
    found = status(bytes(changed), certificate)
    assert (found.intact, found.bottom_line) == (False, False)


def test_the_signed_file_is_still_pdf_a_with_its_tags(sealed: bytes) -> None:
    with pikepdf.open(io.BytesIO(sealed)) as pdf:
        assert pdf.check_pdf_syntax() == []
        with pdf.open_metadata() as metadata:
            assert metadata.pdfa_status == "2A"
        assert "/StructTreeRoot" in pdf.Root and pdf.Root.MarkInfo.Marked
        (widget,) = pdf.Root.AcroForm.Fields
        # PDF/A-2, 6.3: printed, not hidden, and without a face only because it takes no room.
        assert (int(widget.F) & 4, int(widget.F) & 0b100011) == (4, 0)
        assert [int(side) for side in widget.Rect] == [0, 0, 0, 0]
        assert "/NeedAppearances" not in pdf.Root.AcroForm
        assert "/Encrypt" not in pdf.trailer


def test_a_certificate_out_of_its_time_is_refused(folder: Path, printed: bytes) -> None:
    old = made(folder / "old.p12", dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2021, 12, 31, tzinfo=dt.UTC))
    with pytest.raises(CannotSign, match=r"действует с 01\.01\.2020 по 31\.12\.2021"):
        signed(printed, old, on=NOW)


@pytest.mark.parametrize("broken", ["no file", "wrong password", "other content"])
def test_a_certificate_that_cannot_be_read_is_told(broken: str, folder: Path, certificate: Certificate, printed: bytes) -> None:
    (folder / "other.p12").write_bytes(b"nothing of the kind")
    given = {
        "no file": Certificate(folder / "missing.p12", PASSWORD),
        "wrong password": Certificate(certificate.file, "не тот"),
        "other content": Certificate(folder / "other.p12", PASSWORD),
    }[broken]
    with pytest.raises(CannotSign, match="не читается"):
        signed(printed, given, on=NOW)


@pytest.mark.parametrize("unfit", ["another algorithm", "a long chain"])
def test_a_certificate_that_does_not_fit_is_told(unfit: str, folder: Path, printed: bytes) -> None:
    key = ed25519.Ed25519PrivateKey.generate() if unfit == "another algorithm" else None
    given = made(folder / "unfit.p12", NOW - dt.timedelta(days=1), NOW + dt.timedelta(days=1), 30 if key is None else 0, key)
    with pytest.raises(CannotSign, match="для этого не подходит"):
        signed(printed, given, on=NOW)


def test_the_password_is_not_shown(certificate: Certificate) -> None:
    assert PASSWORD not in repr(certificate)
