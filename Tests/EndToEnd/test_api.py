"""The HTTP interface beside status and search, and the documents that describe it."""

import http.client
import json
import subprocess
import sys
from typing import Any

import contract
import pytest
import requests
from daemon import REPOSITORY, Daemon, run_corpusd
from jsonschema import Draft202012Validator
from waiting import eventually

import documents


def described(daemon: Daemon) -> dict[str, Any]:
    return daemon.get("/openapi.json").json()


def check(daemon: Daemon, path: str, template: str, method: str = "get", **parameters: Any) -> Any:
    """Asks, and checks the answer with what the description says of it."""
    description = described(daemon)
    response = daemon.post(path, **parameters) if method == "post" else daemon.get(path, **parameters)
    answers = description["paths"][template][method]["responses"]
    assert str(response.status_code) in answers, f"{response.status_code} is not described: {response.text}"
    content = answers[str(response.status_code)]["content"]
    media_type = response.headers["content-type"].split(";")[0]
    assert media_type in content, f"{media_type} is not described"
    if media_type == "text/plain":
        return response.text
    body = response.json()
    schema = {**content[media_type]["schema"], "components": description["components"]}
    problems = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(body)]
    assert not problems, "\n".join(problems)
    return body


def test_descriptions_are_made_from_the_schemas() -> None:
    subprocess.run([sys.executable, REPOSITORY / "scripts/make-descriptions", "--check"], check=True)


def test_descriptions_name_this_version(shared: Daemon) -> None:
    version = run_corpusd("version", "--json").stdout
    for name, key in [("openapi", "3.1.0"), ("asyncapi", "3.0.0")]:
        document = shared.get(f"/{name}.json").json()
        assert document[name] == key
        assert document["info"]["version"] == json.loads(version)["version"]


@pytest.mark.parametrize("path, template, parameters", [
    ("/status", "/status", {}), ("/status", "/status", {"pipeline_id": "docs"}),
    ("/status", "/status", {"pipeline_id": "nowhere"}), ("/health", "/health", {}),
    ("/health/live", "/health/live", {}), ("/health/ready", "/health/ready", {}), ("/metrics", "/metrics", {}),
    ("/api/access", "/api/access", {}), ("/api/socket/info", "/api/socket/info", {}), ("/api/pipelines", "/api/pipelines", {}),
    ("/api/pipelines/docs", "/api/pipelines/{id}", {}), ("/api/pipelines/nowhere", "/api/pipelines/{id}", {}),
    ("/api/events", "/api/events", {}), ("/api/events", "/api/events", {"limit": 0}),
    ("/api/events", "/api/events", {"since": "x"}), ("/api/events", "/api/events", {"pipeline": "nowhere"}),
    ("/api/files", "/api/files", {}), ("/api/files", "/api/files", {"limit": 0}),
    ("/api/files", "/api/files", {"pipeline": "nowhere"}), ("/api/files/none", "/api/files/{id}", {}),
    ("/api/files/none/chunks", "/api/files/{id}/chunks", {}),
    ("/api/deletions", "/api/deletions", {"state": "lost"}), ("/api/deletions", "/api/deletions", {"limit": 1001}),
    ("/api/deletions", "/api/deletions", {"cursor": "x"}), ("/api/deletions", "/api/deletions", {}), ("/api/deletions", "/api/deletions", {"pipeline": "nowhere"}),
    ("/api/search", "/api/search", {"q": "a"}), ("/api/search", "/api/search", {}),
    ("/api/search", "/api/search", {"q": "a", "k": 101}), ("/api/search", "/api/search", {"q": "a", "type": "text"}),
])
def test_answers_are_as_described(path: str, template: str, parameters: dict[str, Any], shared: Daemon) -> None:
    check(shared, path, template, **parameters)


def test_a_parameter_without_a_value_is_as_none(shared: Daemon) -> None:
    """A form sends every field, also those that nobody filled in."""
    for path, operations in described(shared)["paths"].items():
        for operation in operations.values():
            for each in operation.get("parameters", []):
                may_be_empty = each["schema"] == {"type": "string"} or each.get("allowEmptyValue", False)
                assert may_be_empty is not each["required"], (path, each)
    for path, names in [
        ("/api/files", ["state", "q", "pipeline", "id", "path", "limit", "cursor"]),
        ("/api/events", ["since", "limit", "pipeline", "file"]),
        ("/api/deletions", ["state", "pipeline", "limit", "cursor"]), ("/status", ["pipeline_id"]),
    ]:
        bare, empty = shared.get(path), shared.get(path, **dict.fromkeys(names, ""))
        assert empty.status_code == 200, f"{path}: {empty.text}"
        assert empty.json().keys() == bare.json().keys()
    found = shared.get("/api/search", q="a", **dict.fromkeys(["k", "pipeline", "type", "path"], ""))
    assert found.status_code == 200, found.text
    assert shared.get("/api/search", q="").status_code == 400


@pytest.mark.parametrize("verb", ["pause", "resume", "rescan"])
def test_controls_are_as_described(verb: str, shared: Daemon) -> None:
    check(shared, f"/api/pipelines/notes/{verb}", "/api/pipelines/{id}/" + verb, "post")
    check(shared, f"/api/pipelines/nowhere/{verb}", "/api/pipelines/{id}/" + verb, "post")
    shared.post("/api/pipelines/notes/resume")


def test_every_path_is_described_and_refuses_other_methods(shared: Daemon) -> None:
    for template, operations in described(shared)["paths"].items():
        path = template.replace("{id}", "docs")
        wrong = "DELETE"
        answer = shared.post(path) if "post" not in operations else shared.get(path)
        assert answer.status_code == 405, f"{wrong} {path}: {answer.status_code}"
        assert answer.headers["allow"].lower() == ("get, head" if "get" in operations else "post")


