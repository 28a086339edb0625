import * as path from "node:path";
import { toolsDirectory } from "../../paths";
import { type ContainerTools, findContainerTools } from "./containerTools";
import { pinsDirectory, type ToolFolders } from "./context";
import { unpackedPackages } from "./debianPackages";
import { ensureDebianTools, type DebianTools } from "./debianTools";
import { startGoTools, type GoTools } from "./goTools";
import { type Promised, settled } from "./parallel";
import { ensurePythonTools, type PythonTools } from "./pythonTools";
import type { Report } from "./report";
import { openToolContext, openToolSession, type ToolSession } from "./session";
import { storeDirectory } from "./store";

/** Absolute paths of everything that the offline world runs besides containers. */
export interface Toolchain extends GoTools, PythonTools, DebianTools {
    /** Folder whose bin/pulumi is `pulumi`, as the Automation API wants it. */
    pulumiRoot: string;
}

/** Promises of a Toolchain's tools, each resolved as soon as the tool is ready. */
interface StartedTools extends Promised<GoTools> {
    python: Promise<PythonTools>;
    debian: Promise<DebianTools>;
    /** Promise of all tools; after a failure it rejects when the others have ended, too. */
    all: Promise<Toolchain>;
}

/** Promises of tools. Nobody has to handle a rejection. */
export interface StartedToolchain extends StartedTools {
    /** Promise of the tools that run containers. Its failure does not affect the others; their failure ends it. */
    containers: Promise<ContainerTools>;
}

/** Makes the folders of this clone and this person. */
export const ownFolders = (): ToolFolders => ({ toolsDirectory, pinsDirectory, storeDirectory: storeDirectory() });

/**
 * Begins to find the tools on this machine, and to build and install the missing ones below .tools/. This process holds the folder until
 * all of them are ready. The failure of one aborts the others.
 *
 * @param report function that takes a sentence before each slow step
 * @param signal signal that stops the work; finished tools stay
 * @returns promises that reject with one sentence that names the remedy when a tool cannot be provided, or with the signal's reason
 */
export function startToolchain(report: Report, signal?: AbortSignal, folders = ownFolders()): StartedToolchain {
    const session = openToolSession(folders, report, signal);
    const tools = startTools(session);
    const needs = { debian: tools.debian, compiler: tools.all };
    const containers = session.beginOptional((context) => findContainerTools(context, needs));
    return { ...tools, containers: saved(session, containers) };
}

/**
 * Finds or installs the tools as startToolchain() does, without those for containers, and waits for them.
 *
 * @throws one sentence that names the remedy when a tool cannot be provided; the signal's reason when aborted
 */
export async function ensureToolchain(
    report: Report,
    signal?: AbortSignal,
    folders = ownFolders(),
): Promise<Toolchain> {
    return startTools(openToolSession(folders, report, signal)).all;
}

/**
 * Finds or installs the tools that run containers, as startToolchain() does, and waits for them.
 *
 * @throws one sentence when they cannot be provided; the signal's reason when aborted
 */
export async function ensureContainerTools(
    report: Report,
    signal?: AbortSignal,
    folders = ownFolders(),
): Promise<ContainerTools> {
    const session = openToolSession(folders, report, signal);
    const needs = { debian: session.begin(ensureDebianTools), compiler: Promise.resolve() };
    return saved(
        session,
        session.begin((context) => findContainerTools(context, needs)),
    );
}

/**
 * Fetches Debian packages, with those of their dependencies that the machine lacks, and unpacks them, once for all clones of a person. The
 * system stays unchanged, and no package script runs.
 *
 * @param name name of the folder, one set of packages each
 * @param packages the packages' names
 * @returns the absolute folder that they are unpacked in, with usr/ etc. below it; see libraryPath() for running them
 * @throws one sentence when there is no apt-get, no such package, no network, or the disk is full
 */
export async function debianPackages(
    name: string,
    packages: string[],
    report: Report,
    signal?: AbortSignal,
): Promise<string> {
    return unpackedPackages({ name, packages }, await openToolContext(ownFolders(), report, signal));
}

function startTools(session: ToolSession): StartedTools {
    const go = startGoTools(session.begin);
    const python = session.begin(ensurePythonTools);
    const debian = session.begin(ensureDebianTools);
    const all = session.finish([...Object.values<Promise<unknown>>({ ...go }), python, debian]).then(async () => {
        const tools = { ...(await settled(go)), ...(await python), ...(await debian) };
        return { ...tools, pulumiRoot: path.dirname(path.dirname(tools.pulumi)) };
    });
    all.catch(() => undefined);
    return { ...go, python, debian, all };
}

function saved<T>(session: ToolSession, task: Promise<T>): Promise<T> {
    const finished = session.finish([task]).then(() => task);
    finished.catch(() => undefined);
    return finished;
}
