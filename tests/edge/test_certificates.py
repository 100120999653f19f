"""The development certificate: short, narrow, and its authority's key nowhere."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from deploy.edge.certificates import Certificates


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    made = Certificates(tmp_path)
    assert made.renew()
    return made


def load(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def test_the_leaf_is_verified_by_the_authority_for_this_machine(certificates: Certificates):
    store = Store([load(certificates.authority)])
    leaf = load(certificates.certificate)
    for name in (x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))):
        PolicyBuilder().store(store).build_server_verifier(name).verify(leaf, [])
    stranger = PolicyBuilder().store(store).build_server_verifier(x509.DNSName("example.com"))
    with pytest.raises(VerificationError):
        stranger.verify(leaf, [])


def test_the_key_is_p256_and_readable_by_its_owner_alone(certificates: Certificates):
    assert certificates.key.stat().st_mode & 0o777 == 0o600
    key = load_pem_private_key(certificates.key.read_bytes(), None)
    assert isinstance(key.curve, ec.SECP256R1)
    assert key.public_key() == load(certificates.certificate).public_key()
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
        certificates.certificate, certificates.key
    )


def test_it_lives_less_than_90_days(certificates: Certificates):
    leaf = load(certificates.certificate)
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc < timedelta(days=90)


def test_the_authority_can_sign_nothing_more(certificates: Certificates):
    """Its key was never written, and its certificate would speak for this machine alone."""
    files = list(certificates.key.parent.iterdir())
    assert sum(b"PRIVATE KEY" in file.read_bytes() for file in files) == 1
    authority = load(certificates.authority)
    constraints = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    named = {str(subtree.value) for subtree in constraints.value.permitted_subtrees}
    assert named == {"localhost", "127.0.0.0/8"}
    basic = authority.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (basic.ca, basic.path_length) == (True, 0)


def test_it_is_kept_until_its_last_week(certificates: Certificates):
    before = certificates.certificate.read_bytes()
    now = datetime.now(UTC)
    assert not certificates.renew(now + timedelta(days=52))
    assert certificates.certificate.read_bytes() == before
    assert certificates.renew(now + timedelta(days=54))
    assert certificates.certificate.read_bytes() != before
    assert certificates.key.stat().st_mode & 0o777 == 0o600