def test_head_answers_like_get_without_a_body(shared: Daemon) -> None:
    paths = [path.replace("{id}", "docs") for path in described(shared)["paths"]]
    connection = http.client.HTTPConnection("127.0.0.1", shared.port, timeout=30)

    def ask(method: str, path: str) -> tuple[int, str | None, str | None]:
        connection.request(method, path)
        with connection.getresponse() as answer:
            answer.read()
        return answer.status, answer.headers["content-type"], answer.headers["allow"]

    for path in [*paths, "/api/search?q=a", "/api/nothing", "/"]:
        # On one connection: a body where none belongs would be taken for the answer to GET.
        assert ask("HEAD", path) == ask("GET", path), path
    assert ask("HEAD", "/status")[0] == 200


@pytest.mark.parametrize("method, path, status", [
    ("GET", "/nothing", 404), ("GET", "/api/nothing", 404), ("GET", "/.hidden", 404), ("POST", "/index.html", 404),
    ("TRACE", "/status", 405), ("OPTIONS", "/api/files", 405), ("DELETE", "/api/deletions", 405),
    ("POST", "/api/deletions/confirm", 415),
])
def test_every_refusal_has_the_one_shape(method: str, path: str, status: int, shared: Daemon) -> None:
    headers = {"Authorization": f"Bearer {shared.token}"}
    check_problem(requests.request(method, shared.url + path, headers=headers, timeout=30), status)


def test_what_is_too_large_is_refused_in_the_one_shape(shared: Daemon) -> None:
    headers = {"Authorization": f"Bearer {shared.token}", "Content-Type": "application/json"}
    url = f"{shared.url}/api/deletions/confirm"
    check_problem(requests.post(url, data="{}" + " " * 5_000, headers=headers, timeout=30), 413)
    check_problem(requests.get(shared.url, headers={"X-Large": "a" * 20_000}, timeout=30), 431)


def check_problem(response: requests.Response, status: int) -> None:
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    contract.check_body("problem", response.json())
    assert response.json()["status"] == status


def test_history_and_events_tell_of_a_file(daemon: Daemon) -> None:
    daemon.start().wait_until_idle(0)
    cursor = daemon.get("/api/events").json()["next"]
    (daemon.folder() / "told.txt").write_text(documents.note("events that are told"))
    daemon.wait_until_idle(1)
    pipeline = check(daemon, "/api/pipelines/docs", "/api/pipelines/{id}")
    assert sum(pipeline["history"]["completed"]) == 1 and sum(pipeline["history"]["failed"]) == 0

    page = eventually(lambda: later(daemon, cursor), "both events are in the log")
    file = page["events"][0]["payload"]["file"]["id"]
    assert page["incomplete"] is False
    assert daemon.get("/api/events", file=file).json()["events"] == page["events"]
    assert daemon.get("/api/events", since=page["next"]).json()["events"] == []
    assert daemon.stop() == 0
    daemon.start()
    assert daemon.get("/api/events", since=cursor).json()["incomplete"] is True


def later(daemon: Daemon, cursor: str) -> dict[str, Any] | None:
    page = daemon.get("/api/events", since=cursor).json()
    names = [event["event"] for event in page["events"] if event["event"].startswith("file:")]
    return page if names == ["file:processing", "file:completed"] else None


def test_a_file_shows_its_passages(daemon: Daemon) -> None:
    (daemon.folder() / "long.txt").write_text("\n\n".join(documents.note(f"chapter {n}") for n in range(30)))
    daemon.start().wait_until_idle(1)
    listed = daemon.get("/api/files").json()["files"][0]
    file = check(daemon, f"/api/files/{listed['id']}", "/api/files/{id}")
    (outcome,) = file.pop("history")
    assert outcome["outcome"] == "stored" and outcome["at"] == file["updated_at"]
    assert file == listed and check(daemon, "/api/files", "/api/files")["files"] == [file]
    check(daemon, f"/api/files/{file['id']}/chunks", "/api/files/{id}/chunks")
    check(daemon, f"/api/files/{file['id']}/retry", "/api/files/{id}/retry", "post")
    seen, cursor = [], None
    while True:
        page = daemon.get(f"/api/files/{file['id']}/chunks", limit=2, **({"cursor": cursor} if cursor else {})).json()
        seen += page["chunks"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert [chunk["chunk_index"] for chunk in seen] == list(range(file["results"]["chunks_created"]))
    assert "chapter 0" in seen[0]["content"]
    assert daemon.get("/api/files/none").status_code == 404
    assert daemon.get(f"/api/files/{file['id']}/chunks", limit=0).status_code == 400


def test_search_by_media_type(library: Daemon) -> None:
    for kind in ["application/pdf", "text", "text/html"]:
        hits = library.search("package", type=kind, k=5)
        assert len(hits) == 5
        assert all(hit["mime_type"] == kind or hit["mime_type"].startswith(kind + "/") for hit in hits)


def test_status_in_a_terminal(shared: Daemon) -> None:
    result = shared.run("status")
    assert result.returncode == 0 and "docs: online, local folder" in result.stdout, result
    assert not set("\x1b█░▏●") & set(result.stdout), "no colours and no bars into a pipe"
    body = json.loads(shared.run("status", "--json", "--pipeline", "notes").stdout)
    assert [pipeline["pipeline_id"] for pipeline in body["pipelines"]] == ["notes"]
    assert shared.run("status", "--pipeline", "nowhere").returncode == 64


def test_status_without_a_daemon_says_what_to_do(daemon: Daemon) -> None:
    result = daemon.run("status")
    assert result.returncode == 1 and len(result.stderr.splitlines()) == 1
    assert "start it with 'corpusd serve'" in result.stderr
