"""What holds for the repository as a whole."""

import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

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
