"""`/api/v2/openapi.json`."""

from apps.schema.endpoint import DocumentItem

from . import openapi


class Document(DocumentItem):
    """This document."""

    made = staticmethod(openapi.document)
