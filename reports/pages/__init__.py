"""Pages that people read in a browser: made from a run, each whole in one file, with nothing fetched."""

from reports.pages.individuals import write_person_pages
from reports.pages.letters import due_letters
from reports.pages.packets import write_packet
from reports.pages.rendering import render_served, served_asset, stylesheet
from reports.pages.report import write_report
from reports.pages.writing import page_pieces, write_pages

__all__ = [
    "due_letters",
    "page_pieces",
    "render_served",
    "served_asset",
    "stylesheet",
    "write_packet",
    "write_pages",
    "write_person_pages",
    "write_report",
]
