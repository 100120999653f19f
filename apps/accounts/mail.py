"""Letters to people. Links in them begin with PUBLIC_URL and never with what a request claimed."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

SITE = "Gatehouse"


def send(name: str, to: str, **context: object) -> None:
    """Send the letter `name`: two templates, `<name>_subject.txt` and `<name>_message.txt`."""
    site = {"name": SITE, "domain": settings.PUBLIC_URL}
    context = {"current_site": site, "email": to, **context}
    subject = " ".join(render_to_string(f"{name}_subject.txt", context).split())
    body = render_to_string(f"{name}_message.txt", context).strip()
    send_mail(f"{SITE}: {subject}", f"{body}\n", None, [to])


def link(path: str) -> str:
    """Where this path is for the world."""
    return f"{settings.PUBLIC_URL}{path}"
