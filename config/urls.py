"""Every URL of the service."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from config import health

urlpatterns = [
    path("", RedirectView.as_view(url="/docs/")),
    path("api/v1/", include("apps.api_v1.urls")),
    path("api/v2/", include("apps.api_v2.urls")),
    path("docs/", include("apps.portal.urls")),
    path("oauth/", include("apps.oauth.urls")),
    path("oauth/", include("apps.portal.oauth_urls")),
    path(".well-known/", include("apps.oauth.well_known_urls")),
    path("accounts/", include("apps.portal.account_urls")),
    path("admin/", admin.site.urls),
    path("healthz", health.alive),
    path("readyz", health.ready),
]

handler400 = "apps.core.error_views.bad_request"
handler403 = "apps.core.error_views.forbidden"
handler404 = "apps.core.error_views.not_found"
handler500 = "apps.core.error_views.server_error"
