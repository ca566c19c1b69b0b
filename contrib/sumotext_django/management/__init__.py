"""What ``manage.py`` looks for in an app."""
