"""What an offer is told, whatever the version calls it."""

from typing import Literal

from apps.core.text import prose

Message = prose(2000, "We can close within thirty days.")
OfferStatus = Literal["submitted", "accepted", "rejected", "withdrawn"]
