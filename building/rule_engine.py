"""The rule engine's wheel: durable-rules, compiled once for all Pythons from 3.11 on.

durable-rules is published as sources in C, for Pythons up to 3.12. Its sources come from the package index
and are held against their hash; `durable_rules/changes.toml` says what is changed in them, and why. They
are compiled against `durable_rules/Python.h`, which declares the few functions of Python's stable ABI that
they use: so one library runs on every Python from 3.11 on, and no headers of Python are needed. The
compiler is the machine's own, or, where there is none, the one in the package `ziglang`, which also
compiles for other systems.
"""

import base64
import hashlib
import os
import platform
import shlex
import shutil
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from building.running import SetUpError, pip, run

RECIPE = Path(__file__).with_name("durable_rules")
UPSTREAM = "2.0.28"
VERSION = f"{UPSTREAM}+abi3"
"""Newer than upstream's, so that pip takes this wheel before upstream's sources."""
MODULE = "durable_rules_engine"
SOURCES = ("rulespy/rules", *(f"rules/{name}" for name in ("json", "rete", "state", "events", "regex")))
FLAGS = (
    "-std=c99",
    "-O2",
    "-w",
    "-shared",
    "-fvisibility=hidden",
    # The sources add beyond the largest number and look at one value through two types.
    "-fwrapv",
    "-fno-strict-aliasing",
)


@dataclass(frozen=True)
class Target:
    """A kind of machine: how its wheels are tagged, and what the compiler calls it."""

    tag: str
    zig: str
    flags: tuple[str, ...]
    library: str = f"{MODULE}.abi3.so"


_LINUX = ("-D_GNU_SOURCE", "-fPIC")
_MACOS = ("-D_GNU_SOURCE", "-Wl,-undefined,dynamic_lookup")
TARGETS: Mapping[str, Target] = {
    "linux-x86_64": Target("manylinux_2_17_x86_64", "x86_64-linux-gnu.2.17", _LINUX),
    "linux-aarch64": Target("manylinux_2_17_aarch64", "aarch64-linux-gnu.2.17", _LINUX),
    "windows-x86_64": Target("win_amd64", "x86_64-windows-gnu", (), f"{MODULE}.pyd"),
    "macos-x86_64": Target("macosx_11_0_x86_64", "x86_64-macos.11.0", _MACOS),
    "macos-arm64": Target("macosx_11_0_arm64", "aarch64-macos.11.0", _MACOS),
}
"""By system and processor."""
_SYSTEMS = {"linux": "linux", "win32": "windows", "darwin": "macos"}
_PROCESSORS = {"amd64": "x86_64"}

Compile = Callable[[Path, Target], Path]
"""Compiles the sources in a folder for a target; gives the library."""


def own_wheel(python: Path, cache: Path, say: Callable[[str], None]) -> Path:
    """The wheel for this machine, from the cache or built. Raises SetUpError."""
    target, compiler = TARGETS.get(this_machine() or ""), _own_compiler()
    kept = cache / _key(target, compiler)
    found = sorted(kept.glob("*.whl"))
    if found:
        return found[0]
    with tempfile.TemporaryDirectory(prefix="readiness-", ignore_cleanup_errors=True) as scratch:
        built = _build_here(python, Path(scratch), target, compiler, say)
        kept.mkdir(parents=True, exist_ok=True)
        beside = kept / f"{built.name}.{os.getpid()}"
        shutil.copyfile(built, beside)
        return beside.replace(kept / built.name)


