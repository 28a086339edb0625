"""Runs the AWS CLI for tests that call it hundreds of times: loaded once, forked for each call.

Listens on the Unix socket of its argument. The client beside it sends its arguments, folder and environment, and its three
standard files; the answer is the exit code.
"""

import array
import json
import os
import signal
import socket
import sys
import traceback

import awscli.clidriver


def serve(connection, driver):
    size = array.array("i").itemsize
    message, ancillary, _, _ = connection.recvmsg(1 << 20, socket.CMSG_LEN(3 * size))
    while not message.endswith(b"\n"):
        message += connection.recv(1 << 20)
    files = array.array("i")
    files.frombytes(ancillary[0][2][: 3 * size])
    request = json.loads(message)
    child = os.fork()
    if child == 0:
        for number, file in enumerate(files):
            os.dup2(file, number)
        os.chdir(request["folder"])
        # awscli puts the folder of its data there when it is loaded.
        data_path = os.environ["AWS_DATA_PATH"]
        os.environ.clear()
        os.environ.update(request["environment"], AWS_DATA_PATH=data_path)
        code = 255
        try:
            code = driver.main(request["arguments"])
        except SystemExit as end:
            code = end.code or 0
        except BaseException:
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    for file in files:
        os.close(file)
    _, status = os.waitpid(child, 0)
    connection.sendall(bytes([os.waitstatus_to_exitcode(status) & 255]))


def loaded_driver():
    """The CLI with what every call would load again; credentials and settings are read after the fork."""
    driver = awscli.clidriver.create_clidriver()
    loader = driver.session.get_component("data_loader")
    for service in ["ecr", "ecs", "lambda", "ssm", "s3", "secretsmanager"]:
        for part in ["service-2", "endpoint-rule-set-1", "paginators-1"]:
            loader.load_service_model(service, part)
    for name in ["cli", "partitions", "endpoints", "sdk-default-configuration"]:
        loader.load_data(name)
    return driver


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    driver = loaded_driver()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(sys.argv[1])
    listener.listen(16)
    print("ready", flush=True)
    while True:
        connection, _ = listener.accept()
        # A process for each caller, so that one that waits does not hold up the others.
        if os.fork() == 0:
            listener.close()
            with connection:
                serve(connection, driver)
            os._exit(0)
        connection.close()
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass


main()
