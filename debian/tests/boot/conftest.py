"""The machine that the tests share, in the order in which they are written: one test's end is the next one's start."""

import pathlib
import subprocess

import pytest

import installation
import packages
from machine import Machine, make_base
from service import Service


def pytest_addoption(parser):
    parser.addoption("--packages", required=True, help="folder with the packages")
    parser.addoption("--cache", required=True, help="folder for what is worth keeping between runs")


@pytest.fixture(scope="session")
def debs(request, tmp_path_factory) -> packages.Packages:
    built = packages.Packages.find(pathlib.Path(request.config.getoption("--packages")))
    return built.with_next(tmp_path_factory.mktemp("next"))


@pytest.fixture(scope="session")
def machine(request, debs, tmp_path_factory):
    cache = pathlib.Path(request.config.getoption("--cache"))
    machine = Machine(tmp_path_factory.mktemp("machine"), make_base(cache))
    try:
        machine.download(debs.all, cache / "debs")
        machine.boot()
        yield machine
    except subprocess.CalledProcessError as error:
        pytest.fail(f"the machine could not be made: {error}")
    finally:
        machine.remove()


@pytest.fixture(scope="session")
def service(machine, debs) -> Service:
    """The service as apt installs it; knows the files that were there before."""
    installation.install_dependencies(machine, debs.program, own="corpusd-model-minilm")
    before = installation.files(machine)
    installation.install(machine, debs.program, debs.model)
    return Service(machine, before)
