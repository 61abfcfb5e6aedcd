"""Questions with known answers, over HTTP and on the command line."""

import json

import contract
import documents
import pytest
from daemon import Daemon

QUESTIONS = [
    ("Does apt support SRV records in DNS?", "markdown/srv-records-support.md"),
    ("hooks that talk JSON-RPC with apt over a UNIX socket", "markdown/json-hooks-protocol.md"),
    ("Can I make and sell Debian CDs?", "html/faq-redistributing.html"),
    ("How can I contribute money to the Debian project?", "html/faq-contributing.html"),
    ("use wget to fetch packages on another machine that has a network connection", "html/apt-offline-ch3.html"),
    ("where does the code name of a Debian release come from", "html/faq-ftparchives.html"),
    ("how is the word Debian pronounced", "html/faq-basic-defs.html"),
    ("purpose of /srv: data for services provided by this system", "pdf/fhs.pdf"),
    ("epoch in the version number of a package", "pdf/debian-policy.pdf"),
    ("what a maintainer script may ask through debconf", "pdf/debian-policy.pdf"),
    ("dselect and apt-get user's guide", "text/apt-guide.txt"),
]


@pytest.mark.parametrize("question, answer", QUESTIONS)
def test_right_file_is_among_the_first_three(question: str, answer: str, library: Daemon) -> None:
    assert answer in library.paths_found(question)[:3]


def test_most_questions_are_answered_by_the_first_hit(library: Daemon) -> None:
    missed = [question for question, answer in QUESTIONS if library.paths_found(question)[0] != answer]
    assert len(missed) <= 3, missed


@pytest.mark.parametrize("question, answer", [
    ("earn money with Debian discs", "html/faq-redistributing.html"),
    ("how do I give money to the developers", "html/faq-contributing.html"),
])
def test_question_in_other_words_is_answered_by_meaning(question: str, answer: str, library: Daemon) -> None:
    assert answer in library.paths_found(question)[:3]


@pytest.mark.parametrize("name, question", [
    ("fhs", "purpose of /srv: data for services provided by this system"),
    ("debian-policy", "epoch in the version number of a package"),
    ("debian-policy", "maintainer scripts must be idempotent"),
])
def test_hit_in_a_pdf_names_the_page_it_is_on(name: str, question: str, library: Daemon) -> None:
    file = library.folder() / f"pdf/{name}.pdf"
    hits = [hit for hit in library.search(question, k=20) if hit["file"]["name"] == file.name]
    assert hits
    for hit in hits:
        beginning = documents.words(hit["content"].split("\n\n")[0][:80])
        on_page = beginning & documents.pdf_page_words(file, hit["page"])
        assert len(on_page) >= 0.6 * len(beginning), f"not on page {hit['page']}: {hit['content'][:120]!r}"


def test_answer_keeps_the_contract(library: Daemon) -> None:
    response = library.get("/api/search", q="package", k=50)
    assert response.headers["content-type"].startswith("application/json")
    body = response.json()
    contract.check_body("search", body)
    assert body["query"] == "package" and len(body["hits"]) == 50
    scores = [hit["score"] for hit in body["hits"]]
    assert scores == sorted(scores, reverse=True)
    passages = [(hit["file"]["id"], hit["chunk_index"]) for hit in body["hits"]]
    assert len(set(passages)) == len(passages), "no passage is found twice"
    assert {hit["page"] is None for hit in body["hits"] if hit["file"]["path"].startswith("pdf/")} <= {False}
    for hit in body["hits"]:
        assert hit["file"]["url"].startswith("file:///") and hit["file"]["url"].endswith(hit["file"]["name"])


def test_headings_of_a_web_page_lead_to_the_passage(library: Daemon) -> None:
    hit = next(
        hit for hit in library.search("Can I make and sell Debian CDs?")
        if hit["file"]["path"] == "html/faq-redistributing.html"
    )
    assert hit["title"] and "Redistributing" in hit["title"]
    assert any("Redistributing" in heading for heading in hit["heading_path"]), hit["heading_path"]


def test_markup_and_scripts_are_not_text(library: Daemon) -> None:
    pages = [hit for hit in library.search("Debian", k=100) if hit["file"]["path"].startswith("html/")]
    assert pages
    for hit in pages:
        assert "<div" not in hit["content"] and "&nbsp;" not in hit["content"] and "href=" not in hit["content"]


@pytest.mark.parametrize("query", [
    '"', "'", "AND", "NEAR(", "a* OR", "title:x", "-", "()", "the of and", "\0", "päckchen 日本語 🎉", "%",
    "x" * 900, "SELECT * FROM documents; --",
])
def test_query_is_never_syntax(query: str, library: Daemon) -> None:
    response = library.get("/api/search", q=query)
    assert response.status_code in (200, 400), response.text
    contract.check_body("search" if response.status_code == 200 else "problem", response.json())


