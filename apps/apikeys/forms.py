"""What the admin's pages take to make a key, and to rename or narrow one."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Any

from django import forms

from apps.access.scopes import Scope, allows, parse

from .lifecycle import DEFAULT_LIFETIME, MAX_LIFETIME
from .models import ApiKey


class ApiKeyForm(forms.ModelForm):
    """Name, scopes and networks; the days of its life only for a new key."""

    scopes = forms.MultipleChoiceField(
        choices=[(scope, scope) for scope in Scope], widget=forms.CheckboxSelectMultiple
    )
    networks = forms.CharField(
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One CIDR block on each line, such as 203.0.113.0/24; empty: from anywhere.",
    )
    days = forms.IntegerField(
        min_value=1, max_value=MAX_LIFETIME.days, initial=DEFAULT_LIFETIME.days
    )

    class Meta:
        model = ApiKey
        fields = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            del self.fields["days"]
            # A key never gets wider: narrowing.py refuses it, and nothing of it is offered here.
            has = parse(self.instance.scopes)
            self.fields["scopes"].choices = [(s, s) for s in Scope if allows(has, s)]
            self.initial["scopes"] = self.instance.scopes
            self.initial["networks"] = "\n".join(self.instance.networks)

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if not name.isprintable():
            raise forms.ValidationError("Control characters are not allowed.")
        return name

    def clean_networks(self) -> list[str]:
        try:
            return [str(ip_network(line)) for line in self.cleaned_data["networks"].split()]
        except ValueError:
            raise forms.ValidationError("Each line is a network in CIDR form.") from None

    @property
    def wanted(self) -> dict[str, Any]:
        """What the domain is asked for."""
        data = self.cleaned_data
        wanted = {
            "name": data["name"],
            "scopes": [Scope(text) for text in data["scopes"]],
            "networks": data["networks"],
        }
        if "days" in data:
            wanted["expires_at"] = datetime.now(UTC) + timedelta(days=data["days"])
        return wanted
