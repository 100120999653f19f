"""The service's own numbers for the stacks that are not it.

Its hooks are left out: they are controls of ours, and need an application that the others lack.
"""

from config.gunicorn import (  # noqa: F401
    forwarded_allow_ips,
    graceful_timeout,
    keepalive,
    limit_request_field_size,
    limit_request_fields,
    limit_request_line,
    logconfig_dict,
    timeout,
    worker_class,
)
