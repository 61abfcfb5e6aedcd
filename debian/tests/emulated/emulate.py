"""Boots the packages in an emulated machine with Debian's own kernel: AppArmor enforced, and NFS.

usage: python debian/tests/emulated/emulate.py --packages .build-deb --documents FOLDER --cache .build-deb-test

What a container cannot show, as it shares its host's kernel. Takes five to fifteen minutes: there is no hardware's help.
Ends with 'all passed' and status 0.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "boot"))

from machine import PATIENCE, Machine, make_base, twice  # noqa: E402 (found by the path above)
from packages import Packages  # noqa: E402

# The kernel, and what stands in for another machine; the cloud's kernel is the small one, with all it takes.
ADDED = ["linux-image-cloud-amd64", "initramfs-tools", "apparmor", "nfs-kernel-server", "nfs-common"]
LIMIT = 1800
# How long it may take to switch itself off.
GRACE = 20
UNIT = """[Unit]
Description=The tests of the emulated machine
After=multi-user.target corpusd.service

[Service]
Type=oneshot
ExecStart=/opt/guest
StandardOutput=tty
StandardError=tty
TTYPath=/dev/ttyS0
SuccessAction=poweroff-force
FailureAction=poweroff-force

[Install]
WantedBy=graphical.target multi-user.target
"""


def prepare(machine: Machine, packages: Packages, documents: pathlib.Path, cache: pathlib.Path) -> None:
    """Installs the packages as apt does it where no service can be started yet, and puts the tests in."""
    machine.download([packages.program, packages.model], cache)
    install = ["chroot", str(machine.root), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq",
               *(word for option in PATIENCE for word in ("-o", option)), "install", "--yes", "--no-install-recommends"]
    twice([*install, *ADDED], timeout=900)
    twice([*install, *(f"/opt/packages/{package.name}" for package in (packages.program, packages.model))], timeout=600)
    root = machine.root
    (root / "opt/documents").mkdir()
    for document in sorted(documents.iterdir()):
        # A scan has no text without OCR, which is not installed.
        if document.is_file() and document.suffix and document.name != "scan.pdf":
            shutil.copy(document, root / "opt/documents")
    for script in (HERE / "guest", HERE.parent / "installed"):
        shutil.copy(script, root / "opt")
        (root / "opt" / script.name).chmod(0o755)
    (root / "etc/systemd/system/emulated.service").write_text(UNIT)
    subprocess.run(["chroot", str(root), "systemctl", "--quiet", "enable", "emulated.service"], check=True)


def emulate(root: pathlib.Path, image: pathlib.Path, console: pathlib.Path) -> str:
    """Boots the root from an image of it, and returns what stands on the console when it has switched itself off."""
    with open(image, "wb") as file:
        file.truncate(6 << 30)
    subprocess.run(["mke2fs", "-q", "-t", "ext4", "-d", str(root), str(image)], check=True, timeout=600)
    (kernel,), (initial,) = list(root.glob("boot/vmlinuz-*")), list(root.glob("boot/initrd.img-*"))
    command = ["qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "2G",
               "-kernel", str(kernel), "-initrd", str(initial),
               "-append", "root=/dev/vda rw console=ttyS0 quiet apparmor=1 security=apparmor systemd.show_status=0",
               "-drive", f"file={image},if=virtio,format=raw,cache=unsafe", "-nic", "none", "-display", "none",
               "-serial", f"file:{console}", "-no-reboot"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as machine:
        wait_for_end(machine, console)
    return console.read_text(errors="replace")


def wait_for_end(machine: subprocess.Popen, console: pathlib.Path) -> None:
    """Returns when the machine has switched itself off; one that does not get there is ended."""
    end = time.monotonic() + LIMIT
    while machine.poll() is None:
        # A kernel that still has its own folder mounted over NFS does not always come to its end.
        if console.exists() and re.search(r"all passed|failed: ", console.read_text(errors="replace")):
            end = min(end, time.monotonic() + GRACE)
        if time.monotonic() > end:
            print("the machine did not switch itself off")
            machine.kill()
        time.sleep(1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packages", type=pathlib.Path, required=True, help="folder with the packages")
    parser.add_argument("--documents", type=pathlib.Path, required=True, help="folder with documents of every format")
    parser.add_argument("--cache", type=pathlib.Path, required=True, help="folder for what is worth keeping between runs")
    options = parser.parse_args()
    # What a run that was killed left: a system's folders, through which 'dh_clean' could not search.
    for left in options.cache.glob("corpusd-emulated-*"):
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix="corpusd-emulated-", dir=options.cache) as folder:
        folder = pathlib.Path(folder)
        machine = Machine(folder, make_base(options.cache))
        try:
            prepare(machine, Packages.find(options.packages), options.documents, options.cache / "debs")
            output = emulate(machine.root, folder / "image", folder / "console.log")
        finally:
            machine.remove()
    steps = [line.strip() for line in output.splitlines() if line.startswith(("ok: ", "all passed"))]
    print("\n".join(steps) if "all passed" in steps else output[-12_000:])
    return 0 if "all passed" in steps else 1


if __name__ == "__main__":
    sys.exit(main())