@pytest.mark.parametrize("parameters", [
    {}, {"q": ""}, {"q": "  "}, {"q": "a", "k": "0"}, {"q": "a", "k": "-1"}, {"q": "a", "k": "many"},
    {"q": "a", "k": "99999999999999999999"}, {"q": "a", "pipeline": "nowhere"},
])
def test_bad_request_is_a_problem(parameters: dict[str, str], library: Daemon) -> None:
    response = library.get("/api/search", **parameters)
    assert response.status_code in (400, 404), response.text
    assert response.headers["content-type"].startswith("application/problem+json")
    contract.check_body("problem", response.json())
    assert response.json()["status"] == response.status_code


def test_search_is_narrowed_to_a_pipeline(shared: Daemon, connect) -> None:
    client, word = connect(shared), documents.rare_word()
    for pipeline in ("docs", "notes"):
        (shared.folder(pipeline) / f"narrow-{pipeline}.txt").write_text(documents.note(pipeline, word))
        client.wait_for_completion(f"narrow-{pipeline}.txt")
    everywhere = {hit["pipeline_id"] for hit in shared.search(word) if word in hit["content"]}
    assert everywhere == {"docs", "notes"}
    assert {hit["pipeline_id"] for hit in shared.search(word, pipeline="notes", k=5)} == {"notes"}


def test_what_a_pipeline_left_is_not_found_until_it_is_back(make_daemon) -> None:
    daemon = make_daemon(pipelines=["docs", "notes"])
    words = {pipeline: documents.rare_word() for pipeline in ("docs", "notes")}
    for pipeline, word in words.items():
        (daemon.folder(pipeline) / "a.txt").write_text(documents.note(pipeline, word))
    daemon.start()
    for pipeline in words:
        daemon.wait_until_idle(1, pipeline)
    assert daemon.stop() == 0
    docs, notes = daemon.config["pipelines"]
    daemon.config["pipelines"] = [docs]
    daemon.start().wait_until_idle(1)
    assert not [hit for hit in daemon.search(words["notes"]) if words["notes"] in hit["content"]]
    assert '"pipeline_id":"docs"' in (found := daemon.run("search", words["notes"], "--json").stdout)
    assert '"pipeline_id":"notes"' not in found
    assert daemon.paths_with(words["docs"]) == ["a.txt"]
    assert "not configured" in daemon.log() and "pipeline=notes" in daemon.log()
    assert daemon.stop() == 0
    daemon.config["pipelines"] = [docs, notes]
    daemon.start().wait_until_idle(1, "notes")
    assert daemon.paths_with(words["notes"]) == ["a.txt"]


def test_search_is_narrowed_to_a_directory(library: Daemon) -> None:
    everywhere = {hit["file"]["path"].split("/")[0] for hit in library.search("package", k=100)}
    assert len(everywhere) > 1
    for directory in ("html/", "pdf/debian-pol"):
        hits = library.search("package", path=directory, k=20)
        assert len(hits) == 20 and all(hit["file"]["path"].startswith(directory) for hit in hits)
    assert library.search("package", path="nowhere/") == []
    told = library.run("search", "package", "--path", "markdown/", "--json", "-k", "3")
    assert told.returncode == 0, told.stderr
    assert {hit["file"]["path"].split("/")[0] for hit in json.loads(told.stdout)["hits"]} == {"markdown"}
    assert library.get("/api/search", q="package", path="x" * 5_000).status_code == 400


def test_command_line_finds_what_the_server_finds(library: Daemon) -> None:
    question, answer = QUESTIONS[0]
    result = library.run("search", question, "--json", "-k", "4")
    assert result.returncode == 0, result.stderr
    body = json.loads(result.stdout)
    contract.check_body("search", body)
    assert [hit["file"]["path"] for hit in body["hits"]] == [
        hit["file"]["path"] for hit in library.search(question, k=4)
    ]

    result = library.run("search", question, "-k", "4", "--pipeline", "docs")
    assert result.returncode == 0, result.stderr
    assert answer in result.stdout


def test_command_line_search_works_while_no_daemon_runs(daemon: Daemon) -> None:
    word = documents.rare_word()
    (daemon.folder() / "kept.txt").write_text(documents.note("what is kept", word))
    daemon.start().wait_until_idle(1)
    assert daemon.stop() == 0
    result = daemon.run("search", word)
    assert result.returncode == 0 and "kept.txt" in result.stdout, result.stderr


def test_command_line_search_in_an_unknown_pipeline_fails(library: Daemon) -> None:
    result = library.run("search", "anything", "--pipeline", "nowhere")
    assert result.returncode == 64 and "nowhere" in result.stderr
