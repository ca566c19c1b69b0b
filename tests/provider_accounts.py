"""An account at every provider, as a DSN; ``base_url`` goes to its end."""

from __future__ import annotations

from typing import Final

import pytest

ACCOUNTS: Final = {
    "sumotext": "sumotext://74700/SUMO?carrier=ATTUS&base_url=",
    "sumotext-v2": "sumotext-v2://s3cret@74700/SUMO?carrier=ATTUS&base_url=",
    "twilio": "twilio://AC1:s3cret@74700?base_url=",
    "vonage": "vonage://key:s3cret@74700?base_url=",
    "telnyx": "telnyx://s3cret@74700?base_url=",
    "plivo": "plivo://MA1:s3cret@74700?base_url=",
    "bandwidth": "bandwidth://user:s3cret@9900000/app/74700?base_url=",
    "aws": "aws://AKIDEXAMPLE:s3cret@us-east-1/74700?base_url=",
    "kannel": "kannel://tester:s3cret@74700?base_url=",
    "infobip": "infobip://s3cret@74700?base_url=",
    "sinch": "sinch://plan1:s3cret@74700?base_url=",
    "messagebird": "messagebird://s3cret@74700?base_url=",
    "clicksend": "clicksend://me:s3cret@74700?base_url=",
    "46elks": "46elks://u1:s3cret@74700?base_url=",
}


def skip_without_extra(name: str) -> None:
    """Skip the test where the backend of that name lacks its extra."""
    if name == "aws":
        pytest.importorskip("botocore", reason="needs the extra 'aws'")
