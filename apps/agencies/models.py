"""Agencies and who belongs to them: the isolation boundary of every row."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.classification import Classified
from apps.core.ids import uuid7

from .roles import AGENCY_STAFF, Role


class Agency(models.Model):
    """A real estate agency. What is one agency's own is invisible to every other."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=100, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    classified = Classified(public="id name", internal="created_at")

    class Meta:
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """The role of a user, one per user. A user without one is a buyer of no agency.

    Only agents and managers act for their agency; to the other roles an agency is an address
    book entry and opens nothing.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="membership",
    )
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT)
    role = models.CharField(max_length=20, choices=[(role, role) for role in Role])

    classified = Classified(internal="user agency role", person="user")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=sorted(Role)), name="membership_role_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(role__in=sorted(AGENCY_STAFF)) | Q(agency__isnull=False),
                name="membership_staff_has_agency",
            ),
        ]

    def __str__(self) -> str:
        return self.role
