"""What a compiled library asks of others and what it offers, read from the library itself.

Most libraries that are built here cannot be run here. This says at least that they ask Python for nothing but
functions of its stable ABI, the system for nothing but its C library, and offer what Python looks for.

A program of its own, for the environment that has lief: `python -m building.libraries WHEEL...`.
"""

import re
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import lief

from building.rule_engine import MODULE, from_python

ENTRY = f"PyInit_{MODULE}"
NEWEST_GLIBC = (2, 17)
_ALLOWED = re.compile(
    r"python3\.dll|kernel32\.dll|api-ms-win-crt-[\w-]+\.dll|libc\.so\.6|/usr/lib/libSystem\.B\.dylib",
    re.IGNORECASE,
)
_GLIBC = re.compile(r"GLIBC_(\d+)\.(\d+)")


@dataclass(frozen=True)
class Library:
    """The tables of one library."""

    kind: str
    """Format and processor."""
    needs: tuple[str, ...]
    """Other libraries."""
    from_python: tuple[str, ...]
    from_system: tuple[str, ...]
    offers: tuple[str, ...]
    glibc: tuple[int, int] | None

    def flaws(self) -> list[str]:
        """What it should not ask for, and what it should offer and does not."""
        found = [f"needs the library {name}" for name in self.needs if not _ALLOWED.fullmatch(name)]
        found += [f"asks Python for {name}" for name in self.from_python if name not in from_python()]
        if self.offers != (ENTRY,):
            found.append(f"offers {', '.join(self.offers) or 'nothing'} instead of {ENTRY}")
        if self.glibc is not None and self.glibc > NEWEST_GLIBC:
            found.append("needs glibc {}.{}".format(*self.glibc))
        return found

    def __str__(self) -> str:
        lines = (
            f"{self.kind}",
            f"needs        {', '.join(self.needs)}",
            f"from Python  {', '.join(self.from_python)}",
            f"from system  {', '.join(self.from_system)}",
            f"offers       {', '.join(self.offers)}",
        )
        return "\n  ".join(lines)


def library(content: bytes) -> Library:
    """Read the tables of a library for Linux, Windows or macOS."""
    read = lief.parse(list(content))
    if isinstance(read, lief.PE.Binary):
        asked = [str(entry.name) for needed in read.imports for entry in needed.entries]
        exports = read.get_export()
        offered = [str(entry.name) for entry in exports.entries] if exports else []
        return _library(read, [str(needed.name) for needed in read.imports], asked, offered)
    if isinstance(read, lief.MachO.Binary):
        needs = [one.name for one in read.libraries if one.command != lief.MachO.LoadCommand.TYPE.ID_DYLIB]
        asked = [str(symbol.name).removeprefix("_") for symbol in read.imported_symbols]
        offered = [str(symbol.name).removeprefix("_") for symbol in read.exported_symbols]
        return _library(read, needs, asked, [name for name in offered if not name.startswith("_")])
    if isinstance(read, lief.ELF.Binary):
        named = [symbol for symbol in read.dynamic_symbols if symbol.name]
        asked = [str(symbol.name) for symbol in named if symbol.shndx == 0]
        offered = [str(symbol.name) for symbol in named if symbol.shndx != 0]
        versions = [
            str(one.name)
            for needed in read.symbols_version_requirement
            for one in needed.get_auxiliary_symbols()
        ]
        return _library(read, [str(name) for name in read.libraries], asked, offered, versions)
    raise ValueError("neither a library of Linux nor of Windows nor of macOS")


def _library(
    read: lief.Binary,
    needs: Sequence[str],
    asked: Sequence[str],
    offered: Sequence[str],
    versions: Sequence[str] = (),
) -> Library:
    ours = sorted({name for name in asked if re.match(r"_?Py", name)})
    glibc = [(int(found[1]), int(found[2])) for found in map(_GLIBC.fullmatch, versions) if found]
    header = read.abstract.header
    return Library(
        f"{read.format.name} {header.architecture.name}",
        tuple(needs),
        tuple(ours),
        tuple(sorted(set(asked) - set(ours))),
        tuple(sorted(offered)),
        max(glibc, default=None),
    )


def main(wheels: Sequence[str]) -> None:
    """Print the tables of the libraries in wheels; end with what is wrong with one of them."""
    lief.logging.disable()
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as packed:
            (name,) = (one for one in packed.namelist() if one.startswith(MODULE))
            read = library(packed.read(name))
        print(f"{Path(wheel).name}: {read}\n")
        if read.flaws():
            sys.exit(f"The library in {wheel} {'; it '.join(read.flaws())}.")


if __name__ == "__main__":
    main(sys.argv[1:])