def all_wheels(python: Path, folder: Path) -> dict[str, Path]:
    """A wheel for each of `TARGETS`, compiled here for all of them. Raises SetUpError."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="readiness-", ignore_cleanup_errors=True) as name:
        scratch = Path(name)
        sources = _sources(python, scratch)
        with _zig(python, scratch) as compiled:
            return {name: _wheel(sources, one, compiled, one.tag, folder) for name, one in TARGETS.items()}


def this_machine() -> str | None:
    """This machine among the targets; None where it is another one, which needs a compiler of its own."""
    if sys.platform == "linux" and platform.libc_ver()[0] != "glibc":
        return None
    processor = platform.machine().lower()
    name = f"{_SYSTEMS.get(sys.platform)}-{_PROCESSORS.get(processor, processor)}"
    return name if name in TARGETS else None


def from_python() -> frozenset[str]:
    """The functions of Python that a library may ask for: those of the header."""
    header = (RECIPE / "Python.h").read_text(encoding="utf-8")
    declared = (line.partition("(")[0] for line in header.splitlines() if line.startswith("FROM_PYTHON "))
    return frozenset(line.split()[-1].lstrip("*") for line in declared)


def changed(text: str, file: str) -> str:
    """The text of one of upstream's files with our changes. Raises SetUpError where they do not fit."""
    changes = tomllib.loads((RECIPE / "changes.toml").read_text(encoding="utf-8"))["change"]
    for change in changes:
        if change["file"] != file:
            continue
        if text.count(change["before"]) != change["times"]:
            raise SetUpError(
                f"The sources of durable-rules are not those that were expected: {file} does not hold "
                f"“{change['before']}” {change['times']} times."
            )
        text = text.replace(change["before"], change["after"])
    return text


def _own_compiler() -> list[str] | None:
    """The machine's compiler; none on Windows, whose own compiler does not take these sources."""
    if sys.platform == "win32":
        return None
    if sys.platform == "darwin" and not _has_developer_tools():
        return None
    named = shlex.split(os.environ.get("CC", ""))
    for words in (named, ["cc"], ["gcc"], ["clang"]):
        if words and shutil.which(words[0]):
            return words
    return None


def _has_developer_tools() -> bool:
    """Without them, `cc` on a Mac opens a window and asks to install them."""
    try:
        run(["xcode-select", "-p"], "There are no developer tools")
    except SetUpError:
        return False
    return True


def _key(target: Target | None, compiler: Sequence[str] | None) -> str:
    """A name that changes with whatever changes the wheel."""
    parts = [*sorted(RECIPE.iterdir()), Path(__file__)]
    content = b"".join(part.read_bytes() for part in parts if part.is_file())
    machine = repr((target, compiler, sys.platform, platform.machine(), platform.libc_ver()))
    return hashlib.sha256(content + machine.encode()).hexdigest()[:16]


def _build_here(
    python: Path,
    scratch: Path,
    target: Target | None,
    compiler: list[str] | None,
    say: Callable[[str], None],
) -> Path:
    sources = _sources(python, scratch)
    if compiler is not None:
        ours = target or Target("", "", _LINUX)
        try:
            return _wheel(sources, ours, _with(compiler, *_own_flags()), _plain_tag(ours), scratch)
        except SetUpError as error:
            if target is None:
                raise
            say(f"{error} Another one is fetched.")
    if target is None:
        raise SetUpError(
            f"The rule engine has to be compiled, and for {platform.machine()} with {platform.system()} "
            "there is no compiler here: install gcc or clang."
        )
    say("There is no compiler here; one is fetched from the package index (about 100 MB, a few minutes).")
    with _zig(python, scratch) as compiled:
        return _wheel(sources, target, compiled, target.tag, scratch)


def _own_flags() -> tuple[str, ...]:
    """On a Mac, the compiler's idea of processor and system may be another one than Python's."""
    return ("-arch", platform.machine(), "-mmacosx-version-min=11.0") if sys.platform == "darwin" else ()


def _plain_tag(target: Target) -> str:
    """What the machine's own compiler makes on Linux fits this machine's system, not older ones."""
    return f"linux_{platform.machine()}" if sys.platform != "darwin" else target.tag


def _sources(python: Path, scratch: Path) -> Path:
    """Upstream's sources with our changes."""
    wrong = f"The sources of durable-rules {UPSTREAM} cannot be fetched"
    asked = ("--no-deps", "--no-binary", ":all:", "--require-hashes", "-r", RECIPE / "sources.txt")
    pip(python, "download", "--quiet", *asked, "--dest", scratch, wrong=wrong)
    (archive,) = scratch.glob("durable*rules-*.tar.gz")
    shutil.unpack_archive(archive, scratch)
    folder = scratch / archive.name.removesuffix(".tar.gz")
    for path in (folder / "src").rglob("*.[ch]"):
        text = path.read_text(encoding="utf-8")
        file = path.relative_to(folder).as_posix()
        path.write_text(changed(text, file), encoding="utf-8", newline="\n")
    return folder


