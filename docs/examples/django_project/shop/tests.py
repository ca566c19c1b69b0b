"""``python manage.py test``: no text leaves."""

from django.test import SimpleTestCase
from sumotext_django.testing import override


@override()
class ConfirmTests(SimpleTestCase):
    """Each test begins with an empty ``self.outbox``."""

    def test_the_customer_is_texted(self) -> None:
        """Once, with the order's number."""
        answer = self.client.post("/orders/7/confirm", {"to": "5015551234"})

        assert answer.status_code == 200
        assert [message.text for message in self.outbox] == ["Order 7 is confirmed."]

    @override(default="NOT_OPTED_IN")
    def test_a_refusal_is_told(self) -> None:
        """As a status that nobody tries again."""
        answer = self.client.post("/orders/7/confirm", {"to": "5015551234"})

        assert answer.status_code == 422
