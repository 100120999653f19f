"""Tables, rows and databases that are not as ours are: a rotation does them all the same."""

import gc

import pytest
from django.db import connection
from django.db.models import QuerySet

from apps.encryption.envelope import column_cipher, key_of
from apps.encryption.keys import KeyRing
from apps.encryption.ring import key_ring
from apps.encryption.stored import out_of_reach, values_by_key
from tests.encryption.letters import again, letter
from tests.encryption.models import Contact, Quoted
from tests.encryption.raw import raw_value, write_raw
from tests.encryption.rotating import key_id, rotate, run, under_key_1

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tables")]

on_postgres = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has no roles, schemas or silent triggers"
)


def sql(statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statements)


def quoted(key: str, **values: object) -> Quoted:
    return Quoted.objects.create(key=key, body="12 Elm Street", **values)


def key_ids(row: Quoted) -> list[int | None]:
    held = QuerySet(Quoted).filter(pk=row.pk).values_list("body", "note").get()
    return [None if one is None else key_of(one.envelope) for one in held]


@pytest.mark.parametrize("key", ["", "a", "é\u0301 \n\t\\", "%s", "\\N", "x" * 40])
def test_any_name_and_any_key_of_a_row_will_do(settings, key):
    row = quoted(key, note="")
    settings.FIELD_KEY_ACTIVE = 2

    status, said = rotate()

    assert (status, "2 values sealed anew" in said) == (0, True), said
    assert gc.get_freeze_count() == 0, "what was set aside is collected again"
    assert key_ids(row) == [2, 2]
    assert (again(row).body, again(row).note) == ("12 Elm Street", "")


def test_a_row_that_its_model_hides_is_counted_and_rotated(settings):
    row = quoted("k", hidden=True)
    settings.FIELD_KEY_ACTIVE = 2
    status, said = run("field_keys", "--may-remove", "1")
    assert (status, "1 in User Table {rows}.Select {pk}" in said) == (1, True), said

    assert rotate()[0] == 0
    assert key_ids(row) == [2, None]


@pytest.mark.parametrize("junk", [b"", b"\x02", b"\x02\x00\x01", b"\x02\x00\x01" + b"x" * 36])
def test_what_is_no_envelope_is_counted_named_and_stops_nothing(settings, junk):
    row, other = letter(note="n"), letter()
    write_raw(row, "body", junk)
    assert out_of_reach(key_ring()) == ([] if junk[:3] == b"\x02\x00\x01" else [row._meta.db_table])
    settings.FIELD_KEY_ACTIVE = 2

    status, said = rotate()

    assert (status, said.count("cannot be sealed anew:")) == (1, 1)
    assert raw_value(row, "body") == junk
    assert (key_id(row, "note"), key_id(other, "body")) == (2, 2)
    assert values_by_key()[row._meta.db_table, "body"].total() == 2


def test_a_number_in_the_column_stops_nothing(settings):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite lets a number into a binary column")
    row, other = letter(), letter()
    write_raw(row, "body", 5)
    settings.FIELD_KEY_ACTIVE = 2
    status, said = rotate()
    assert (status, "MalformedEnvelope" in said, key_id(other, "body")) == (1, True, 2)


def test_bytes_that_are_no_text_stop_nothing_and_are_not_shown(settings):
    row = Contact.objects.create(phone="+15055550123")
    other = Contact.objects.create(phone="+15055550124")
    write_raw(row, "phone", under_key_1(row, "phone", b"secret\xff"))
    settings.FIELD_KEY_ACTIVE = 2

    status, said = rotate()

    assert (status, "phone_index" in said, "secret" in said) == (1, True, False)
    assert "UnreadableContent" in said
    assert (key_id(other, "phone"), key_id(other, "phone_index")) == (2, 2)


def test_of_many_rows_that_cannot_be_written_only_those_stay(settings):
    old, new = KeyRing(key_ring()._keys, 1), KeyRing(key_ring()._keys, 2)
    settings.FIELD_KEY_ACTIVE = 2
    rows = []
    for number in range(30):
        row = Contact.objects.create(phone="+15055550123", national_id=f"{number:09}")
        rows.append(row)
    index = {ring.active: _index(ring) for ring in (old, new)}
    for number, row in enumerate(rows):  # two rows in three share a value, each under its own key
        text, ring = f"{number - number % 3 // 2:09}", new if number % 3 == 1 else old
        cipher = column_cipher(ring, row._meta.db_table, "national_id")
        write_raw(row, "national_id", cipher.seal(row.pk.bytes, text.encode()))
        write_raw(row, "national_id_index", index[ring.active].of(text))

    status, said = rotate()

    assert status == 1
    assert said.count("national_id_index, row") == said.count("IntegrityError") / 2 == 10
    left = [number for number, row in enumerate(rows) if key_id(row, "national_id") == 1]
    assert left == [number for number in range(30) if number % 3 == 2]


def _index(ring: KeyRing):
    from apps.encryption.blind_index import blind_index

    field = Contact._meta.get_field("national_id_index")
    return blind_index(ring, "encryption_contact", field.column, field.normaliser, field.bits)


