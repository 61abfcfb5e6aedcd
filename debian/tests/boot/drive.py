"""Serves the end-to-end tests' fake Drive over TLS, to a service in the machine, whose network this runs with.

usage: python drive.py CERTIFICATE KEY KEY-FILE NAME TEXT

Writes a service account's key file, then prints the address that the configuration names. Ends with its input.
"""

import pathlib
import ssl
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "Tests/EndToEnd"))

from drive.server import DriveServer  # noqa: E402 (found by the path above)


def main() -> None:
    certificate, key, key_file, name, text = sys.argv[1:]
    server = DriveServer(ssl_context=context(certificate, key))
    server.drive.tokens.write_key_file(pathlib.Path(key_file), f"{server.drive.base}/token")
    server.drive.tree.upload(name, text)
    print(server.drive.base, flush=True)
    sys.stdin.read()
    print("\n".join(server.drive.problems), end="", flush=True)
    server.stop()


def context(certificate: str, key: str) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate, key)
    return made


if __name__ == "__main__":
    main()
