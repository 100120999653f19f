"""Buyer profiles: the most personal data in the house, all of it ciphertext."""

from django.conf import settings
from django.db import models

from apps.access.credential import Credential
from apps.core.classification import Classified
from apps.core.ids import uuid7
from apps.encryption.blind_index_field import BlindIndexField
from apps.encryption.fields import EncryptedDateField, EncryptedDecimalField, EncryptedTextField
from apps.encryption.normal_forms import Normaliser


class BuyerProfiles(models.QuerySet):
    """Profiles, cut to what a caller may see."""

    def visible_to(self, credential: Credential) -> "BuyerProfiles":
        """The caller's own. What an agency sees of a buyer stands in the offer, masked."""
        if credential.user_id is None:
            return self.none()
        return self.filter(user_id=credential.user_id)


class BuyerProfile(models.Model):
    """Who a buyer is. One per user."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="buyer_profile"
    )
    legal_name = EncryptedTextField(max_length=120)
    phone = EncryptedTextField(max_length=16)
    # Not unique, nor is the one below: who may not see a profile could try numbers on the own one.
    phone_index = BlindIndexField("phone", Normaliser.PHONE)
    # NULL where the profile was made in v1, which does not know these.
    national_id = EncryptedTextField(max_length=32, null=True)
    national_id_index = BlindIndexField("national_id", Normaliser.NATIONAL_ID, null=True)
    date_of_birth = EncryptedDateField(null=True)
    annual_income = EncryptedDecimalField(max_digits=11, decimal_places=2, null=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = BuyerProfiles.as_manager()

    classified = Classified(
        internal="id user version created_at updated_at",
        personal="legal_name phone national_id date_of_birth annual_income",
        secrets="phone_index national_id_index",
        clear=dict.fromkeys(
            ("phone_index", "national_id_index"), "a keyed hash: it finds a value and shows none"
        ),
        person="user",
    )

    def __str__(self) -> str:
        return f"buyer profile {self.pk}"
