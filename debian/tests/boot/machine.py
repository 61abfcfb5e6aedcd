"""A Debian 12 with a real systemd in a container that has no network but its own loopback."""

import hashlib
import os
import pathlib
import shutil
import signal
import subprocess
import time

SUITE = "bookworm"
INCLUDED = ["systemd", "systemd-sysv", "dbus", "curl", "openssl", "procps", "acl", "sudo", "python3-minimal",
            "nginx-light", "tesseract-ocr"]
# No download waits for ever for a server that does not answer, and each is tried again.
PATIENCE = ["Acquire::Retries=3", "Acquire::http::Timeout=60", "Acquire::https::Timeout=60"]
ENVIRONMENT = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8",
    "DEBIAN_FRONTEND": "noninteractive", "SYSTEMD_PAGER": "", "SYSTEMD_COLORS": "0",
}
# Run in a mount namespace of its own: a tree of control groups as systemd wants it, whatever this machine mounts there.
START = """
set -e
if [ "$(stat -fc %T /sys/fs/cgroup)" != cgroup2fs ]; then
    umount -R /sys/fs/cgroup
    mount -t cgroup2 none /sys/fs/cgroup
fi
mkdir -p "/sys/fs/cgroup/$NAME"
echo $$ >"/sys/fs/cgroup/$NAME/cgroup.procs"
exec systemd-nspawn --quiet --boot --register=no --keep-unit --machine="$NAME" --directory="$ROOT" \\
    --private-network --console=pipe --link-journal=no --resolv-conf=off --timezone=off --capability=all \\
    --system-call-filter="@keyring bpf landlock_create_ruleset landlock_add_rule landlock_restrict_self seccomp"
"""


class MachineError(Exception):
    """The machine itself does not do what a test needs of it."""


def make_base(cache: pathlib.Path) -> pathlib.Path:
    """The tar archive of a small Debian, made once and kept in the cache."""
    key = hashlib.sha256(" ".join([SUITE, *INCLUDED]).encode()).hexdigest()[:12]
    base = cache / f"{SUITE}-{key}.tar"
    if not base.exists():
        cache.mkdir(parents=True, exist_ok=True)
        part = base.with_suffix(".part")
        options = ['APT::Install-Recommends "false"', *(option.replace("=", ' "') + '"' for option in PATIENCE)]
        twice(
            ["mmdebstrap", "--quiet", "--format=tar", "--variant=apt", f"--include={','.join(INCLUDED)}",
             *(f"--aptopt={option}" for option in options), SUITE, str(part)], timeout=600)
        part.rename(base)
    return base


def twice(command: list[str], timeout: float, pause: float = 15) -> None:
    """Runs what downloads, and once more if it fails: a mirror that is being renewed does not fit its own lists."""
    for attempt in (1, 2):
        try:
            subprocess.run(command, check=True, timeout=timeout, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            return
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            if attempt == 2:
                raise
            time.sleep(pause)


class Machine:
    """One root and, between `boot` and `halt`, the systemd that runs in it."""

    def __init__(self, folder: pathlib.Path, base: pathlib.Path):
        self.root = folder / "root"
        self.console = folder / "console.log"
        self.name = f"corpusd-{os.getpid()}"
        self.nspawn: subprocess.Popen | None = None
        self.leader = 0
        self.root.mkdir(parents=True)
        subprocess.run(["tar", "-xf", str(base), "-C", str(self.root)], check=True, timeout=300)
        shutil.copyfile("/etc/resolv.conf", self.root / "etc/resolv.conf")
        (self.root / "etc/hostname").write_text("boot-test\n")
        (self.root / "etc/hosts").write_text("127.0.0.1 localhost\n127.0.1.1 boot-test\n::1 localhost\n")

    def download(self, packages: list[pathlib.Path], cache: pathlib.Path) -> None:
        """Puts packages into /opt/packages, and what they depend on where apt looks before it asks the network."""
        opt, archives = self.root / "opt/packages", self.root / "var/cache/apt/archives"
        opt.mkdir(parents=True, exist_ok=True)
        cache.mkdir(parents=True, exist_ok=True)
        for package in packages:
            shutil.copy(package, opt)
        for known in cache.glob("*.deb"):
            shutil.copy(known, archives)
        command = ["chroot", str(self.root), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq",
                   *(word for option in PATIENCE for word in ("-o", option))]
        names = [f"/opt/packages/{package.name}" for package in packages]
        twice([*command, "update"], timeout=300)
        twice([*command, "install", "--yes", "--download-only", "--no-install-recommends", *names], timeout=300)
        for fetched in archives.glob("*.deb"):
            if not (cache / fetched.name).exists():
                shutil.copy(fetched, cache)

    def boot(self) -> None:
        with open(self.console, "ab") as console:
            self.nspawn = subprocess.Popen(
                ["unshare", "--mount", "--propagation", "private", "bash", "-c", START],
                env={**os.environ, "NAME": self.name, "ROOT": str(self.root)},
                stdin=subprocess.DEVNULL, stdout=console, stderr=console, start_new_session=True)
        deadline = time.monotonic() + 120
        while not self._is_reachable():
            if self.nspawn.poll() is not None or time.monotonic() > deadline:
                raise MachineError(f"systemd does not come up in a container here:\n{self._console_end()}")
            time.sleep(0.1)
        self.run("systemctl", "is-system-running", "--wait", timeout=180, check=False)

    def _is_reachable(self) -> bool:
        children = subprocess.run(["pgrep", "-P", str(self.nspawn.pid)], capture_output=True, text=True).stdout.split()
        if not children:
            return False
        self.leader = int(children[0])
        try:
            if pathlib.Path(f"/proc/{self.leader}/comm").read_text().strip() != "systemd":
                return False
        except OSError:
            return False
        return self.run("test", "-S", "/run/systemd/private", check=False).returncode == 0

    def run(self, *command: str, timeout: float = 60, check: bool = True, stdin: str = "") -> subprocess.CompletedProcess:
        """Runs a command inside and returns what it printed, both streams in one."""
        done = subprocess.run(
            ["nsenter", "--target", str(self.leader), "--all", "env", "--ignore-environment",
             *[f"{name}={value}" for name, value in ENVIRONMENT.items()], *command],
            input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout)
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(command)}: exit status {done.returncode}\n{done.stdout[-4000:]}")
        return done

    def shell(self, script: str, timeout: float = 60) -> str:
        return self.run("/bin/bash", "-euc", script, timeout=timeout).stdout.strip()

    def in_its_network(self, *command: str) -> list[str]:
        """A command of this machine's, as it runs with the container's network."""
        return ["nsenter", "--target", str(self.leader), "--net", *command]

    def halt(self) -> None:
        """Ends whatever runs, by force if it has to."""
        if self.nspawn is None:
            return
        if self.nspawn.poll() is None and self.leader:
            self.run("systemctl", "poweroff", "--no-block", check=False)
        try:
            self.nspawn.wait(90)
        except subprocess.TimeoutExpired:
            os.killpg(self.nspawn.pid, signal.SIGKILL)
            self.nspawn.wait(30)
        self.nspawn, self.leader = None, 0

    def remove(self) -> None:
        self.halt()
        shutil.rmtree(self.root, ignore_errors=True)
        for tree in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified"):
            group = pathlib.Path(tree, self.name)
            for below in sorted(group.rglob("*/"), reverse=True) + [group] if group.is_dir() else []:
                if below.is_dir():
                    try:
                        below.rmdir()
                    except OSError:
                        pass

    def _console_end(self) -> str:
        return self.console.read_text(errors="replace")[-3000:]
