"""`/api/v2/openapi.json`."""
