"""When and how the person behind a grant signed in: from the page, to the code, to its tokens."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SignIn:
    """`at` is when the strongest of `methods` was proved; both as apps/access/sessions.py has them.

    The authorize view hands it to the server as `credentials["sign_in"]`; the validator finds it as
    `request.sign_in`. A refresh copies it: a token never says that somebody signed in anew.
    """

    at: datetime
    methods: tuple[str, ...]
