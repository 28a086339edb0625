"""The AWS CLI as tests call it; see server.py."""

import array
import json
import os
import socket
import sys

connection = socket.socket(socket.AF_UNIX)
connection.connect(os.environ["AWS_CLI_SERVER"])
request = {"arguments": sys.argv[1:], "folder": os.getcwd(), "environment": dict(os.environ)}
files = array.array("i", [0, 1, 2])
data = json.dumps(request).encode() + b"\n"
sent = connection.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, files)])
connection.sendall(data[sent:])
answer = connection.recv(1)
sys.exit(answer[0] if answer else 255)
