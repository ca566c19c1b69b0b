"""Settings: two providers in a chain, for both ways of sending."""

import os

SECRET_KEY = os.environ.get("SECRET_KEY", "for this machine only")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["sumotext_django"]
USE_TZ = True

SMS_PROVIDERS = {
    "default": {"BACKEND": "fallback", "OPTIONS": {"chain": ["main", "backup"]}},
    # Such as sumotext://74700/SUMO?carrier=ATTUS; without it texts are shown on the console.
    "main": os.environ.get("SMS_DSN", "console://"),
    "backup": {"BACKEND": "console"},
}
# In production leave this out: then all processes share what they learn of a provider that is down.
SMS_HEALTH = {"state": "memory"}

# Whatever sends through django-sms goes the same way.
SMS_BACKEND = "sumotext_django.SmsBackend"
