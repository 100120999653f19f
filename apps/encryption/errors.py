"""Why a stored value was not opened.

Every failure to read raises one of these; none is ever turned into None, an empty value or the
ciphertext. The messages name the table, the column and the key id, never content.
"""


class DecryptionRefused(Exception):
    """A stored value was not opened. Catch this to answer for the whole family."""


class MalformedEnvelope(DecryptionRefused):
    """Not bytes, or too short to hold a header and a tag: plaintext or debris in the column."""


class UnknownVersion(DecryptionRefused):
    """The first byte names a format that this code does not speak."""


class UnknownKey(DecryptionRefused):
    """The envelope names a key that the ring does not hold (retired too early, or forged)."""


class NotAuthentic(DecryptionRefused):
    """The tag does not fit: altered, moved from another row, column or table, or the wrong key."""


class UnreadableContent(DecryptionRefused):
    """Authentic, but not of the field's type: the column has held another kind of value."""
