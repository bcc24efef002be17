"""What the program reads, does and keeps, for the record: for counsel and works council."""

from reports.record.shown import RecordShown, show_record, write_record

__all__ = ["RecordShown", "show_record", "write_record"]
