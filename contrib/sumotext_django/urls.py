"""The address of the receiver: ``path("sms/", include("sumotext_django.urls"))``."""

from __future__ import annotations

from typing import Final

from django.urls import re_path

from sumotext_django.inbound import receive

app_name: Final = "sumotext"
urlpatterns: Final = [re_path(r"^(?P<rest>.*)$", receive, name="inbound")]
