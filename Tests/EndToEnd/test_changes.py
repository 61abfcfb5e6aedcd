"""What happens to files shows in what can be found."""

from collections.abc import Callable
from pathlib import Path

import documents
from daemon import Daemon
from recorder import Recorder
from waiting import eventually

Connect = Callable[..., Recorder]


def write(path: Path, about: str) -> str:
    """Writes a note with a word of its own, and returns that word."""
    word = documents.rare_word()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(documents.note(about, word))
    return word


def wait_for_search(daemon: Daemon, word: str, *paths: str) -> None:
    eventually(lambda: daemon.paths_with(word) == list(paths), f"'{word}' is found in {paths}")


def test_changed_file_is_found_by_its_new_content_only(shared: Daemon, connect: Connect) -> None:
    client, path = connect(shared), shared.folder() / "changes" / "edited.txt"
    old = write(path, "what was")
    file = client.wait_for_completion("changes/edited.txt").file
    assert shared.paths_with(old) == ["changes/edited.txt"]
    client.clear()

    new = write(path, "what is")
    assert client.wait_for_completion("changes/edited.txt").file == file, "an edit keeps the id"
    assert shared.paths_with(new) == ["changes/edited.txt"]
    assert shared.paths_with(old) == []


def test_file_replaced_as_editors_do_is_found_by_its_new_content_only(shared: Daemon, connect: Connect) -> None:
    client, path = connect(shared), shared.folder() / "changes" / "replaced.md"
    old = write(path, "the draft")
    client.wait_for_completion("changes/replaced.md")
    new = documents.rare_word()
    documents.replace_atomically(path, documents.note("the final text", new))
    wait_for_search(shared, new, "changes/replaced.md")
    wait_for_search(shared, old)


def test_unchanged_content_is_not_processed_again(shared: Daemon, connect: Connect) -> None:
    client, path = connect(shared), shared.folder() / "changes" / "touched.txt"
    write(path, "the same")
    file = client.wait_for_completion("changes/touched.txt").file
    skipped = shared.status("docs")["total_skipped"]
    path.write_bytes(path.read_bytes())
    eventually(lambda: shared.status("docs")["total_skipped"] > skipped, "the file is looked at and skipped")
    assert len(client.events("file:processing", file=file)) == 1


def test_deleted_file_is_gone(shared: Daemon, connect: Connect) -> None:
    client, path = connect(shared), shared.folder() / "changes" / "deleted.txt"
    word = write(path, "things that go")
    end = client.wait_for_completion("changes/deleted.txt")
    removed_before = shared.status("docs")["total_removed"]
    path.unlink()
    removal = client.wait_for("file:removed", lambda event: event.file == end.file)
    assert removal.payload["chunks_removed"] == end.payload["results"]["chunks_created"]
    assert shared.paths_with(word) == []
    assert shared.status("docs")["total_removed"] >= removed_before + 1


def test_renamed_file_is_found_under_its_new_name(shared: Daemon, connect: Connect) -> None:
    client, path = connect(shared), shared.folder() / "changes" / "before.txt"
    word = write(path, "names")
    client.wait_for_completion("changes/before.txt")
    path.rename(path.with_name("after.txt"))
    wait_for_search(shared, word, "changes/after.txt")


def test_renamed_directory_takes_its_files_along(shared: Daemon, connect: Connect) -> None:
    client, old = connect(shared), shared.folder() / "changes" / "old-place"
    words = {name: write(old / name, name) for name in ("a.txt", "deep/b.txt")}
    for name in words:
        client.wait_for_completion(f"changes/old-place/{name}")
    old.rename(old.with_name("new-place"))
    for name, word in words.items():
        wait_for_search(shared, word, f"changes/new-place/{name}")


def test_directory_moved_in_is_read_and_moved_out_is_forgotten(
    shared: Daemon, connect: Connect, tmp_path: Path
) -> None:
    client, outside = connect(shared), tmp_path / "moved"
    words = {name: write(outside / name, name) for name in ("a.txt", "deep/er/b.md", "deep/c.txt")}
    inside = shared.folder() / "changes" / "moved"
    inside.parent.mkdir(exist_ok=True)
    outside.rename(inside)
    for name, word in words.items():
        client.wait_for_completion(f"changes/moved/{name}")
        assert shared.paths_with(word) == [f"changes/moved/{name}"]

    inside.rename(outside)
    for name, word in words.items():
        file = client.id_of(f"changes/moved/{name}")
        client.wait_for("file:removed", lambda event: event.file == file)
        assert shared.paths_with(word) == []


def test_file_in_a_new_subdirectory_is_noticed(shared: Daemon, connect: Connect) -> None:
    client = connect(shared)
    for depth in range(1, 6):
        path = Path("changes", *[f"level{number}" for number in range(depth)], "leaf.txt")
        word = write(shared.folder() / path, f"depth {depth}")
        client.wait_for_completion(str(path))
        assert shared.paths_with(word) == [str(path)]


def test_file_that_grows_ends_with_its_last_content(shared: Daemon, connect: Connect) -> None:
    client, path = connect(shared), shared.folder() / "changes" / "growing.txt"
    path.parent.mkdir(exist_ok=True)
    last = ""
    with open(path, "w") as file:
        for number in range(40):
            last = documents.rare_word()
            file.write(f"Line {number} of the log says {last}.\n")
            file.flush()
    client.wait_for_completion("changes/growing.txt")
    wait_for_search(shared, last, "changes/growing.txt")


def test_symbolic_link_out_of_the_folder_is_not_followed(shared: Daemon, connect: Connect, tmp_path: Path) -> None:
    client = connect(shared)
    secret = write(tmp_path / "secret.txt", "what stays outside")
    folder = shared.folder() / "links"
    folder.mkdir()
    (folder / "file-link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "directory-link").symlink_to(tmp_path)
    write(folder / "real.txt", "what is inside")
    client.wait_for_completion("links/real.txt")
    assert shared.paths_with(secret) == []


def test_include_and_exclude_decide_what_is_read(make_daemon: Callable[..., Daemon], connect: Connect) -> None:
    daemon = make_daemon()
    daemon.config["pipelines"][0].update(include=["**/*.md", "**/*.txt"], exclude=["drafts/**", "**/*.tmp.txt"])
    names = ["a.md", "b.txt", "sub/c.md", "a.html", "drafts/d.md", "sub/e.tmp.txt"]
    words = {name: write(daemon.folder() / name, name) for name in names}
    daemon.start()
    daemon.wait_until_idle(3)
    words["late.md"] = write(daemon.folder() / "late.md", "late")
    words["drafts/late.md"] = write(daemon.folder() / "drafts" / "late.md", "late, and a draft")
    daemon.wait_until_idle(4)
    found = {name for name, word in words.items() if daemon.paths_with(word)}
    assert found == {"a.md", "b.txt", "sub/c.md", "late.md"}
