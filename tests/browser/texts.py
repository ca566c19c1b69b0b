"""Texts that show what the inbox can show."""

from __future__ import annotations

from typing import Final

from simulator_client import call, send

from sumotext_backend.simulator import Simulator

GUEST: Final = "5015550142"

TEXTS: Final = (
    ("5015550177", "74700", "Parcel 12 is at the door, please ring “Łukasz”, the bell is broken."),
    ("5015550123", "74700", "<script>document.title = 'broken'</script> & <b>bold</b>"),
    ("2125550150", "74700", "Reminder: your appointment is tomorrow at 9:30. Reply C to confirm."),
    ("9075550199", "74701", "Snow day ❄️ School is closed. https://school.example/news"),
    (GUEST, "74700", "Your verification code is 493 021. It is valid for 10 minutes."),
    (GUEST, "74700", "Your table for two is ready. Menu: https://bistro.example/menu?t=7."),
)


def fill(simulator: Simulator) -> None:
    """Send all of them, and let something become of some."""
    for mobile, shortcode, msg in TEXTS:
        send(simulator, mobile=mobile, shortcode=shortcode, msg=msg, key="SUMO")
    texts = simulator.messages
    for text, what in ((texts[4], "deliver"), (texts[2], "fail"), (texts[0], "deliver")):
        call(simulator.port, "POST", f"/api/messages/{text.id}/{what}")
    simulator.reply(texts[5], "Thanks, we are on our way")
