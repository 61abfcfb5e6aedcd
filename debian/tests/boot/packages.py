"""The packages under test, and a next version of the program's to upgrade to."""

import dataclasses
import pathlib
import re
import subprocess


@dataclasses.dataclass(frozen=True)
class Packages:
    program: pathlib.Path
    model: pathlib.Path
    next: pathlib.Path | None = None

    @classmethod
    def find(cls, folder: pathlib.Path) -> "Packages":
        (program,), (model,) = list(folder.glob("corpusd_*.deb")), list(folder.glob("corpusd-model-minilm_*.deb"))
        return cls(program.resolve(), model.resolve())

    @property
    def all(self) -> list[pathlib.Path]:
        return [package for package in (self.program, self.model, self.next) if package]

    def with_next(self, folder: pathlib.Path) -> "Packages":
        """The same program with a higher version and a conffile that changed, so that an upgrade has to choose."""
        root = folder / "root"
        subprocess.run(["dpkg-deb", "-R", str(self.program), str(root)], check=True, timeout=120)
        control = root / "DEBIAN/control"
        control.write_text(re.sub(r"(?m)^(Version: .*)$", r"\1+next", control.read_text()))
        conffile = root / "etc/corpusd/corpusd.yaml"
        conffile.write_text(conffile.read_text() + "\n# A comment of the next version.\n")
        package = folder / self.program.name.replace("_", "-next_", 1)
        subprocess.run(["dpkg-deb", "-Zgzip", "-z1", "--root-owner-group", "-b", str(root), str(package)],
                       check=True, timeout=300, stdout=subprocess.DEVNULL)
        return Packages(self.program, self.model, package)
