"""What holds for the repository as a whole."""

import ast
import re
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path, PurePosixPath

import pytest

HOUSE = Path(__file__).parents[1]
PACKAGES = ("engine", "inputs", "readiness", "reports", "rules")


def tracked():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=HOUSE, capture_output=True, text=True, check=False
    ).stdout.splitlines()
    return [HOUSE / name for name in listed] or sorted(HOUSE.rglob("*.py"))


@pytest.mark.parametrize("package", PACKAGES)
def test_no_other_distribution_owns_the_name(package):
    assert set(packages_distributions().get(package, [])) <= {"promotion-readiness"}


def test_no_module_is_named_like_one_of_the_standard_library():
    names = {path.stem for package in PACKAGES for path in (HOUSE / package).rglob("*.py")}
    assert names & (sys.stdlib_module_names - {"__init__", "__main__"}) == set()


def test_no_docstring_has_a_quote_that_belonged_to_the_code():
    docstrings = (
        (path.name, node.value.value)
        for path in tracked()
        if path.suffix == ".py" and path.is_file()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
    assert [name for name, text in docstrings if re.search(r'"\s*\n\s*"', text)] == []


def test_tests_are_no_package():
    assert list((HOUSE / "tests").rglob("__init__.py")) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_the_shop_window_lists_what_it_offers_in_order(package):
    module = __import__(package)
    offered = getattr(module, "__all__", [])
    assert list(offered) == sorted(
        offered, key=lambda name: (not name.isupper(), not name[0].isupper(), name)
    )
    assert all(hasattr(module, name) for name in offered)


def test_only_the_inference_module_imports_durable_rules():
    importing = [
        path.relative_to(HOUSE).as_posix()
        for package in PACKAGES
        for path in (HOUSE / package).rglob("*.py")
        if "from durable" in path.read_text(encoding="utf-8")
        or "import durable" in path.read_text(encoding="utf-8")
    ]
    assert importing == ["engine/decide/inference.py"]


def test_no_file_names_an_address_of_a_package_registry():
    hosts = ["pypi" + ".org", "files.python" + "hosted", "registry.npm" + "js", "deb.debi" + "an"]
    found = [
        path.name
        for path in tracked()
        if path.suffix in {".txt", ".toml", ".md", ".py", ".yaml", ".json", "", ".cfg"} and path.is_file()
        for host in hosts
        if host in path.read_text(encoding="utf-8", errors="ignore")
    ]
    assert found == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The names in the wheel; it is built without a network, by what this environment has."""
    target = tmp_path_factory.mktemp("wheel")
    build = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    name = subprocess.run(
        [sys.executable, "-c", build, str(target)], cwd=HOUSE, capture_output=True, text=True, check=True
    ).stdout.split()[-1]
    return [PurePosixPath(one) for one in zipfile.ZipFile(target / name).namelist()]


def test_the_wheel_holds_the_five_packages_and_nothing_else(wheel):
    tops = {path.parts[0] for path in wheel if not path.parts[0].endswith(".dist-info")}
    assert tops == set(PACKAGES)


def test_the_wheel_holds_every_file_of_the_packages(wheel):
    in_packages = {
        PurePosixPath(path.relative_to(HOUSE).as_posix())
        for path in tracked()
        if path.is_file() and path.relative_to(HOUSE).parts[0] in PACKAGES
    }
    assert in_packages <= set(wheel)
    assert {path.suffix for path in wheel} >= {".yaml", ".html", ".css", ".js", ".xlsx"}


@pytest.mark.parametrize("package", PACKAGES)
def test_the_wheel_tells_type_checkers_that_its_packages_are_typed(wheel, package):
    assert PurePosixPath(package, "py.typed") in wheel
