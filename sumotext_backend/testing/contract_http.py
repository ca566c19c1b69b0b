"""`HttpBackendContract`: the rules of a backend that speaks HTTP, kept against a hostile gateway.

::

    class TestAcme(HttpBackendContract):
        def backend(self, **options):
            return AcmeBackend(**{"token": "s3cret-t0ken", **options})

        def accepted(self):
            return Reply.json({"id": "{message_id}"})

        def refused(self):
            return {Reason.NOT_OPTED_IN: Reply.json({"error": "opted_out"}, "400 Bad Request")}
"""

from __future__ import annotations

from sumotext_backend.testing.rules.answers import AnswerRules
from sumotext_backend.testing.rules.privacy import PrivacyRules
from sumotext_backend.testing.rules.transport import TransportRules


class HttpBackendContract(AnswerRules, TransportRules, PrivacyRules):
    """The rules of `BackendContract`, and those of HTTP.

    `backend` is given ``base_url``, ``ca_bundle``, ``timeout`` and ``connect_timeout``.
    """
