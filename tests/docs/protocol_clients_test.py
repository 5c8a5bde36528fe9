"""The clients on the protocol's page talk to whoever answers as the page says that the service does."""

import contextlib
import io
import json
import pathlib
import re
import socket
import threading
import unittest

PAGE = (pathlib.Path(__file__).resolve().parents[2] / "docs/protocol.md").read_text(encoding="utf-8")


def block(language):
    return re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL).group(1)


def answers():
    """What the page says that the service answers, by method."""
    found = {}
    decoder = json.JSONDecoder()
    for text in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL):
        method = None
        while text.strip():
            value, end = decoder.raw_decode(text.strip())
            text = text.strip()[end:]
            if "method" in value:
                method = value["method"]
            else:
                found[method] = value
    return found


class Service(threading.Thread):
    """Answers on a socket what the page says, byte by byte now and then."""

    def __init__(self, end):
        super().__init__()
        self.end = end
        self.asked = []

    def run(self):
        known = answers()
        with self.end, self.end.makefile("rb") as lines:
            for line in lines:
                request = json.loads(line)
                self.asked.append(request)
                answer = json.dumps(known[request["method"]] | {"id": request["id"]}).encode() + b"\n"
                self.end.sendall(answer[:10])
                self.end.sendall(answer[10:])


class Clients(unittest.TestCase):
    def test_python(self):
        """The client in Python says hello and prints the status."""
        service_end, client_end = socket.socketpair()
        service = Service(service_end)
        service.start()
        printed = io.StringIO()
        pipe = client_end.makefile("rwb", buffering=0)
        with contextlib.redirect_stdout(printed):
            exec(block("python"), {"open": lambda name, *_, **__: pipe})
        pipe.close()
        client_end.close()
        service.join()
        self.assertEqual([request["method"] for request in service.asked], ["hello", "status"])
        self.assertEqual(printed.getvalue(), "protected: DocAssist EMR: Backed up 4 hours ago.\n")

    def test_all_speak_the_same(self):
        """The clients in PowerShell and C# open the same pipe and send what the one in Python sends."""
        for language in ("powershell", "csharp"):
            with self.subTest(language=language):
                text = block(language).replace('\\"', '"')
                self.assertIn(r"ProtectedPrefix\Administrators\Holdfast\control", text)
                sent = [json.loads(request) for request in re.findall(r'\{"jsonrpc".*?\}(?=["\'])', text)]
                self.assertEqual([request["method"] for request in sent], ["hello", "status"])
                self.assertEqual(sent[0]["params"], {"protocol": 1})

    def test_ten_lines(self):
        """Each client takes about ten lines."""
        for language in ("powershell", "csharp", "python"):
            with self.subTest(language=language):
                self.assertLessEqual(len(block(language).splitlines()), 13)


if __name__ == "__main__":
    unittest.main()
