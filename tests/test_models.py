"""Weights: the shipped ones cut, altered or missing; the official package downloaded from a small server on this machine."""

import hashlib
import http.server
import json
import threading

import pytest

from coder.parse import ParserError, check_weights, download_official, parser_digest


@pytest.fixture
def weights(tmp_path):
    """A folder of weights with its hashes."""
    (tmp_path / "pos.pt").write_bytes(b"x" * 1000)
    (tmp_path / "MANIFEST.sha256").write_text(hashlib.sha256(b"x" * 1000).hexdigest() + "  pos.pt\n", encoding="utf-8")
    return tmp_path


def test_whole_weights_pass(weights):
    """Nothing is said of weights that are as they were shipped."""
    check_weights(weights)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda f: (f / "pos.pt").write_bytes(b"x" * 999), r"pos.pt is cut or altered: sha256 [0-9a-f]{16}…, expected [0-9a-f]{16}….*reinstall"),
        (lambda f: (f / "pos.pt").unlink(), "missing weights file .*pos.pt .*reinstall"),
        (lambda f: (f / "MANIFEST.sha256").unlink(), "no parser weights in .*reinstall"),
    ],
)
def test_spoilt_weights_are_named(weights, spoil, message):
    """The file, the hashes and the remedy."""
    spoil(weights)
    with pytest.raises(ParserError, match=message):
        check_weights(weights)


def test_other_weights_have_another_digest(weights):
    """So that a parse store knows whose trees it holds."""
    before = parser_digest(weights=weights)
    (weights / "MANIFEST.sha256").write_text("0" * 64 + "  pos.pt\n", encoding="utf-8")
    assert parser_digest(weights=weights) != before


FILES = {name: name.encode() * 50_000 for name in ("tokenize", "mwt", "pos", "lemma", "depparse")}


@pytest.fixture
def server(monkeypatch):
    """A resources server; `server.cut` and `server.wrong` name files that break off or come altered; `server.sent` counts."""
    from stanza._version import __resources_version__

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            name = self.path.rsplit("/", 1)[-1].split(".")[0]
            data = json.dumps(resources).encode() if name.startswith("resources_") else FILES.get(self.path.split("/")[-2], b"")
            kind = self.path.split("/")[-2]
            self.server.sent.append(kind)
            self.send_response(200 if data else 404)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: len(data) // 2] if kind in self.server.cut else data[::-1] if kind in self.server.wrong else data)

        def log_message(self, *args):
            pass

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.cut, httpd.wrong, httpd.sent = set(), set(), []
    httpd.address = f"http://127.0.0.1:{httpd.server_port}"
    resources = {
        "ar": {
            "lang_name": "Arabic",
            "packages": {"default": dict.fromkeys(FILES, "news")},
            "default_processors": dict.fromkeys(FILES, "news"),
            **{name: {"news": {"md5": hashlib.md5(data).hexdigest()}} for name, data in FILES.items()},
        },
        "url": httpd.address + "/{resources_version}/{lang}/{filename}",
    }
    assert __resources_version__
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield httpd
    httpd.shutdown()


@pytest.mark.parser
def test_the_official_package_is_downloaded(server, tmp_path):
    """Every file lies where Stanza looks for it."""
    download_official(server.address, tmp_path)
    assert {p.parent.name: p.read_bytes() for p in (tmp_path / "ar").rglob("*.pt")} == FILES


@pytest.mark.parser
@pytest.mark.parametrize(
    ("kind", "message"), [("cut", "broke off.*again: files that are whole are kept"), ("wrong", "broken: md5 for .*pos.* expected")]
)
def test_a_broken_download_is_told_and_resumed(server, tmp_path, kind, message):
    """The message says what broke; the next run fetches only what is not whole."""
    getattr(server, kind).add("pos")
    with pytest.raises(ParserError, match=message):
        download_official(server.address, tmp_path)
    getattr(server, kind).clear()
    done = [name for name in server.sent if name in FILES]
    server.sent.clear()
    download_official(server.address, tmp_path)
    again = [name for name in server.sent if name in FILES]
    assert "pos" in again and not set(again) & set(done) - {"pos"}
    assert {p.parent.name: p.read_bytes() for p in (tmp_path / "ar").rglob("*.pt")} == FILES


@pytest.mark.parser
def test_a_server_that_is_not_there_is_told(tmp_path):
    """No connection: a message, no traceback."""
    with pytest.raises(ParserError, match="broke off"):
        download_official("http://127.0.0.1:9", tmp_path)
