"""The upload page: routes over the same run folders as the command line; nothing here decides anything."""
