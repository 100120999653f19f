"""The environment that Gatehouse is measured in: production, on fresh secrets."""

from config.generate_env import fresh_secrets


def environment(settings: str, database_url: str, redis_url: str, workers: int) -> dict[str, str]:
    """Every variable of the service, so that no .env on this machine has a say."""
    return fresh_secrets() | {
        "DJANGO_SETTINGS_MODULE": settings,
        "APP_ENV": "production",
        "ALLOWED_HOSTS": "127.0.0.1",
        "PUBLIC_URL": "https://127.0.0.1",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "EMAIL_URL": "smtp://127.0.0.1:25",
        "CORS_ALLOWED_ORIGINS": "https://app.example.com",
        "WORKERS": str(workers),
        "WORKSHOP": "false",
        "LOG_LEVEL": "INFO",
    }
