"""Queries whose SQL is made once and run many times.

Django makes the SQL of a queryset anew for every run, and on a hot read that costs several times
what the database takes to answer. `@compiled` keeps the statement: the function below it is called
once, with a `Slot` in place of each value, and every run after that only fills the slots. What the
query means still stands in one queryset, so a rule such as `visible_to` is never written twice.
Only SQL is kept, never a row.
"""

from collections.abc import Callable, Hashable
from datetime import datetime
from decimal import Decimal
from functools import lru_cache, partial, update_wrapper
from typing import Any
from uuid import UUID

from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable
from django.db.models.sql import InsertQuery

from .planned import planned_once

#: Statements of one function; more shapes than this push out the ones used least.
_SHAPES = 256
#: How the database wants a value of these types; it takes others as they are.
_FIELDS = {
    UUID: models.UUIDField(),
    datetime: models.DateTimeField(),
    Decimal: models.DecimalField(),
}


class Slot(Expression):
    """The place of a value in a compiled query; stands wherever a queryset takes an expression."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list["Slot"]]:
        return "%s", [self]


class Statement:
    """The SQL of one queryset, and how to make its rows."""

    def __init__(self, queryset: QuerySet, by_key: bool) -> None:
        self.cursor = planned_once if by_key else BaseDatabaseWrapper.cursor
        compiler = queryset.query.get_compiler(using=queryset.db)
        self.database = queryset.db
        self.sql, self.parameters = compiler.as_sql()
        self.converters = list(
            compiler.get_converters([column for column, _, _ in compiler.select]).items()
        )
        self.make: Callable[[list], Any] = tuple
        if queryset._iterable_class is ModelIterable:
            names = [column.target.attname for column, _, _ in compiler.select]
            self.make = partial(_loaded, queryset.model, self.database, names)

    def run(self, values: dict[str, Any]) -> list[Any]:
        """Rows as the queryset would give them: instances, or tuples after `values_list`."""
        connection = connections[self.database]
        parameters = [
            _as_stored(values[one.name], connection) if type(one) is Slot else one
            for one in self.parameters
        ]
        with self.cursor(connection) as cursor:
            cursor.execute(self.sql, parameters)
            found = cursor.fetchall()
        return [self.make(self._converted(list(row), connection)) for row in found]

    def _converted(self, row: list[Any], connection: Any) -> list[Any]:
        for position, (converters, column) in self.converters:
            for convert in converters:
                row[position] = convert(row[position], column, connection)
        return row


def compiled(*, by_key: bool) -> Callable[[Callable[..., QuerySet]], Callable[..., list[Any]]]:
    """Run the queryset of the function below from its kept statement.

    `build(*shape, **values)` returns a queryset without joined instances. Whatever changes the SQL
    is in `shape`, positional and hashable; `values` only fill it, except that None is passed on as
    None, because the absence of a value is another query. `by_key`: rows are found by a unique
    key, so that the plan is the same for every value and PostgreSQL may keep it (core/planned.py).
    """

    def keep(build: Callable[..., QuerySet]) -> Callable[..., list[Any]]:
        @lru_cache(maxsize=_SHAPES)
        def statement(
            shape: tuple[Hashable, ...], given: tuple[tuple[str, bool], ...]
        ) -> Statement:
            slots = {name: Slot(name) if there else None for name, there in given}
            return Statement(build(*shape, **slots), by_key)

        def run(*shape: Hashable, **values: Any) -> list[Any]:
            given = tuple([(name, value is not None) for name, value in values.items()])
            return statement(shape, given).run(values)

        return update_wrapper(run, build)

    return keep


def insert(instance: models.Model) -> None:
    """`save(force_insert=True)` from a kept statement, in one round trip and without signals.

    For models that make their own primary key.
    """
    model, database = type(instance), router.db_for_write(type(instance), instance=instance)
    connection, fields = connections[database], instance._meta.concrete_fields
    if (model, database) not in _insertions:
        query = InsertQuery(model)
        query.insert_values(fields, [instance])
        ((_insertions[model, database], _),) = query.get_compiler(database).as_sql()
    values = [
        field.get_db_prep_save(field.pre_save(instance, add=True), connection) for field in fields
    ]
    with planned_once(connection) as cursor:
        cursor.execute(_insertions[model, database], values)
    instance._state.adding, instance._state.db = False, database


_insertions: dict[tuple[type[models.Model], str], str] = {}


def _loaded(model: type[models.Model], database: str, names: list[str], row: list) -> models.Model:
    """What `from_db` makes, without the signals and the checks of `Model.__init__`: rows of the
    database are no input, and for a page of them that took longer than finding them."""
    instance = model.__new__(model)
    instance.__dict__.update(zip(names, row, strict=True), _state=ModelState())
    instance._state.adding, instance._state.db = False, database
    return instance


def _as_stored(value: Any, connection: Any) -> Any:
    field = _FIELDS.get(type(value))
    return field.get_db_prep_value(value, connection) if field else value
