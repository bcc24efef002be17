"""One module for each command; its click object is named `command`."""
