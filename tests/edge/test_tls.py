"""Which TLS the edge speaks, and with whom."""

import ssl
import subprocess
from pathlib import Path

import pytest

from deploy.edge.ports import free_port
from tests.edge.standing import Edge, checker, standing

pytestmark = pytest.mark.process


def speaking(edge: Edge, version: ssl.TLSVersion, ciphers: str = "ALL") -> ssl.SSLContext:
    """A client that speaks this version alone, and is itself ashamed of nothing."""
    context = ssl.create_default_context(cafile=str(edge.authority))
    context.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    return context


@pytest.mark.parametrize("version", ["TLSv1_2", "TLSv1_3"])
def test_current_versions_work(edge: Edge, version: str):
    with edge.shaken(speaking(edge, ssl.TLSVersion[version])) as connection:
        assert connection.version() == version.replace("_", ".")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_1"])
def test_broken_versions_are_refused(edge: Edge, version: str):
    with (
        pytest.raises(ssl.SSLError, match="ALERT_PROTOCOL_VERSION"),
        edge.shaken(speaking(edge, ssl.TLSVersion[version])),
    ):
        pass


@pytest.mark.parametrize(
    "cipher",
    ["ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384", "AES128-SHA", "ECDHE-ECDSA-AES128-CCM"],
)
def test_ciphers_outside_the_list_are_refused(edge: Edge, cipher: str):
    context = speaking(edge, ssl.TLSVersion.TLSv1_2, cipher)
    with pytest.raises(ssl.SSLError, match="HANDSHAKE_FAILURE"), edge.shaken(context):
        pass


@pytest.mark.parametrize(
    "cipher", ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"]
)
def test_the_client_chooses_among_good_ciphers(edge: Edge, cipher: str):
    with edge.shaken(speaking(edge, ssl.TLSVersion.TLSv1_2, cipher)) as connection:
        assert connection.cipher()[0] == cipher


def test_a_curve_outside_the_list_is_refused(edge: Edge):
    context = speaking(edge, ssl.TLSVersion.TLSv1_3)
    context.set_ecdh_curve("secp521r1")
    with pytest.raises(ssl.SSLError, match="HANDSHAKE_FAILURE"), edge.shaken(context):
        pass


def test_no_session_ticket_is_issued(edge: Edge):
    with edge.shaken(speaking(edge, ssl.TLSVersion.TLSv1_2)) as connection:
        assert not connection.session.has_ticket


@pytest.mark.parametrize("name", [None, "evil.example", "127.0.0.1"])
def test_a_handshake_for_another_name_is_rejected(edge: Edge, name: str | None):
    context = ssl.create_default_context(cafile=str(edge.authority))
    context.check_hostname = False
    with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"), edge.shaken(context, name):
        pass


def test_the_modern_profile_speaks_1_3_alone(tmp_path: Path):
    with standing(tmp_path, free_port(), tls="modern") as edge:
        with edge.shaken() as connection:
            assert connection.version() == "TLSv1.3"
        with (
            pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"),
            edge.shaken(speaking(edge, ssl.TLSVersion.TLSv1_2)),
        ):
            pass


@pytest.mark.parametrize("profile", ["intermediate", "modern"])
def test_sslyze_finds_the_profile_kept(tmp_path: Path, profile: str):
    sslyze = checker("sslyze")
    with standing(tmp_path, free_port(), tls=profile) as edge:
        command = [sslyze, "--mozilla_config", profile, "--certinfo_ca_file", edge.authority]
        said = subprocess.run(
            [*command, f"localhost:{edge.https}"], capture_output=True, text=True, timeout=60
        )
    assert said.returncode == 0, said.stdout
    assert "OK - Compliant" in said.stdout
