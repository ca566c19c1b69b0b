"""The TLS that every driver speaks."""

from __future__ import annotations

import ssl

from requests.utils import DEFAULT_CA_BUNDLE_PATH


def make_context(ca_bundle: str | None) -> ssl.SSLContext:
    """A context that trusts the authorities of ``ca_bundle``, or certifi's.

    Raises `OSError` (`ssl.SSLError` among them) for a bundle that cannot be read.
    """
    # Not ssl.create_default_context, which writes keys to the file that $SSLKEYLOGFILE names.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.hostname_checks_common_name = False  # names stand in subjectAltName since RFC 6125
    context.load_verify_locations(ca_bundle or DEFAULT_CA_BUNDLE_PATH)
    return context
