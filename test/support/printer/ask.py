"""Starts the application by the command START (JSON), waits until it is healthy, and writes its receipt to a file."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request

ADDRESS = "http://127.0.0.1:9000"


def is_healthy():
    try:
        with urllib.request.urlopen(f"{ADDRESS}/healthz") as answer:
            return answer.status == 200
    except urllib.error.URLError:
        return False


application = subprocess.Popen(json.loads(os.environ["START"]))
deadline = time.monotonic() + 60
while not is_healthy():
    if application.poll() is not None or time.monotonic() > deadline:
        sys.exit(f"the application is not healthy; its exit code is {application.poll()}")
    time.sleep(0.1)
with urllib.request.urlopen(f"{ADDRESS}/receipts/7.pdf?payer=Ann") as answer, open(sys.argv[1], "wb") as file:
    file.write(answer.read())
application.terminate()
application.wait()
