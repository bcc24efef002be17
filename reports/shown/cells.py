"""The cells behind a recommendation as they are written: a sheet that all of them are on is named once."""

from dataclasses import dataclass

from engine.words import Explanation
from inputs import Cell


@dataclass(frozen=True)
class CellNames:
    """How the cells of one recommendation are written."""

    sheet: str | None
    """The sheet that all of them are on; None when there are several or none."""
    _place: tuple[str | None, str | None] | None = None
    """Its file and name."""

    @classmethod
    def of(cls, explanation: Explanation) -> "CellNames":
        """Those of the ratings that its scores are made of."""
        sheets = {
            (cell.file, cell.sheet)
            for signal in explanation.evidence
            for rating in signal.ratings
            for cell in (rating.manager_cell, rating.self_cell)
            if cell is not None
        }
        if len(sheets) != 1:
            return cls(None)
        ((file, sheet),) = sheets
        return cls(f"[{file}]{sheet}" if file and sheet else sheet, (file, sheet))

    def text(self, cell: Cell | None) -> str | None:
        """`F12` on the sheet that all are on, else `Ratings!F12`; None for no cell."""
        if cell is None:
            return None
        return cell.place if self.sheet and self._place == (cell.file, cell.sheet) else str(cell)
