"""The door: command line and upload page."""
