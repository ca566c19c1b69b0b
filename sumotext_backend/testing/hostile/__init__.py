"""The hostile gateway: a server on loopback, the script it follows, and the faults it knows."""
