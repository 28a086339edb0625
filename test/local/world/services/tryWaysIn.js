// Becomes the user that the argument names and tries what standard input lists; prints `in: …` or `out: …` for each.
"use strict";
const fs = require("node:fs");
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

async function main() {
    for (const { what, method, url, headers, body } of knocks) {
        const answer = await fetch(url, { method, headers, body: method === "POST" ? body : undefined });
        tells(what, answer.ok);
    }
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
