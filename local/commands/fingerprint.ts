import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import type { WorldLayout } from "../world/services/layout";
import { runningRecords } from "../world/services/records";

/** Hashes of all inputs of a start; undefined equals no value, not even itself. */
export interface Inputs {
    /** Hash of the repository's files outside folders that git ignores; undefined when the stack may read others. */
    sources: string | undefined;
    /** Hash of the installed npm packages. */
    packages: string | undefined;
    /** Hash of environment, Node and the certificates that the machine trusts. */
    environment: string | undefined;
}

/** Hashes of all results of a start that later starts rely on, as in Inputs. */
export interface Results {
    tools: string | undefined;
    /** Hash of the services' processes and addresses. */
    services: string | undefined;
    /** Hash of the emulated account's number of answered requests: an account without requests has not changed. */
    account: string | undefined;
    /** Hash of the stack's state, locks and settings. */
    stack: string | undefined;
}

/** Variables of terminals, shells and npm, which influence no start. Any other changed variable only costs a whole start. */
const harmless =
    /^(npm_.*|INIT_CWD|PWD|OLDPWD|SHLVL|_|COLOR|COLORTERM|COLUMNS|LINES|TERM.*|DEBUG|NO_COLOR|FORCE_COLOR|CLICOLOR.*|LS_COLORS|SSH_.*|TMUX.*|STY|WINDOW.*|VSCODE_.*)$/;

/** Reads the inputs of a start. @param certificates file of the certificates that the machine trusts */
export function readInputs(root: string, world: string, environment: NodeJS.ProcessEnv, certificates: string): Inputs {
    const variables = Object.entries(environment).filter(([name]) => !harmless.test(name));
    return {
        sources: hashOfSources(root, world),
        packages: hashOfFile(path.join(root, "node_modules", ".package-lock.json")),
        environment: hash(variables.sort(), process.version, process.execPath, hashOfFile(certificates) ?? ""),
    };
}

/** Reads the results of a start. @param tools paths of its tools */
export async function readResults(layout: WorldLayout, tools: string[]): Promise<Results> {
    const log = fs.statSync(path.join(layout.gatewayState, "access.log"), { throwIfNoEntry: false });
    const described = [layout.services, path.join(layout.run, "container-host.json")].map(hashOfFile);
    const pulumi = path.join(layout.folder, "pulumi");
    return {
        tools: hash(tools.map(identityOf)),
        services: hash(await runningRecords(layout), described),
        account: log && hash(log.ino, log.size),
        stack: hash(
            ...["stacks", "locks"].map((name) => entriesBelow(path.join(layout.state, ".pulumi", name))),
            ...["Pulumi.yaml", "Pulumi.local.yaml", "passphrase"].map((name) => hashOfFile(path.join(pulumi, name))),
        ),
    };
}

/** Lists the names of the hashes that differ or are unknown. */
export function differences<T extends Inputs | Results>(before: T, now: T): string[] {
    const names = Object.keys(now) as (keyof T & string)[];
    return names.filter((name) => now[name] === undefined || before[name] !== now[name]);
}

function hash(...parts: unknown[]): string {
    return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

function hashOfFile(file: string): string | undefined {
    const isFile = fs.statSync(file, { throwIfNoEntry: false })?.isFile();
    return isFile ? createHash("sha256").update(fs.readFileSync(file)).digest("hex") : undefined;
}

/** Identifies a tool by its file's metadata: its content is too big to read, and only an installation writes it. */
function identityOf(file: string): unknown[] {
    const status = fs.statSync(file, { throwIfNoEntry: false });
    return [file, status?.ino, status?.size, status?.mtimeMs, status?.ctimeMs];
}

/** Test that accepts a path inside the root and outside of folders that git ignores. */
type IsSeen = (file: string) => boolean;

function hashOfSources(root: string, world: string): string | undefined {
    const ignored = fs.readFileSync(path.join(root, ".gitignore"), "utf8").split("\n");
    const folders = [".git/", ...ignored.filter((line) => line.endsWith("/"))].map((name) => path.join(root, name));
    const unseen = [...folders, world + path.sep];
    const isSeen: IsSeen = (file) =>
        `${file}/`.startsWith(root + path.sep) && !unseen.some((folder) => `${file}/`.startsWith(folder));
    if (!settingsOf(root).every((file) => isSeen(file) || !fs.existsSync(file))) return undefined;
    const entries = entry(root, root, isSeen);
    return entries.includes(undefined) ? undefined : hash(entries);
}

/**
 * Lists path, mode and content of a file, folder or link, and of all accepted entries below it. Undefined for a link to a path outside,
 * whose changes would stay unnoticed.
 */
function entry(file: string, root: string, isSeen: IsSeen): (string | undefined)[] {
    const status = fs.lstatSync(file);
    const name = `${path.relative(root, file)} ${status.mode}`;
    if (status.isDirectory()) {
        const names = fs.readdirSync(file).sort();
        const below = names.map((one) => path.join(file, one)).filter(isSeen);
        return [name, ...below.flatMap((one) => entry(one, root, isSeen))];
    }
    if (status.isFile()) return [`${name} ${hashOfFile(file)}`];
    if (!status.isSymbolicLink()) return [name];
    const target = path.resolve(path.dirname(file), fs.readlinkSync(file));
    return [isSeen(target) ? `${name} ${target}` : undefined];
}

function entriesBelow(folder: string): (string | undefined)[] {
    return fs.existsSync(folder) ? entry(folder, folder, () => true) : [];
}

/** Lists all texts in the stack's settings, since some of them are paths. */
function settingsOf(root: string): string[] {
    const files = ["Pulumi.yaml", "Pulumi.local.yaml"].map((name) => path.join(root, name));
    return files
        .flatMap((file) => textsOf(parse(fs.readFileSync(file, "utf8"))))
        .map((text) => path.resolve(root, text));
}

function textsOf(value: unknown): string[] {
    if (typeof value === "string") return [value];
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
