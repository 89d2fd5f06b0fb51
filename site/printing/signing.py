"""The electronic signature in a printed file: PAdES, by the certificate of the installation, if there is one.

pyHanko comes with `requirements-signing.txt` and is imported only by who signs. It knows RSA and elliptic curves but not the
Russian algorithms (ГОСТ Р 34.10-2012): this seals the file and is no qualified signature of an official, which is made
elsewhere and kept beside the order (decision 0021).
"""

import datetime as dt
import io
from typing import Any

from ..settings import Certificate

FIELD = "Signature"
REASON = "Файл изготовлен и опубликован органом власти"
# What pyHanko writes beside the content; a chain of certificates needs some 10 KB, counted as hexadecimal digits.
ROOM_FOR_SIGNATURE = 32_768


class CannotSign(RuntimeError):
    """The certificate cannot be used; the sentence is for the staff and says what to do."""


def signed(data: bytes, certificate: Certificate, *, on: dt.datetime) -> bytes:
    """The file with the signature after its last byte; as it is when there is no certificate. Raises CannotSign."""
    if certificate.file is None:
        return data
    signer = _signer(certificate, on)
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.signers import PdfSignatureMetadata, sign_pdf

    about = PdfSignatureMetadata(field_name=FIELD, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256", reason=REASON)
    file = IncrementalPdfFileWriter(io.BytesIO(data))
    try:
        made: io.BytesIO = sign_pdf(file, about, signer, bytes_reserved=ROOM_FOR_SIGNATURE)
    except SigningError:
        raise CannotSign(
            "Файл не подписан: сертификат SIGNING_CERTIFICATE_FILE для этого не подходит. Нужен ключ RSA или ECDSA, "
            "а в файле рядом с сертификатом — не больше десяти сертификатов удостоверяющих центров."
        ) from None
    return made.getvalue()


def _signer(certificate: Certificate, on: dt.datetime) -> Any:
    try:
        from pyhanko.sign.signers import SimpleSigner
    except ImportError:
        raise CannotSign(
            "Файл не подписан: не установлена библиотека pyHanko. Администратор устанавливает её командой "
            "pip install --require-hashes -r requirements-signing.txt."
        ) from None
    load: Any = SimpleSigner.load_pkcs12
    try:
        signer = load(str(certificate.file), passphrase=certificate.password.encode() or None)
    except OSError:
        signer = None
    if signer is None:
        raise CannotSign(
            "Файл не подписан: сертификат SIGNING_CERTIFICATE_FILE не читается. Администратор проверяет файл и пароль к нему."
        )
    begins, ends = signer.signing_cert.not_valid_before, signer.signing_cert.not_valid_after
    if not begins <= on <= ends:
        raise CannotSign(
            f"Файл не подписан: сертификат действует с {begins:%d.%m.%Y} по {ends:%d.%m.%Y}. "
            "Администратор заменяет файл SIGNING_CERTIFICATE_FILE и запускает работу снова."
        )
    return signer