def test_a_value_that_was_mended_meanwhile_hides_no_stale_one(settings, monkeypatch):
    bad, other = letter(), letter()
    write_raw(bad, "body", b"x" * 40)
    settings.FIELD_KEY_ACTIVE = 2
    passed = []

    def counted():
        if not passed:  # after the first pass
            passed.append(1)
            bad.delete()
            write_raw(other, "body", under_key_1(other, "body", b"from an older node"))
        return values_by_key()

    monkeypatch.setattr("apps.encryption.rotation.values_by_key", counted)
    status, said = rotate()

    assert status == 0, said
    assert key_id(other, "body") == 2
    assert again(other).body == "from an older node"


@on_postgres
def test_a_trigger_that_swallows_a_change_is_not_taken_for_success(settings):
    row, other = letter(), quoted("k")
    sql(
        "CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN NULL; END $$;"
        " CREATE TRIGGER swallow BEFORE UPDATE ON encryption_letter"
        " FOR EACH ROW EXECUTE FUNCTION swallow()"
    )
    settings.FIELD_KEY_ACTIVE = 2

    status, said = rotate()

    assert (status, "1 values sealed anew" in said, "1 values cannot" in said) == (1, True, True)
    assert (key_id(row, "body"), key_ids(other)[0]) == (1, 2)


@on_postgres
def test_a_change_that_is_swallowed_takes_back_the_others_of_its_statement(settings):
    rows = [letter(title=title) for title in ("a", "swallowed", "b")]
    sql(
        "CREATE TABLE written (id uuid);"
        " CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN IF NEW.title = 'swallowed' THEN RETURN NULL; END IF;"
        " INSERT INTO written VALUES (NEW.id); RETURN NEW; END $$;"
        " CREATE TRIGGER swallow BEFORE UPDATE ON encryption_letter"
        " FOR EACH ROW EXECUTE FUNCTION swallow()"
    )
    settings.FIELD_KEY_ACTIVE = 2

    assert rotate()[0] == 1

    assert [key_id(row, "body") for row in rows] == [2, 1, 2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM written")
        assert cursor.fetchone() == (2,), "each was written once, and by itself"


@on_postgres
@pytest.mark.parametrize("batch", ["1", "1000"])
def test_of_two_rows_under_one_key_none_gets_the_value_of_the_other(settings, batch):
    row = letter(body="the first")
    other = letter(body="the second")
    sealed = column_cipher(key_ring(), "encryption_letter", "body").seal(row.pk.bytes, b"another")
    sql("CREATE TABLE beside () INHERITS (encryption_letter)")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO beside SELECT * FROM encryption_letter WHERE id = %s", [row.pk])
        cursor.execute("UPDATE beside SET body = %s", [sealed])
    settings.FIELD_KEY_ACTIVE = 2

    status, said = rotate("--batch", batch)

    assert (status, said.count("IntegrityError")) == (1, 1), said
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM encryption_letter WHERE id = %s", [row.pk])
        held = [bytes(body) for (body,) in cursor.fetchall()]
    cipher = column_cipher(key_ring(), "encryption_letter", "body")
    assert {cipher.unseal(row.pk.bytes, one) for one in held} == {b"the first", b"another"}
    assert key_id(other, "body") == 2


@on_postgres
def test_a_key_longer_than_its_model_says_is_not_taken_for_a_shorter_one(settings):
    short, long = "x" * 40, "x" * 40 + "yyy"
    sql('ALTER TABLE "User Table {rows}" ALTER "Order" TYPE varchar(60)')
    rows = [quoted(short), quoted(long)]
    settings.FIELD_KEY_ACTIVE = 2

    status, said = rotate()

    assert status == 0, said
    assert [key_ids(row)[0] for row in rows] == [2, 2]
    assert [again(row).body for row in rows] == ["12 Elm Street"] * 2


@on_postgres
def test_a_key_of_text_over_a_column_of_another_type_is_rotated(settings):
    sql(
        "CREATE TYPE kind AS ENUM ('a', 'b');"
        ' ALTER TABLE "User Table {rows}" ALTER "Order" TYPE kind USING "Order"::kind'
    )
    row = quoted("b")
    settings.FIELD_KEY_ACTIVE = 2

    status, said = rotate()

    assert (status, key_ids(row)[0]) == (0, 2), said


@on_postgres
@pytest.mark.parametrize(("most", "statements"), [(2**20, 1), (400, 2), (1, 4)])
def test_one_statement_carries_only_so_much(settings, monkeypatch, most, statements):
    monkeypatch.setattr("apps.encryption.column_update._MOST_BYTES", most)
    rows = [letter(scan=b"x" * 100) for _ in range(4)]
    settings.FIELD_KEY_ACTIVE = 2

    asked = []

    def noted(execute, statement, *rest):
        asked.append(statement.split(" AS ")[0])
        return execute(statement, *rest)

    with connection.execute_wrapper(noted):
        status, said = rotate()

    assert status == 0, said
    assert [key_id(row, "scan") for row in rows] == [2, 2, 2, 2]
    assert asked.count('UPDATE "encryption_letter"') == statements
