"""Settings: a database for the texts, a broker for their ids."""

import os

SECRET_KEY = os.environ.get("SECRET_KEY", "for this machine only")
INSTALLED_APPS = ["sumotext_django", "shop"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("SHOP_DATABASE", "shop.sqlite3"),
    }
}

SMS_PROVIDERS = {"default": os.environ.get("SMS_DSN", "console://")}
SMS_HEALTH = {"state": "memory"}

# Files on this machine, so that it runs without a server; in production redis://… or amqp://….
_FOLDER = os.environ.get("SHOP_QUEUE", "queue")
CELERY_BROKER_URL = "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "data_folder_in": _FOLDER,
    "data_folder_out": _FOLDER,
    "control_folder": f"{_FOLDER}-control",
    "processed_folder": f"{_FOLDER}-processed",
    "store_processed": True,
}
CELERY_TASK_IGNORE_RESULT = True
