"""Installing packages in the machine, and what that adds to its files."""

import pathlib

from machine import Machine

# What other programs keep or what the machine itself makes while it runs.
VOLATILE = ("proc", "sys", "dev", "run", "tmp", "var/tmp", "var/cache", "var/log", "var/lib/apt", "var/lib/dpkg",
            "var/lib/systemd", "opt/packages")


def files(machine: Machine) -> set[str]:
    prune = " -o ".join(f"-path /{path}" for path in VOLATILE)
    return set(machine.shell(f"find / -xdev \\( {prune} \\) -prune -o -print", timeout=120).splitlines())


def install_dependencies(machine: Machine, package: pathlib.Path, own: str) -> None:
    """Installs what a package depends on, but for `own`, so that what the package itself adds can be told apart."""
    depends = machine.shell(f"dpkg-deb -f /opt/packages/{package.name} Depends")
    names = [alternatives.split("|")[0].split("(")[0].strip() for alternatives in depends.split(",")]
    wanted = " ".join(name for name in names if name != own)
    machine.shell(f"apt-get install --yes --no-install-recommends {wanted} </dev/null", timeout=600)


def install(machine: Machine, *packages: pathlib.Path) -> str:
    """Installs packages as a person would, one who keeps a configuration that was edited."""
    names = " ".join(f"/opt/packages/{package.name}" for package in packages)
    return machine.shell(
        "apt-get install --yes --no-install-recommends --allow-downgrades "
        f"-o Dpkg::Options::=--force-confold {names} </dev/null", timeout=600)
