import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { debianPackages, libraryPath } from "../../local/world/toolchain";
import { freePort } from "./ministack";

/** MariaDB server of a test, with one empty database and one user who may do everything in it. */
export interface Mariadb {
    /** Port of 127.0.0.1. */
    port: number;
    /** Name of the database. */
    database: string;
    /** Name of the user. */
    user: string;
    /** Password of the user, different in each run. */
    password: string;
    /** Starts the server again after pause(), with its data. */
    resume(): Promise<void>;
    /** Ends the server; its data stay. */
    pause(): Promise<void>;
    /** Ends the server and removes its files. */
    stop(): Promise<void>;
}

/** Time limit of a start or a stop, in milliseconds. */
const deadlineMilliseconds = 60_000;

/**
 * Starts a private MariaDB server on a free port of 127.0.0.1 with its files in a temporary folder.
 * The program is `mariadbd` of PATH, or that of Debian's package, unpacked without being installed.
 *
 * @throws Error with the server's output when it does not start
 */
export async function startMariadb(): Promise<Mariadb> {
    const program = await findProgram();
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), "mariadb-"));
    const server = new Server(program, folder, await freePort(), randomBytes(12).toString("hex"));
    try {
        await server.initialise();
        await server.resume();
    } catch (error) {
        await server.stop();
        throw error;
    }
    return server;
}

/** Program of the server, with its needs. */
interface Program {
    executable: string;
    /** Folder above share/, with the program and its SQL scripts. */
    baseDirectory: string;
    environment: NodeJS.ProcessEnv;
}

async function findProgram(): Promise<Program> {
    const installed = spawnSync("mariadbd", ["--version"]);
    if (installed.status === 0) return { executable: "mariadbd", baseDirectory: "/usr", environment: process.env };
    const root = await debianPackages("mariadb", ["mariadb-server-core"], (line) => console.log(`    ${line}`));
    return {
        executable: path.join(root, "usr/sbin/mariadbd"),
        baseDirectory: path.join(root, "usr"),
        environment: { ...process.env, LD_LIBRARY_PATH: await libraryPath(root) },
    };
}

class Server implements Mariadb {
    readonly database = "inventory";
    readonly user = "inventory";
    private child: ChildProcess | undefined;

    constructor(
        private readonly program: Program,
        private readonly folder: string,
        readonly port: number,
        readonly password: string,
    ) {}

    /** Creates the system tables, as mariadb-install-db does, and the script that creates database and user. */
    async initialise(): Promise<void> {
        const scripts = ["mysql_system_tables.sql", "mysql_performance_tables.sql", "mysql_system_tables_data.sql"];
        const shared = path.join(this.program.baseDirectory, "share/mysql");
        const texts = await Promise.all(scripts.map((name) => fs.readFile(path.join(shared, name), "utf8")));
        await fs.mkdir(path.join(this.folder, "data"));
        const child = this.spawn(["--bootstrap", "--skip-grant-tables"]);
        const output = collectOutput(child);
        child.stdin?.end(["CREATE DATABASE mysql;", "USE mysql;", ...texts].join("\n"));
        const [exitCode] = (await once(child, "exit")) as [number | null];
        if (exitCode !== 0) throw new Error(`MariaDB's system tables could not be created: ${output()}`);

        const statements = [
            `CREATE DATABASE IF NOT EXISTS ${this.database} CHARACTER SET utf8mb4;`,
            `CREATE USER IF NOT EXISTS '${this.user}'@'%' IDENTIFIED BY '${this.password}';`,
            `GRANT ALL ON ${this.database}.* TO '${this.user}'@'%';`,
        ];
        await fs.writeFile(path.join(this.folder, "init.sql"), statements.join("\n"), { mode: 0o600 });
    }

    async resume(): Promise<void> {
        const child = this.spawn([
            `--port=${this.port}`,
            "--bind-address=127.0.0.1",
            "--skip-name-resolve",
            `--init-file=${path.join(this.folder, "init.sql")}`,
        ]);
        this.child = child;
        const output = collectOutput(child);
        for (const deadline = Date.now() + deadlineMilliseconds; !(await greets(this.port)); await delay(50)) {
            if (child.exitCode !== null || Date.now() > deadline) throw new Error(`MariaDB did not start: ${output()}`);
        }
    }

    async pause(): Promise<void> {
        const { child } = this;
        if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
        child.kill("SIGTERM");
        const killTimer = setTimeout(() => child.kill("SIGKILL"), deadlineMilliseconds);
        await once(child, "exit");
        clearTimeout(killTimer);
    }

    async stop(): Promise<void> {
        await this.pause();
        await fs.rm(this.folder, { recursive: true, force: true });
    }

    private spawn(args: string[]): ChildProcess {
        const { executable, baseDirectory, environment } = this.program;
        const common = [
            "--no-defaults",
            `--user=${os.userInfo().username}`,
            `--basedir=${baseDirectory}`,
            `--datadir=${path.join(this.folder, "data")}`,
            `--socket=${path.join(this.folder, "socket")}`,
            `--pid-file=${path.join(this.folder, "pid")}`,
            "--innodb-buffer-pool-size=16M",
            "--innodb-log-file-size=8M",
            "--innodb-flush-log-at-trx-commit=0",
        ];
        return spawn(executable, [...common, ...args], { env: environment, stdio: ["pipe", "pipe", "pipe"] });
    }
}

function collectOutput(child: ChildProcess): () => string {
    let output = "";
    child.once("error", (error) => (output += error.message));
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (output += String(chunk)));
    return () => output.trim();
}

/** Tells whether the server sends its greeting, which it does once its initial script has run. */
async function greets(port: number): Promise<boolean> {
    const socket = net.connect({ port, host: "127.0.0.1", timeout: 2000 });
    try {
        return await new Promise<boolean>((resolve) => {
            socket.once("data", () => resolve(true));
            for (const event of ["error", "close", "timeout"]) socket.once(event, () => resolve(false));
        });
    } finally {
        socket.destroy();
    }
}
