"""What each problem code means, in a sentence or two for people.

The catalogue (apps/core/problems.py) says what to do; this says what has happened, and why the
service is built so.
"""

from apps.core.problems import Code

MEANINGS: dict[Code, str] = {
    Code.MALFORMED_CREDENTIAL: (
        "The request carried a credential in a form that cannot be read in exactly one way: two "
        "headers, two values, another scheme than Bearer, or text that is no credential. Two "
        "readers of such a request could see two different callers, so nobody reads it."
    ),
    Code.CREDENTIAL_EXPOSED: (
        "A credential stood in the URL. URLs are written to logs, histories and proxies, so it has "
        "to be taken for known to others, even though this request was refused."
    ),
    Code.CREDENTIALS_MISSING: "This operation is not open to everyone, and nobody was named.",
    Code.CREDENTIALS_INVALID: (
        "A credential was sent and is not accepted. It is refused even where none is needed, so "
        "that a revoked key never passes for an anonymous caller."
    ),
    Code.INSUFFICIENT_SCOPE: (
        "The credential is good, but was not given the scope that this operation needs. A level "
        "covers the ones below it: write:offers covers read:offers."
    ),
    Code.NOT_PERMITTED: (
        "The caller is known and the scope suffices, but the role, or the relation to this very "
        "object, does not allow it."
    ),
    Code.BROWSER_KEY: (
        "An API key came with the headers that only browsers send. A key in a page can be read by "
        "everyone who opens the page."
    ),
    Code.SECOND_FACTOR_REQUIRED: (
        "What was asked for hands out lasting rights, and a stolen key must not be enough for that."
    ),
    Code.NOT_FOUND: (
        "There is no such path or object, or it is none of this caller's business. The two answers "
        "are the same on purpose: the difference would tell what exists."
    ),
    Code.METHOD_NOT_ALLOWED: "The path exists, but does not take this method.",
    Code.PAYLOAD_TOO_LARGE: "The body is larger than this service reads from anyone.",
    Code.LENGTH_REQUIRED: (
        "The length of the body is not known before it has been read, so it could not be bounded."
    ),
    Code.UNSUPPORTED_MEDIA_TYPE: "The body is said to be something else than JSON in UTF-8.",
    Code.NOT_ACCEPTABLE: "The header Accept leaves out everything that this service can answer.",
    Code.MALFORMED_BODY: (
        "The body is not one JSON object that every parser reads alike. What parsers disagree "
        "about is how checks are bypassed, so it is refused instead of guessed at."
    ),
    Code.VALIDATION_FAILED: (
        "The request was understood and its values are refused. Unknown names are refused too, in "
        "bodies and in queries, so that a misspelt filter never silently matches everything."
    ),
    Code.MASKED_VALUE: (
        "A value with mask characters was sent where the real one belongs. Storing it would have "
        "replaced the real value by dots."
    ),
    Code.IDEMPOTENCY_KEY_REQUIRED: (
        "This operation must not happen twice when an answer is lost on the way, so every request "
        "needs a key by which a retry is recognised."
    ),
    Code.IDEMPOTENCY_KEY_REUSED: (
        "The key names an earlier request whose body was another one. Which of the two was meant "
        "cannot be known, so neither is done."
    ),
    Code.REQUEST_IN_PROGRESS: "An earlier request with the same key has not ended yet.",
    Code.PRECONDITION_REQUIRED: (
        "A change must name the state that it starts from. Without it, two people who edit at the "
        "same time would overwrite each other unseen."
    ),
    Code.PRECONDITION_FAILED: (
        "If-Match names a state that is no longer the current one: somebody else was faster."
    ),
    Code.CONFLICT: (
        "The request is good in itself, but the object is past it: a sold listing does not change, "
        "and a decided offer stays decided."
    ),
    Code.RATE_LIMITED: (
        "More requests came than the limit of the credential, the address or the route allows. "
        "Every answer tells in RateLimit how much is left."
    ),
    Code.PENALIZED: (
        "Requests kept coming after they had been refused, or credentials kept being wrong. The "
        "first penalty is a minute, then five, thirty, a day; each is forgotten after a day. "
        "Asking meanwhile makes it no longer. A wrong credential penalizes its address, where good "
        "ones still pass."
    ),
    Code.VERSION_UNSUPPORTED: "API-Version names a date that is no version of this API.",
    Code.VERSION_GONE: (
        "This version was deprecated, its end was announced in every answer, and that date has "
        "passed."
    ),
    Code.UPSTREAM_FAILED: (
        "Another service was asked on your behalf and gave no answer, or one that was not believed."
    ),
    Code.UNAVAILABLE: (
        "Something that this answer depends on is out of reach. Where limits cannot be counted, "
        "the service closes rather than serve without them."
    ),
    Code.INTERNAL_ERROR: (
        "Something happened that nobody foresaw. The answer says nothing about it on purpose."
    ),
}
