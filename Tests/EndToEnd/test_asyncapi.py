"""The description of the live events, held against what really comes."""

from collections.abc import Callable
from pathlib import Path

import documents
from daemon import Daemon
from jsonschema import Draft202012Validator
from recorder import Recorder


def test_every_event_that_comes_is_described(
    daemon: Daemon, corpus: Path, connect: Callable[..., Recorder]
) -> None:
    daemon.config["server"]["heartbeat_interval"] = "1s"
    daemon.start()
    client = connect(daemon, "/pipeline", "/local_files")
    (daemon.folder() / "good.txt").write_text(documents.note("what goes well"))
    (daemon.folder() / "bad.pdf").write_bytes(documents.damaged_pdf(corpus / "pdf/fhs.pdf"))
    client.wait_for_completion("good.txt")
    client.wait_for_failure("bad.pdf")
    (daemon.folder() / "good.txt").unlink()
    for name in ["file:removed", "heartbeat", "status:update"]:
        client.wait_for(name, lambda event: event.namespace == "/pipeline")
    description = daemon.get("/asyncapi.json").json()
    assert daemon.stop() == 0
    client.wait_for_goodbye()

    seen = set()
    for event in client.events():
        channel = description["channels"][event.namespace.removeprefix("/")]
        assert channel["address"] == event.namespace
        key = event.name.replace(":", ".")
        assert channel["messages"][key] == {"$ref": f"#/components/messages/{key}"}
        message = description["components"]["messages"][key]
        assert message["name"] == event.name
        schema = {**message["payload"], "components": description["components"]}
        problems = [f"{error.json_path}: {error.message}" for error in
                    Draft202012Validator(schema).iter_errors(event.payload)]
        assert problems == [], event
        seen.add(event.name)
    # What a daemon says when it begins is over before anybody can listen.
    described = {message["name"] for message in description["components"]["messages"].values()}
    assert seen >= described - {"pipeline:online"}, described - seen
