"""A command that calls an operation, as one would type it: the key comes from the environment."""

import json
import shlex
from typing import Any

Schema = dict[str, Any]

#: Out of the command itself, so that the key stays out of the shell's history.
PLACEHOLDER = "$GATEHOUSE_KEY"
_QUERY_SHOWN = 2


def command(
    server: str,
    path: str,
    method: str,
    parameters: list[Schema],
    body: Any = None,
    anonymous: bool = False,
) -> str:
    """The lines of a curl command. `parameters` are resolved; `body` None sends none."""
    for parameter in parameters:
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", parameter["example"])
    start = "curl" if method == "GET" else f"curl -X {method}"
    lines = [f"{start} {shlex.quote(server + path)}"]
    query = [p for p in parameters if p["in"] == "query" and "examples" in p["schema"]]
    if query:
        lines[0] = lines[0].replace("curl", "curl --get", 1)
        lines += [f"--data-urlencode {shlex.quote(_pair(p, '='))}" for p in query[:_QUERY_SHOWN]]
    if not anonymous:
        lines.append(f'-H "Authorization: Bearer {PLACEHOLDER}"')
    lines += [
        f"-H {shlex.quote(_pair(p, ': '))}"
        for p in parameters
        if p["in"] == "header" and p["required"]
    ]
    if body is None:
        return _joined(lines)
    lines += ["-H 'Content-Type: application/json'", "--data @- <<'JSON'"]
    return f"{_joined(lines)}\n{json.dumps(body, indent=2, ensure_ascii=False)}\nJSON"


def _pair(parameter: Schema, between: str) -> str:
    return f"{parameter['name']}{between}{parameter['schema']['examples'][0]}"


def _joined(lines: list[str]) -> str:
    return " \\\n  ".join(lines)
