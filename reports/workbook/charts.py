"""Bar charts over cells of a sheet, with the values in the chart too and in the bands' colours."""

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.chart import BarChart
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import (
    AxDataSource,
    NumData,
    NumDataSource,
    NumRef,
    NumVal,
    StrData,
    StrRef,
    StrVal,
)
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.utils import get_column_letter

from reports.shown.looks import INK, LINE
from reports.workbook.layout import SUMMARY, place


@dataclass(frozen=True)
class Bars:
    """One series: a column of cells, what they hold now, and its colours."""

    name: str
    column: int
    values: Sequence[int]
    ground: str
    edge: str


def bar_chart(
    title: str,
    categories: Sequence[str],
    rows: tuple[int, int],
    series: Sequence[Bars],
    *,
    stacked: bool,
) -> BarChart:
    """A chart on the Summary, whose categories stand in column A of `rows` and its series in theirs."""
    chart = BarChart()
    chart.title = _title(title)
    chart.type = "bar" if stacked else "col"
    chart.grouping = "stacked" if stacked else "clustered"
    chart.overlap = 100 if stacked else -5
    chart.gapWidth = 40 if stacked else 60
    chart.legend.position = "b"
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False
        axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=LINE))
    chart.x_axis.scaling.orientation = "maxMin" if stacked else "minMax"
    chart.y_axis.number_format = "0"
    quiet_lines = GraphicalProperties(ln=LineProperties(solidFill="E6E8EF"))
    chart.y_axis.majorGridlines = ChartLines(spPr=quiet_lines)
    chart.series = [_series(order, bars, categories, rows) for order, bars in enumerate(series)]
    return chart


def _title(text: str) -> Title:
    look = CharacterProperties(sz=1200, b=True, solidFill=INK)
    line = Paragraph(pPr=ParagraphProperties(defRPr=look), r=[RegularTextRun(rPr=look, t=text)])
    return Title(tx=Text(rich=RichText(p=[line])), overlay=False)


def _series(order: int, bars: Bars, categories: Sequence[str], rows: tuple[int, int]) -> Series:
    def cells(column: int) -> str:
        letter = get_column_letter(column)
        return place(SUMMARY, f"${letter}${rows[0]}:${letter}${rows[1]}")

    names = StrData(ptCount=len(categories), pt=[StrVal(idx=i, v=name) for i, name in enumerate(categories)])
    numbers = NumData(
        formatCode="General",
        ptCount=len(bars.values),
        pt=[NumVal(idx=i, v=str(value)) for i, value in enumerate(bars.values)],
    )
    series = Series(
        idx=order,
        order=order,
        tx=SeriesLabel(v=bars.name),
        cat=AxDataSource(strRef=StrRef(f=cells(1), strCache=names)),
        val=NumDataSource(numRef=NumRef(f=cells(bars.column), numCache=numbers)),
        spPr=GraphicalProperties(solidFill=bars.ground, ln=LineProperties(solidFill=bars.edge, w=9525)),
    )
    series.dLbls = DataLabelList(
        showVal=True,
        showSerName=False,
        showCatName=False,
        showLegendKey=False,
        numFmt="0;;",
        showPercent=False,
    )
    series.invertIfNegative = False
    return series
