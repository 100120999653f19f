"""One operation of the OpenAPI document, made wholly of its one declaration."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry

from apps.core.data_classes import EXTENSION, DataClass, Output
from apps.core.inputs import NoBody

from .components import register
from .examples import example
from .limits import rate_limits
from .parameters import parameters
from .responses import responses
from .security import roles, security, who
from .served import Served

Schema = dict[str, Any]


class OperationSchema(AutoSchema):
    """drf-spectacular walks the routes; nothing is guessed from serializers, there are none."""

    def get_operation(
        self,
        path: str,
        path_regex: str,
        path_prefix: str,
        method: str,
        registry: ComponentRegistry,
    ) -> Schema:
        declared = self.view.operation_for(method)
        served = Served(path, path_regex, method, type(self.view), declared)
        made: Schema = {
            "operationId": served.name,
            "tags": [served.tag],
            **({"deprecated": True} if served.is_deprecated else {}),
            "summary": declared.summary,
            "description": "\n\n".join(filter(None, [declared.why, who(declared)])),
            "security": security(declared, registry),
            "parameters": parameters(served, registry),
        }
        if served.has_body:
            made["requestBody"] = _body(served, registry)
        return made | {
            "responses": responses(served, registry),
            "x-required-scope": str(declared.scope) if declared.scope else None,
            "x-roles": roles(declared),
            "x-second-factor": declared.second_factor,
            "x-rate-limit": rate_limits(declared),
            EXTENSION: str(declared.exposes),
        }


def _body(served: Served, registry: ComponentRegistry) -> Schema:
    model = served.operation.body or NoBody
    schema = register(registry, model, "validation", _classes(served))
    return {
        "required": served.needs_body,
        "content": {"application/json": {"schema": schema, "example": example(schema, registry)}},
    }


def _classes(served: Served) -> dict[str, DataClass]:
    """A field that comes in is as sensitive as the field that goes out under its name.

    One that never goes out is taken for as sensitive as the whole answer.
    """
    operation = served.operation
    return {
        name: _shown_as(operation.returns, name) or operation.exposes
        for name in (operation.body or NoBody).model_fields
    }


def _shown_as(shape: type[Output] | None, name: str) -> DataClass | None:
    return shape.class_of(name) if shape and name in shape.model_fields else None
