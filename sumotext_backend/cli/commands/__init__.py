"""The subcommands of ``sumotext``, one file each."""
