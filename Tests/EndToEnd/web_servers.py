"""The web servers that docs/access.md puts in front of corpusd, each with the configuration that stands there.

They are processes of the tests: on a port of their own, with all their files in a folder of their own.
"""

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests
import yaml
from daemon import REPOSITORY, Daemon, end_group, free_port
from waiting import eventually

NAME = "search.example.org"
SECTION = (REPOSITORY / "docs/access.md").read_text().partition("## Behind a proxy")[2].partition("\n## ")[0]
# Where Debian has Apache's modules.
MODULES = Path("/usr/lib/apache2/modules")


def settings() -> dict[str, Any]:
    """What corpusd's section `server` has to say, as documented."""
    return yaml.safe_load(snippet("Let corpusd listen"))["server"]


def snippet(beginning: str) -> str:
    """The block of code after the paragraph that begins so."""
    found = re.search(rf"(?ms)^{beginning}[^`]*(?:`\w+`[^`]*)*?^```\w*\n(.*?)^```$", SECTION)
    assert found, f"docs/access.md has no '{beginning}'"
    return found[1]


def replaced(text: str, old: str, new: str) -> str:
    assert old in text, f"'{old}' is not in:\n{text}"
    return text.replace(old, new)


class WebServer:
    """One of them, in front of a daemon; it answers when this is made."""

    def __init__(self, kind: str, folder: Path, daemon: Daemon) -> None:
        self.folder, self.port = folder, free_port()
        self.host = f"{NAME}:{self.port}"
        self.path = settings()["base_path"]
        # By its address, for those who say its name themselves.
        self.url = f"http://127.0.0.1:{self.port}{self.path}"
        documented = replaced(snippet(kind), "127.0.0.1:8003", f"127.0.0.1:{daemon.port}")
        self.configuration = folder / "server.conf"
        command, text = PREPARATIONS[kind](self, documented)
        self.configuration.write_text(text)
        self.log = folder / "server.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *command], cwd=folder, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
                env={"PATH": os.environ["PATH"], "HOME": str(folder)},
            )
        eventually(self.is_alive, f"{kind} passes on what it is asked")

    def is_alive(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError(f"it ended:\n{self.log.read_text()}")
        try:
            return self.get("/health/live").status_code == 200
        except requests.RequestException:
            return False

    def get(self, path: str) -> requests.Response:
        return requests.get(self.url + path, headers={"Host": self.host}, timeout=30)

    def stop(self) -> None:
        end_group(self.process)


Prepared = tuple[list[str | Path], str]


def nginx(server: WebServer, documented: str) -> Prepared:
    # The map stands in a comment, as it belongs outside of the site.
    mapping = re.search(r"# (map .*})$", documented, re.MULTILINE)
    assert mapping, documented
    folders = "".join(
        f"    {kind}_temp_path {server.folder};\n" for kind in ["client_body", "proxy", "fastcgi", "scgi", "uwsgi"])
    text = f"""
daemon off;
{"user root;" if os.geteuid() == 0 else ""}
pid {server.folder}/pid;
error_log stderr;
events {{}}
http {{
    access_log off;
{folders}
    {mapping[1]}
    server {{
        listen 127.0.0.1:{server.port};
        server_name {NAME};
        {documented}
    }}
}}
"""
    return ["/usr/sbin/nginx", "-e", "stderr", "-p", server.folder, "-c", server.configuration], text


def caddy(server: WebServer, documented: str) -> Prepared:
    # Without TLS, for which it would ask others for a certificate.
    site = replaced(documented, f"{NAME} {{", f"http://{server.host} {{\n    bind 127.0.0.1")
    command = ["/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config", server.configuration]
    return command, "{\n    admin off\n}\n" + site


def apache(server: WebServer, documented: str) -> Prepared:
    named = re.search(r"(?m)^Apache, with (.*):$", SECTION)
    assert named, SECTION
    # Those, and what every Apache of Debian has.
    modules = ["mpm_event", "authz_core", "proxy", *re.findall(r"`(\w+)`", named[1])]
    loads = "".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so\n" for name in modules)
    user = "User nobody\nGroup nogroup\n" if os.geteuid() == 0 else ""
    text = f"""
{loads}{user}
ServerRoot {server.folder}
DefaultRuntimeDir {server.folder}
PidFile {server.folder}/pid
ErrorLog /dev/stderr
Listen 127.0.0.1:{server.port}
ServerName {NAME}
{documented}
"""
    return ["/usr/sbin/apache2", "-DFOREGROUND", "-f", server.configuration], text


PREPARATIONS: dict[str, Callable[[WebServer, str], Prepared]] = {"nginx": nginx, "Caddy": caddy, "Apache": apache}
