"""What the admin's pages take to register a client and to change one."""

from typing import Any

from django import forms

from .models import OAuthClient
from .scopes import KNOWN

_LISTS = ("redirect_uris", "allowed_origins", "resources")


class Lines(forms.CharField):
    """A list of texts, one on each line."""

    def __init__(self, help_text: str) -> None:
        super().__init__(
            required=False,
            max_length=5_000,
            help_text=f"{help_text}, one on each line.",
            widget=forms.Textarea(attrs={"rows": 3}),
        )

    def clean(self, value: Any) -> list[str]:
        return list(dict.fromkeys(super().clean(value).split()))

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class OAuthClientForm(forms.ModelForm):
    """What contradicts is said beside its field (registration.py)."""

    scopes = forms.MultipleChoiceField(
        required=False,
        choices=[(scope, scope) for scope in KNOWN],
        widget=forms.CheckboxSelectMultiple,
        help_text="What it may ask for. People, and its role, decide what it is given.",
    )
    redirect_uris = Lines("Whole https URIs, or http://127.0.0.1/… of a native client")
    allowed_origins = Lines("Origins whose pages may call the token endpoint")
    resources = Lines("Other audiences than this service that it may name")

    class Meta:
        model = OAuthClient
        fields = (
            "name",
            "client_type",
            "is_native",
            "grant_types",
            "scopes",
            *_LISTS,
            "serves",
            "agency",
            "role",
            "tier",
        )

    def clean_name(self) -> str:
        """People read it on the consent page."""
        name = self.cleaned_data["name"]
        if not name.isprintable():
            raise forms.ValidationError("Control characters are not allowed.")
        return name
