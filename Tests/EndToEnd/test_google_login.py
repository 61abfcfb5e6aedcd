"""`corpusd google-login` and `corpusd check --online`, against a fake Google."""

import json
import re
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from daemon import CORPUSD, Daemon
from drive.server import DriveServer
from drive.watching import Watched


@pytest.fixture
def watched(make_daemon: Callable[..., Daemon]) -> Iterator[Watched]:
    watched = Watched(DriveServer(), make_daemon())
    yield watched
    watched.server.stop()
    assert watched.drive.problems == []


def log_in(watched: Watched, *arguments: str | Path, change: str = "") -> tuple[int, str]:
    """Runs the command and plays the person with the browser; the exit code and everything that was printed."""
    client = watched.drive.tokens.write_client_file(watched.daemon.root / "client.json", watched.drive.base)
    command = ["setpriv", "--pdeathsig", "KILL", CORPUSD, "google-login", "--client", client, *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout
    printed = ""
    while not (page := re.search(r"^http\S+$", printed, re.MULTILINE)):
        line = process.stdout.readline()
        assert line, printed
        printed += line
    # Somebody else's request does not end the wait.
    redirect = requests.get(page[0], allow_redirects=False, timeout=30).headers["Location"]
    assert requests.get(redirect.replace("state=", "state=x"), timeout=30).status_code == 404
    answer = requests.get(redirect.replace("code=", change) if change else redirect, timeout=30)
    assert answer.status_code == 200
    rest, _ = process.communicate(timeout=60)
    return process.returncode, printed + rest


def test_a_person_logs_in_and_the_daemon_uses_it(watched: Watched) -> None:
    output = watched.daemon.root / "login.json"
    code, printed = log_in(watched, "--output", output)
    assert code == 0, printed
    assert stat.S_IMODE(output.stat().st_mode) == 0o600
    assert json.loads(output.read_text())["type"] == "authorized_user"
    assert not [secret for secret in watched.drive.tokens.secrets if secret in printed]
    watched.pipeline["credentials"] = str(output)
    watched.tree.upload("note.txt", "A note.")
    watched.daemon.start()
    watched.wait_until_equal()


def test_the_file_of_the_pipeline_is_written_if_none_is_named(watched: Watched) -> None:
    output = watched.daemon.root / "of-the-pipeline.json"
    watched.pipeline["credentials"] = str(output)
    configuration = watched.daemon.write_config()
    for arguments in ([], ["--pipeline", "drive", "--json"]):
        code, printed = log_in(watched, "--config", configuration, *arguments)
        assert code == 0, printed
        assert json.loads(output.read_text())["type"] == "authorized_user"
        output.unlink()
    assert json.loads(printed.splitlines()[-1]) == {"output": str(output)}
    watched.daemon.config["pipelines"].append({**watched.pipeline, "id": "second"})
    client = watched.daemon.root / "client.json"
    answer = watched.daemon.run("google-login", "--client", client)
    assert answer.returncode == 64 and "several pipelines" in answer.stderr
    assert watched.daemon.run("google-login", "--client", client, "--pipeline", "nowhere").returncode == 64


def test_a_refusal_in_the_browser_is_told(watched: Watched) -> None:
    output = watched.daemon.root / "login.json"
    code, printed = log_in(watched, "--output", output, change="error=access_denied&nothing=")
    assert code == 1 and "access_denied" in printed
    assert not output.exists()


def test_a_check_online_tells_who_sees_how_much(watched: Watched) -> None:
    folder = watched.tree.folder("some")
    for number in range(3):
        watched.tree.upload(f"{number}.txt", "text", folder)
    answer = watched.daemon.run("check", "--online")
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.endswith("drive: indexer@fake-project.iam.gserviceaccount.com sees 3 files\n")
    online = json.loads(watched.daemon.run("check", "--online", "--json").stdout)["online"]
    assert online == [
        {
            "pipeline_id": "drive",
            "account": "indexer@fake-project.iam.gserviceaccount.com",
            "files": 3,
            "complete": True,
        }
    ]
    assert "alt=media" not in "".join(request.target for request in watched.drive.requests)


def test_a_check_says_what_is_wrong_with_the_credentials(watched: Watched) -> None:
    key = Path(watched.pipeline["credentials"])
    watched.drive.tokens.is_revoked = True
    answer = watched.daemon.run("check", "--online")
    assert answer.returncode == 78 and "invalid_grant" in answer.stderr, answer.stderr
    assert not [secret for secret in watched.drive.tokens.secrets if secret in answer.stderr + answer.stdout]
    watched.pipeline["folder_id"] = "1NotThere"
    watched.drive.tokens.is_revoked = False
    answer = watched.daemon.run("check", "--online")
    assert answer.returncode == 1 and "share it with the account" in answer.stderr
    key.write_text(json.dumps({**json.loads(key.read_text()), "private_key": "none"}))
    answer = watched.daemon.run("check", "--online")
    assert answer.returncode == 78 and "no RSA key" in answer.stderr
    key.unlink()
    answer = watched.daemon.run("check")
    assert answer.returncode == 78 and str(key) in answer.stderr
