"""Write the shipped sample again, after the generator or the pack's names have changed."""

from pathlib import Path

from engine import vocabulary_of
from rules import load_pack
from tests.company_files import write_sample_workbook

SHIPPED = Path(__file__).parents[1] / "inputs" / "samples" / "product_organisation.xlsx"

if __name__ == "__main__":
    write_sample_workbook(SHIPPED, vocabulary_of(load_pack("product_management")))
