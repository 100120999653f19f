"""The Django admin, for platform admins: behind its own login, read-mostly, and without secrets."""

from django.contrib.admin.apps import AdminConfig


class GatehouseAdmin(AdminConfig):
    default_site = "config.admin_site.Site"
