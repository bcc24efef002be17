"""Bytes that are changed where a change reaches new lines of ours: atheris, in a process for each kind.

python -m torture.guided KIND [OPTIONS OF LIBFUZZER]      one kind, until it fails or is stopped
"""

import contextlib
import importlib.util
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from torture.tallies import Tally

ROOT = Path(__file__).parents[1]
SEEDS: dict[str, tuple[bytes, ...]] = {
    "conditions": (b'core_gap >= 1 and not (tenure == "early" or known(coverage))', b"always"),
    "mappings": (
        b"tables:\n- header_rows: [1]\n  columns:\n    A: {header: ID, is: employee_id}\n",
        b"levels: {Baker: journeyman}\nnot_rated: [none]\ndate_order: day first\n",
        b"scales:\n  both: {worst: 1, best: 4}\ncycle: '2025'\nsheets: all\n",
    ),
    "text files": (b"Employee ID;Level;Dough (manager)\nE1;Baker;3,5\n", '"a\tb"\r\n"c"'.encode("utf-16")),
    "parts of workbooks": (
        b'<worksheet><sheetData><row r="2" hidden="1"><c r="A2" s="1"><f>1</f></c></row></sheetData>'
        b'<mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>',
    ),
}
"""What the fuzzer begins with, by kind."""


def guided(times: int, seconds: float, seed: int) -> list[Tally]:  # noqa: ARG001 - as every job
    """Each kind for its share of the seconds."""
    if importlib.util.find_spec("atheris") is None:
        tally = Tally("fuzzed by coverage")
        tally.remark = (
            "not measured: atheris is not installed here (`pip install -r torture/requirements.txt`)"
        )
        return [tally]
    return [_guided(kind, seconds / len(SEEDS), seed) for kind in SEEDS]


def _guided(kind: str, seconds: float, seed: int) -> Tally:
    tally = Tally(f"fuzzed by coverage: {kind}")
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        for number, content in enumerate(SEEDS[kind]):
            (Path(folder) / str(number)).write_bytes(content)
        options = (f"-max_total_time={seconds:.0f}", f"-seed={seed}", "-print_final_stats=1", "-timeout=60")
        command = [
            sys.executable,
            "-m",
            "torture.guided",
            kind,
            folder,
            *options,
            "-artifact_prefix=torture-found-",
        ]
        ended = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False
        )
    ran = re.search(r"number_of_executed_units: (\d+)", ended.stderr)
    reached = re.findall(r"cov: (\d+)", ended.stderr)
    tally.times = int(ran[1]) if ran else 0
    tally.remark = f"{reached[-1] if reached else 0} places reached"
    if ended.returncode:
        tally.failures.append(ended.stderr[-1500:])
    print(tally, file=sys.stderr, flush=True)
    return tally


def _reader(kind: str, folder: Path) -> Callable[[bytes], object]:
    """What reads the bytes; the packages are instrumented as they are imported."""
    import atheris

    with atheris.instrument_imports(include=["inputs", "rules"]):
        from inputs import read_mapping
        from inputs.files.packages import package_facts
        from inputs.files.reading import read_file
        from rules import load_pack, parse_condition
        from rules.facts import facts_of
    from tests.broken import BASE

    pack = load_pack(BASE)
    facts = facts_of(pack, pack.promotions[0])

    def packed(content: bytes) -> Path:
        book = b'<workbook><sheets><sheet name="a" id="x" r:id="rId1" xmlns:r="r"/></sheets></workbook>'
        links = b'<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>'
        with zipfile.ZipFile(folder / "a.xlsx", "w") as package:
            package.writestr("xl/workbook.xml", book)
            package.writestr("xl/_rels/workbook.xml.rels", links)
            package.writestr("xl/worksheets/sheet1.xml", content)
        return folder / "a.xlsx"

    def written(content: bytes, name: str) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return {
        "conditions": lambda content: parse_condition(content.decode("utf-8", "replace"), facts),
        "mappings": lambda content: read_mapping(written(content, "map.yaml")),
        "text files": lambda content: read_file(written(content, "a.csv")),
        "parts of workbooks": lambda content: package_facts(packed(content)),
    }[kind]


def main(kind: str, options: list[str]) -> None:
    """Fuzz one kind; an error that is not meant for people ends it."""
    import atheris

    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        read = _reader(kind, Path(folder))
        from inputs import InputError
        from rules import PackError

        def one(content: bytes) -> None:
            with contextlib.suppress(InputError, PackError):
                read(content)

        atheris.Setup([sys.argv[0], *options], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
