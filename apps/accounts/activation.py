"""Adding an authenticator app."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from django.db import IntegrityError, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from .forms import ActivateTOTPForm


class Activation(ActivateTOTPView):
    """The code that adds the app is used up by that: whoever saw it signs in with none."""

    def form_valid(self, form: ActivateTOTPForm) -> HttpResponse:
        try:
            with transaction.atomic():
                response = super().form_valid(form)
                row = Authenticator.objects.get(user=self.request.user, type="totp")
                row.data["last_counter"] = form.counter
                row.save(update_fields=["data"])
        except IntegrityError:  # the form came twice at one moment
            return HttpResponseRedirect(reverse("mfa_index"))
        return response
