"""Electronic signatures as people bring them: data of a certificate, and a detached signature in a file (.sig, .p7s).

The file is told by its structure, a CMS message that holds signatures and not the signed text (RFC 5652). Whether the signature
is true is not judged here: that takes the authority's own means, certified ones for Russian algorithms.
"""

import base64
import binascii
import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.x509.oid import NameOID

from ...models import OrderSignature
from ...procedure.refusal import Refusal
from ...site import fields, files
from ...site.dates import CITY

LARGEST = 1024 * 1024
SIGNED_DATA = "1.2.840.113549.1.7.2"
_PEM = re.compile(rb"-----BEGIN (?:CMS|PKCS7)-----\s+([A-Za-z0-9+/=\s]+?)-----END (?:CMS|PKCS7)-----\s*")
_BASE64 = re.compile(rb"[A-Za-z0-9+/\s]+={0,2}\s*")
_SERIAL = re.compile(r"[0-9A-F]{1,64}")
_NOT_A_SIGNATURE = "Файл не похож на электронную подпись. Нужна отсоединённая подпись CMS в кодировке DER или PEM (SIG, P7S)."
_ATTACHED = "В файле подпись вместе с документом. Нужна отсоединённая подпись, в отдельном файле."


@dataclass(frozen=True)
class Certificate:
    """Whose certificate it is, who issued it, its number, the days on which it is valid, both included."""

    owner: str
    issuer: str
    serial: str
    valid_from: dt.date
    valid_until: dt.date

    def told(self, signed_on: dt.date) -> dict[str, Any]:
        """The columns of a mark of signature made on this day. Refusal for what cannot be so."""
        serial = _serial(self)
        if not _SERIAL.fullmatch(serial):
            raise Refusal("Серийный номер сертификата состоит из цифр и латинских букв от A до F.")
        if self.valid_until < self.valid_from:
            raise Refusal("Сертификат кончается раньше, чем начинает действовать: проверьте даты.")
        if not self.valid_from <= signed_on <= self.valid_until:
            raise Refusal(
                f"В день подписания ({signed_on:%d.%m.%Y}) сертификат не действовал: он действует"
                f" с {self.valid_from:%d.%m.%Y} по {self.valid_until:%d.%m.%Y}."
            )
        return {
            "owner": fields.line(OrderSignature.owner, self.owner),
            "issuer": fields.line(OrderSignature.issuer, self.issuer),
            "serial": serial,
            "valid_from": self.valid_from,
            "valid_until": self.valid_until,
        }


@dataclass(frozen=True)
class SignatureFile:
    """A kept file with a detached signature, by the hash of its content; the certificate that came in it, if one did."""

    name: str
    sha256: str
    size: int
    certificate: Certificate | None


def keep(files_dir: Path, data: bytes, name: str) -> SignatureFile:
    """Keep a file of a signature for good. Refusal for one that is too large or no detached signature."""
    certificate = read(data)
    shown = fields.line(OrderSignature.file_name, Path(name.replace("\\", "/")).name or "signature.sig")
    return SignatureFile(shown, files.freeze(files_dir, data, files.SIGNATURE), len(data), certificate)


def chosen(typed: Certificate | None, file: SignatureFile | None) -> Certificate | None:
    """The certificate as it was typed, else as it came in the file. Refusal when they are two."""
    told = file.certificate if file else None
    if typed is None:
        return told
    if told and _serial(typed) != _serial(told):
        raise Refusal(f"Серийный номер не тот, что в файле подписи ({told.serial}): проверьте, тот ли это файл.")
    return typed


def read(data: bytes) -> Certificate | None:
    """The certificate of the only signer in a detached signature; None when none is told. Refusal for any other file."""
    if len(data) > LARGEST:
        raise Refusal(f"Файл подписи больше {LARGEST // 1024 // 1024} МБ: проверьте, тот ли это файл.")
    try:
        message = asn1.decode_der(_Message, _der(data))
    except (ValueError, binascii.Error):
        raise Refusal(_NOT_A_SIGNATURE) from None
    signed = message.content
    if message.kind.dotted_string != SIGNED_DATA or not signed.signers.as_list():
        raise Refusal(_NOT_A_SIGNATURE)
    if signed.content.held is not None:
        raise Refusal(_ATTACHED)
    found = signed.certificates.as_list() if signed.certificates else []
    return _certificate(found[0]) if len(found) == 1 else None


def _der(data: bytes) -> bytes:
    """The message itself, out of PEM or plain Base64 if it stands in one."""
    if found := _PEM.fullmatch(data.strip()):
        return base64.b64decode(found[1])
    if _BASE64.fullmatch(data):
        return base64.b64decode(b"".join(data.split()), validate=True)
    return data


def _certificate(told: asn1.TLV) -> Certificate | None:
    try:
        found = told.parse(x509.Certificate)
        owner, issuer = _named(found.subject), _named(found.issuer)
        begins, ends = (moment.astimezone(CITY).date() for moment in (found.not_valid_before_utc, found.not_valid_after_utc))
    except (ValueError, OverflowError, x509.InvalidVersion):
        # Of 31.12.9999 too, which stands for no end at all (RFC 5280): in the city it would be a day later.
        return None
    return Certificate(owner, issuer, f"{found.serial_number:X}", begins, ends) if owner and issuer else None


def _serial(certificate: Certificate) -> str:
    """The number as it is kept: without spaces, colons and leading zeros."""
    return re.sub(r"[\s:]", "", certificate.serial).upper().lstrip("0")


def _named(name: x509.Name) -> str:
    """Who it is: the common name, of a person with surname and name if they stand apart."""
    parts = [*name.get_attributes_for_oid(NameOID.SURNAME), *name.get_attributes_for_oid(NameOID.GIVEN_NAME)]
    chosen = parts if len(parts) == 2 else name.get_attributes_for_oid(NameOID.COMMON_NAME)[:1]
    return " ".join(str(part.value) for part in chosen)


# --- The structure of a message (RFC 5652, sections 3 and 5.1) ----------------------------------------------------------------


@asn1.sequence
class _Content:
    kind: x509.ObjectIdentifier
    held: Annotated[bytes | None, asn1.Explicit(0)]


@asn1.sequence
class _SignedData:
    version: int
    digests: asn1.SetOf[asn1.TLV]
    content: _Content
    certificates: Annotated[asn1.SetOf[asn1.TLV] | None, asn1.Implicit(0)]
    revocations: Annotated[asn1.SetOf[asn1.TLV] | None, asn1.Implicit(1)]
    signers: asn1.SetOf[asn1.TLV]


@asn1.sequence
class _Message:
    kind: x509.ObjectIdentifier
    content: Annotated[_SignedData, asn1.Explicit(0)]
