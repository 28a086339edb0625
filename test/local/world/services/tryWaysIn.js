// Becomes the user that the argument names and tries what standard input lists; prints `in: …` or `out: …` for each.
"use strict";
const fs = require("node:fs");
const http = require("node:http");
const http2 = require("node:http2");
const net = require("node:net");

const user = Number(process.argv[2]);
const { knocks, ports, sockets, files, processes } = JSON.parse(fs.readFileSync(0, "utf8"));
process.setgroups([]);
process.setgid(user);
process.setuid(user);

const tells = (what, isIn) => console.log(`${isIn ? "in" : "out"}: ${what}`);

/** Whether something can be done at all. */
const can = (act) => {
    try {
        act();
        return true;
    } catch {
        return false;
    }
};

const reaches = (emitter, event) =>
    new Promise((resolve) => {
        emitter.once(event, () => resolve(true));
        for (const end of ["error", "close"]) emitter.once(end, () => resolve(false));
    });

/** Whether a request is answered with success. */
const isServed = ({ method, url, headers, body }) =>
    new Promise((resolve, reject) => {
        const request = http.request(url, { method, headers }, (answer) => {
            answer.resume();
            resolve(answer.statusCode < 400);
        });
        request.on("error", reject);
        request.end(body);
    });

async function main() {
    for (const knock of knocks) tells(knock.what, await isServed(knock));
    for (const port of ports) {
        const session = http2.connect(`http://127.0.0.1:${port}`);
        tells(`port ${port}`, await reaches(session, "remoteSettings"));
        session.destroy();
    }
    for (const socket of sockets) {
        const connection = net.connect(socket);
        tells(socket, await reaches(connection, "connect"));
        connection.destroy();
    }
    for (const file of files)
        tells(
            file,
            can(() => fs.statSync(file)),
        );
    for (const pid of processes) {
        for (const name of ["environ", "mem", "fd"]) {
            const file = `/proc/${pid}/${name}`;
            tells(
                file,
                can(() => (name === "fd" ? fs.readdirSync(file) : fs.closeSync(fs.openSync(file)))),
            );
        }
    }
}

main().catch((error) => {
    console.error(error);
    process.exitCode = 1;
});
