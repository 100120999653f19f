import re

import pytest

from config.addresses import parse_origin_regex

SECURE = ("https",)


@pytest.mark.parametrize("host", ["*", "*.gatehouse.test", ".gatehouse.test", "api.*"])
def test_a_wildcard_host_is_refused(loads, refused, host):
    assert "is a wildcard" in refused(loads, "ALLOWED_HOSTS", ALLOWED_HOSTS=host)


@pytest.mark.parametrize(
    "host",
    ["https://a.test", "a.test:443", "a.test/", "a b", "-a.test", "a..test", "u@a.test", "a.test."],
)
def test_what_is_not_a_bare_host_is_refused(loads, refused, host):
    assert "not a bare host" in refused(loads, "ALLOWED_HOSTS", ALLOWED_HOSTS=f"b.test,{host}")


def test_a_broken_ipv6_host_is_refused(loads, refused):
    assert "not an IPv6" in refused(loads, "ALLOWED_HOSTS", ALLOWED_HOSTS="[::g]")


def test_hosts_are_names_and_addresses_in_lower_case(loads):
    hosts = loads(
        ALLOWED_HOSTS="API.gatehouse.test,10.0.0.7,[::1],xn--bcher-kva.test"
    ).allowed_hosts
    assert hosts == ("api.gatehouse.test", "10.0.0.7", "[::1]", "xn--bcher-kva.test")


def test_every_bad_host_is_named_at_once(loads, refused):
    line = refused(loads, "ALLOWED_HOSTS", ALLOWED_HOSTS="*,a.test,b.test:80")
    assert "entry 1 is a wildcard" in line
    assert "entry 3 is not a bare host" in line


@pytest.mark.parametrize(
    "url",
    ["https://a.test/", "https://a.test/api", "https://u:p@a.test", "a.test", "https://a.test?x"],
)
def test_the_public_url_is_an_origin(loads, refused, url):
    assert "nothing more" in refused(loads, "PUBLIC_URL", PUBLIC_URL=url)


def test_the_public_url_is_https_in_production_alone(loads, develops, refused):
    assert "not https" in refused(loads, "PUBLIC_URL", PUBLIC_URL="http://a.test")
    assert develops(PUBLIC_URL="http://localhost:9000").public_url == "http://localhost:9000"


@pytest.mark.parametrize(
    ("origin", "reason"),
    [
        ("*", "wildcard"),
        ("https://*.a.test", "wildcard"),
        ("null", "null"),
        ("NULL", "null"),
        ("https://a.test/", "nothing more"),
        ("https://a.test/path", "nothing more"),
        ("https://u:p@a.test", "nothing more"),
        ("a.test", "nothing more"),
        ("ftp://a.test", "nothing more"),
        ("https://a.test:0", "nothing more"),
        ("https://a.test:65536", "nothing more"),
        ("https://a_b.test", "bare host"),
        ("https://[::g]", "IPv6"),
        ("http://a.test", "not https"),
    ],
)
def test_an_origin_that_says_too_much_is_refused(loads, refused, origin, reason):
    line = refused(loads, "CORS_ALLOWED_ORIGINS", CORS_ALLOWED_ORIGINS=f"https://ok.test,{origin}")
    assert "entry 2" in line
    assert reason in line


def test_an_origin_is_kept_as_browsers_send_it(loads, develops):
    origins = loads(CORS_ALLOWED_ORIGINS="https://App.Test:8443,https://[::1]").cors_allowed_origins
    assert origins == ("https://app.test:8443", "https://[::1]")
    local = develops(CORS_ALLOWED_ORIGINS="http://localhost:5173")
    assert local.cors_allowed_origins == ("http://localhost:5173",)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (r"https://a\.test$", "start"),
        (r"^http://a\.test$", "start"),
        (r"^https?://a\.test$", "start"),
        (r"^https://a\.test", "end"),
        (r"^https://a\.test\$", "end"),
        (r"^https://a\.test[$", "compile"),
        (r"^https://(a\.test$", "compile"),
        (r"^https://a\.test|https://b\.test$", "outside parentheses"),
        (r"^https://(a|b)\.test|c$", "outside parentheses"),
        (r"^https://.*$", "any character"),
        (r"^https://.+$", "any character"),
        (r"^https://.*\.a\.test$", "any character"),
        (r"^https://a.test$", "any character"),
        (r"^https://\S+$", "any character"),
        (r"^https://[^/]+$", "any character"),
        (r"^https://[a-z.]+$", "any host"),
        (r"^https://[a-z0-9.:-]+$", "any host"),
        (r"^https://(?:\w+\.)+[a-z]+$", "any host"),
    ],
)
def test_a_loose_origin_expression_is_refused(loads, refused, expression, reason):
    name = "CORS_ALLOWED_ORIGIN_REGEXES"
    assert reason in refused(loads, name, **{name: expression})


