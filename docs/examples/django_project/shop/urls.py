"""Two addresses."""

from django.urls import path

from shop import views

urlpatterns = [
    path("orders/<int:order>/confirm", views.confirm),
    path("orders/<int:order>/remind", views.remind),
]
