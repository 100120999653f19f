"""A development authority and the certificate of localhost.

Guarantees: ECDSA P-256 (ASVS 11.2.3); the leaf lives 60 days, for localhost and 127.0.0.1 alone;
its key is 0600 from its first moment. The authority's key is never written: it signs once and is
forgotten, so nobody can steal it, and the authority is constrained to this machine's names all
the same (RFC 5280 section 4.2.1.10). Trusting it means trusting this one certificate.
Not for production: there an ACME client asks a public authority.
"""

import os
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFE = timedelta(days=60)  # browsers take no more than 90 days for the modern profile
RENEWED_BEFORE = timedelta(days=7)
NAMES = [x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))]
OURS = [x509.DNSName("localhost"), x509.IPAddress(IPv4Network("127.0.0.0/8"))]


class Certificates:
    """Files of one directory: `authority` is for clients, `certificate` and `key` for nginx."""

    def __init__(self, directory: Path) -> None:
        self.authority = directory / "ca.pem"
        self.certificate = directory / "localhost.pem"
        self.key = directory / "localhost.key"

    def renew(self, now: datetime | None = None) -> bool:
        """Make them where they are missing or end within a week; True where they are new."""
        now = now or datetime.now(UTC)
        if self._last_until(now + RENEWED_BEFORE):
            return False
        self._make(now)
        return True

    def _last_until(self, moment: datetime) -> bool:
        if not (self.authority.is_file() and self.certificate.is_file() and self.key.is_file()):
            return False
        leaf = x509.load_pem_x509_certificate(self.certificate.read_bytes())
        return leaf.not_valid_after_utc > moment

    def _make(self, now: datetime) -> None:
        authority_key, leaf_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        authority = _authority(authority_key, now)
        leaf = _leaf(leaf_key.public_key(), authority, authority_key, now)
        self.key.unlink(missing_ok=True)
        self.authority.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
        self.certificate.write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
        _write_private(self.key, leaf_key)


def _authority(key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    name = _common_name("Gatehouse development, this machine only")
    return (
        _certificate(name, key.public_key(), now)
        .issuer_name(name)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True), critical=True)
        .add_extension(x509.NameConstraints(OURS, None), critical=True)
        .sign(key, hashes.SHA256())
    )


def _leaf(
    key: ec.EllipticCurvePublicKey,
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
    return (
        _certificate(_common_name("localhost"), key, now)
        .issuer_name(authority.subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(NAMES), critical=False)
        .add_extension(issuer, critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _certificate(
    name: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))  # clocks differ
        .not_valid_after(now + LIFE)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _common_name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _usage(*, digital_signature: bool = False, key_cert_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        key_cert_sign=key_cert_sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write_private(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
