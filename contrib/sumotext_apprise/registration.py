"""Make `NotifySumotext` known to the Apprise of this process."""

from __future__ import annotations

from apprise import NotificationManager

from sumotext_apprise.plugin import NotifySumotext


def register() -> bool:
    """Add ``sumotext://`` to Apprise's services; again does nothing more.

    Returns whether it is known now: False where another plugin has taken the name.
    """
    manager = NotificationManager()
    name = NotifySumotext.secure_protocol
    if name in manager:
        return manager[name] is NotifySumotext
    return bool(manager.add(NotifySumotext))