@pytest.mark.parametrize(
    "expression",
    [
        r"^https://[a-z0-9-]+\.a\.test$",
        r"^https://(app|admin)\.a\.test(:8443)?$",
        r"^https://[a-z.|-]+\.a\.test$",
    ],
)
def test_a_tight_origin_expression_is_kept(expression):
    assert parse_origin_regex(expression, SECURE) == expression


def test_plain_http_expressions_serve_development(develops):
    expressions = develops(CORS_ALLOWED_ORIGIN_REGEXES=r"^https?://localhost(:\d+)?$")
    (expression,) = expressions.cors_allowed_origin_regexes
    assert re.match(expression, "http://localhost:5173")


@pytest.mark.parametrize("network", ["0.0.0.0/0", "::/0"])
def test_the_whole_internet_is_no_proxy(loads, refused, network):
    line = refused(loads, "TRUSTED_PROXIES", TRUSTED_PROXIES=f"10.0.0.0/8,{network}")
    assert "entry 2 trusts every address" in line


@pytest.mark.parametrize("network", ["10.0.0.1/8", "proxy.test", "10.0.0.0/33", "*"])
def test_what_is_not_a_network_is_no_proxy(loads, refused, network):
    assert "not a CIDR" in refused(loads, "TRUSTED_PROXIES", TRUSTED_PROXIES=network)


@pytest.mark.parametrize(
    "url", ["sqlite:///var/db.sqlite3", "mysql://h/d", "postgres:h", "h:5432/d"]
)
def test_production_runs_on_postgresql(loads, refused, url):
    line = refused(loads, "DATABASE_URL", DATABASE_URL=url)
    assert "start with postgres://" in line or "not a URL" in line


def test_development_runs_on_either_database(develops):
    for url in ("sqlite:///var/other.sqlite3", "postgresql://u@localhost/d"):
        assert develops(DATABASE_URL=url).database_url.get_secret_value() == url


@pytest.mark.parametrize(
    "url", ["redis://h:6379/0", "rediss://:p4ss@h/1", "unix:///run/redis.sock"]
)
def test_redis_answers_on_tcp_tls_or_a_socket(loads, url):
    assert loads(REDIS_URL=url).redis_url.get_secret_value() == url


@pytest.mark.parametrize("url", ["http://h:6379", "h:6379", "memcached://h"])
def test_another_store_is_no_redis(loads, develops, refused, url):
    assert "start with redis://" in refused(loads, "REDIS_URL", REDIS_URL=url)
    assert "start with redis://" in refused(develops, "REDIS_URL", REDIS_URL=url)


@pytest.mark.parametrize("password", ["change-me", "CHANGE%5FME", "password", "s%65cret"])
@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_a_placeholder_password_in_a_url_is_refused(loads, refused, name, password):
    scheme = "postgres" if name == "DATABASE_URL" else "redis"
    url = f"{scheme}://user:{password}@host/0"
    assert "is a placeholder" in refused(loads, name, **{name: url})


@pytest.mark.parametrize(
    "url",
    ["postgres://u:hunter2/x@h/d", "postgres://u:hunter2[@h/d", "postgres://u:hunter2\u2100@h/d"],
)
def test_a_password_that_breaks_its_url_is_not_repeated(loads, refused, url):
    line = refused(loads, "DATABASE_URL", DATABASE_URL=url)
    assert "percent-encode" in line
    assert "hunter2" not in line
