"""The HTTP interface: the page, the status, the health."""

import socket
from collections.abc import Callable

import contract
import pytest
import requests
from daemon import Daemon


def test_status_of_one_pipeline_keeps_the_contract(shared: Daemon, library: Daemon) -> None:
    for pipeline in ("docs", "notes"):
        status = shared.status(pipeline)
        contract.check_body("pipeline.status", status)
        assert status["pipeline_id"] == pipeline
        assert status["watch_location"] == str(shared.folder(pipeline))
        assert status["check_interval"] == 2
    contract.check_body("pipeline.status", library.status())


def test_status_of_several_pipelines_lists_them_all(shared: Daemon) -> None:
    status = shared.status()
    contract.check_body("status.list", status)
    assert status["pipeline_id"] == "docs"
    assert [pipeline["pipeline_id"] for pipeline in status["pipelines"]] == ["docs", "notes"]


def test_status_counts_what_is_stored(library: Daemon) -> None:
    status = library.status()
    files = sum(path.is_file() for path in library.folder().rglob("*"))
    assert status["total_files"] == status["total_processed"] == files
    assert status["total_chunks"] > 1_000
    assert status["total_failed"] == 0 and status["files_failed"] == []
    assert len(status["files_completed"]) == 10
    assert status["status"] == "online"


def test_unknown_pipeline_and_unknown_path_are_problems(shared: Daemon) -> None:
    for path, parameters in [("/status", {"pipeline_id": "nowhere"}), ("/api/nothing", {})]:
        response = shared.get(path, **parameters)
        assert response.status_code == 404
        assert response.headers["content-type"].startswith("application/problem+json")
        contract.check_body("problem", response.json())


def test_health_says_what_runs(shared: Daemon) -> None:
    response = shared.get("/health")
    assert response.status_code == 200
    contract.check_body("health", response.json())


def test_page_and_its_files_are_served_with_a_strict_policy(shared: Daemon) -> None:
    page = shared.get("/")
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy and "default-src" in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    client = shared.get("/vendor/socket.io.min.js")
    assert client.status_code == 200 and "javascript" in client.headers["content-type"]


@pytest.mark.parametrize("path", [
    "/../corpusd.yaml", "/%2e%2e/corpusd.yaml", "/..%2fcorpusd.yaml", "/vendor/../../Package.swift", "/%00",
    "//etc/passwd", "/.git/config",
])
def test_nothing_outside_the_public_folder_is_served(path: str, shared: Daemon) -> None:
    with socket.create_connection(("127.0.0.1", shared.port), timeout=30) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while block := connection.recv(65_536):
            answer += block
    assert answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 3")), answer[:200]
    assert b"pipelines" not in answer and b"root:" not in answer


def test_other_sites_may_not_read(shared: Daemon) -> None:
    response = requests.get(f"{shared.url}/status", headers={"Origin": "http://elsewhere.example"}, timeout=30)
    assert "access-control-allow-origin" not in response.headers


def test_allowed_site_may_read(make_daemon: Callable[..., Daemon]) -> None:
    site = "https://status.example"
    daemon = make_daemon(server={"cors_origins": [site]}).start()
    for origin, allowed in [(site, site), ("https://status.example.evil", None)]:
        for path in ("/status", "/socket.io/?EIO=4&transport=polling"):
            response = requests.get(daemon.url + path, headers={"Origin": origin}, timeout=30)
            assert response.headers.get("access-control-allow-origin") == allowed, path
