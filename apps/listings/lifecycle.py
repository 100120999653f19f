"""What can be done to a listing. Each act is one transaction with its audit row."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from apps.access.credential import Credential
from apps.audit.recording import record
from apps.audit.verbs import Verb
from apps.core.compiled import insert
from apps.core.problems import Code, FieldError, Problem, invalid

from .models import Listing, Status

#: Values of these are the agency's own business or personal: the audit says only that they moved.
_UNSPOKEN = frozenset({"street_address", "reserve_price", "description"})


def create(by: Credential, fields: Mapping[str, Any]) -> Listing:
    """A new draft of the caller's agency."""
    listing = Listing(agency_id=by.staff_of, **fields)
    _refuse_reserve_above_price(listing)
    with transaction.atomic():
        insert(listing)
        record(Verb.LISTING_CREATED, by, listing)
    return listing


def edit(by: Credential, listing: Listing, changes: Mapping[str, Any]) -> Listing:
    """Change fields of a listing that is not sold. Raises 412 where someone else was faster."""
    with transaction.atomic():
        current = _locked(listing)
        if current.status == Status.SOLD:
            raise Problem(Code.CONFLICT, "A sold listing does not change.")
        for name, value in changes.items():
            setattr(current, name, value)
        _refuse_reserve_above_price(current)
        current.version += 1
        current.save()
        record(Verb.LISTING_CHANGED, by, current, changes=_spoken(changes))
    return current


def publish(by: Credential, listing: Listing) -> Listing:
    """Show a draft or withdrawn listing to everyone."""
    return _move(
        by, listing, (Status.DRAFT, Status.WITHDRAWN), Status.PUBLISHED, Verb.LISTING_PUBLISHED
    )


def withdraw(by: Credential, listing: Listing) -> Listing:
    """Take a published listing back."""
    return _move(by, listing, (Status.PUBLISHED,), Status.WITHDRAWN, Verb.LISTING_WITHDRAWN)


def delete(by: Credential, listing: Listing) -> None:
    """Remove a listing that has no offers: an offer's record outlives the wish to tidy up."""
    try:
        with transaction.atomic():
            current = _locked(listing)
            record(Verb.LISTING_DELETED, by, current)
            current.delete()
    except ProtectedError:
        raise Problem(Code.CONFLICT, "A listing with offers is withdrawn, not deleted.") from None


def _move(
    by: Credential, listing: Listing, before: tuple[Status, ...], after: Status, verb: Verb
) -> Listing:
    with transaction.atomic():
        current = Listing.objects.select_for_update().get(pk=listing.pk)
        if current.status not in before:
            raise Problem(Code.CONFLICT, f"The listing is {current.status}.")
        current.status = after
        current.version += 1
        current.save(update_fields=["status", "version", "updated_at"])
        record(verb, by, current)
    return current


def _locked(seen: Listing) -> Listing:
    """The row, locked, and still what the caller has seen (the tag was checked without a lock)."""
    current = Listing.objects.select_for_update().filter(pk=seen.pk, version=seen.version).first()
    if current is None:
        raise Problem(Code.PRECONDITION_FAILED)
    return current


def _refuse_reserve_above_price(listing: Listing) -> None:
    if listing.reserve_price is not None and listing.reserve_price > listing.price:
        raise invalid(
            FieldError("/reserve_price/amount", "too_large", "It cannot be above the price.")
        )


def _spoken(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: None if name in _UNSPOKEN else str(value) for name, value in changes.items()}