def _with(compiler: Sequence[str | Path], *flags: str, **variables: str) -> Compile:
    """How to compile with a compiler."""

    def compiled(sources: Path, target: Target) -> Path:
        library = sources / target.library
        paths = [f"-I{RECIPE}", f"-I{sources / 'src' / 'rules'}"]
        files = [sources / "src" / f"{name}.c" for name in SOURCES]
        linked = sorted(sources.glob("*.lib")) if target.library.endswith(".pyd") else []
        run(
            [*compiler, *flags, *FLAGS, *target.flags, *paths, *files, *linked, "-o", library],
            f"The compiler {Path(compiler[0]).name} cannot compile the rule engine",
            variables=variables,
            folder=sources,
        )
        return library

    return compiled


@contextmanager
def _zig(python: Path, scratch: Path) -> Iterator[Compile]:
    """The compiler from the package index; it leaves nothing on the machine."""
    home = scratch / "ziglang"
    wrong = "The compiler (the package ziglang) cannot be fetched"
    asked = ("--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", RECIPE / "compiler.txt")
    pip(python, "install", "--quiet", *asked, "--target", home, wrong=wrong)
    variables = {
        "PYTHONPATH": str(home),
        **{f"ZIG_{which}_CACHE_DIR": str(scratch / "compiled") for which in ("GLOBAL", "LOCAL")},
    }
    zig: list[str | Path] = [python, "-m", "ziglang"]

    def compiled(sources: Path, target: Target) -> Path:
        if target.library.endswith(".pyd"):
            _import_library(sources, zig, variables)
        # Of its own accord it adds checks that stop the program, and code for this very processor.
        flags = ("cc", "-target", target.zig, "-mcpu=baseline", "-fno-sanitize=undefined", "-s")
        return _with(zig, *flags, **variables)(sources, target)

    yield compiled


def _import_library(sources: Path, zig: Sequence[str | Path], variables: Mapping[str, str]) -> None:
    """On Windows a library has to know which other library each function comes from."""
    named = sources / "python3.def"
    named.write_text(
        "\n".join(["LIBRARY python3.dll", "EXPORTS", *sorted(from_python())]) + "\n", "utf-8", newline="\n"
    )
    command = [*zig, "dlltool", "-m", "i386:x86-64", "-d", named, "-l", sources / "python3.lib"]
    run(command, "The list of Python's functions cannot be made", variables=variables)


def _wheel(sources: Path, target: Target, compiled: Compile, tag: str, folder: Path) -> Path:
    """Compile, and pack the library with upstream's modules; the same library gives the same wheel."""
    about = f"durable_rules-{VERSION}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: durable-rules\nVersion: {VERSION}\nLicense: MIT\n"
    description = (
        f"Wheel-Version: 1.0\nGenerator: promotion-readiness\nRoot-Is-Purelib: false\nTag: cp311-abi3-{tag}\n"
    )
    files = {
        **{
            f"durable/{path.name}": path.read_bytes()
            for path in sorted((sources / "libpy/durable").glob("*.py"))
        },
        target.library: compiled(sources, target).read_bytes(),
        f"{about}/METADATA": metadata.encode(),
        f"{about}/WHEEL": description.encode(),
        f"{about}/licenses/LICENSE": (sources / "LICENSE").read_bytes(),
        f"{about}/licenses/changes.toml": (RECIPE / "changes.toml").read_bytes(),
    }
    record = "".join(f"{name},sha256={_digest(content)},{len(content)}\n" for name, content in files.items())
    files[f"{about}/RECORD"] = f"{record}{about}/RECORD,,\n".encode()
    path = folder / f"durable_rules-{VERSION}-cp311-abi3-{tag}.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return path


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
