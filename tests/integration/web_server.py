# SPDX-License-Identifier: Apache-2.0
"""A server on loopback for import's tests: files of a folder, and what a server may do wrong. With
a certificate and its key it speaks TLS. Prints its port."""
import http.server
import os
import ssl
import sys
import time

FOLDER = sys.argv[1]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked = 0

    def answer(self, code, body=b"", **headers):
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        kind, name = self.path.split("?")[0].strip("/").split("/", 1)
        if kind == "files":
            with open(os.path.join(FOLDER, os.path.basename(name)), "rb") as f:
                self.answer(200, f.read())
        elif kind == "moved":
            self.answer(302, Location="/files/" + name)
        elif kind == "loop":
            self.answer(302, Location=self.path)
        elif kind == "file":
            self.answer(302, Location="file:///etc/hostname")
        elif kind == "endless":
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"1, 2, 3, 4, 5, 6, 7, 8, 9, 10\n" * 2000)
            except OSError:
                pass
            self.close_connection = True
        elif kind == "stall":
            Handler.asked += 1
            if Handler.asked == 3:
                time.sleep(1.2)
            self.answer(200, b"node_intr_total %d\n" % (100 * Handler.asked))
        elif kind == "nonsense":
            self.answer(200, b"# HELP x\n<html>\n")
        elif kind == "strange":
            self.answer(200, b'up{job="a b",x="\\""} 1 1700000000000\n')
        else:
            self.answer(404)

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
