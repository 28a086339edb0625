import * as fs from "node:fs";
import type * as net from "node:net";
import * as os from "node:os";

/** State of an established connection (include/net/tcp_states.h, TCP_ESTABLISHED). */
const established = "01";

/**
 * Tells whether a connection on this machine comes from a process of this user that runs outside of containers. The kernel knows the user
 * of the connection's other end, and the process that holds it.
 *
 * @see proc(5), /proc/net/tcp and /proc/<pid>/fd; pid_namespaces(7)
 */
export function isOwnConnection(connection: net.Socket): boolean {
    const { remoteAddress = "", remotePort = 0, localAddress = "", localPort = 0 } = connection;
    const ends = [tableAddress(remoteAddress, remotePort), tableAddress(localAddress, localPort)];
    const rows = fs.readFileSync("/proc/net/tcp", "utf8").split("\n");
    const row = rows
        .map((line) => line.trim().split(/\s+/))
        .find(([, from, to, state]) => from === ends[0] && to === ends[1] && state === established);
    const [user, inode] = [row?.[7], row?.[9]];
    return user === String(process.getuid?.()) && ownProcesses().some((pid) => holdsSocket(pid, inode ?? ""));
}

/** Formats an address and port as in /proc/net/tcp: hexadecimal, the address in the order of the processor's bytes. */
function tableAddress(address: string, port: number): string {
    const bytes = Buffer.from(address.split(".").map(Number));
    if (os.endianness() === "LE") bytes.reverse();
    const hexPort = port.toString(16).padStart(4, "0");
    return `${bytes.toString("hex")}:${hexPort}`.toUpperCase();
}

/** Lists processes that see the same processes as this one; processes of containers see only their own. */
function ownProcesses(): string[] {
    const own = linkTarget("/proc/self/ns/pid");
    const all = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    return all.filter((pid) => linkTarget(`/proc/${pid}/ns/pid`) === own);
}

function holdsSocket(pid: string, inode: string): boolean {
    const folder = `/proc/${pid}/fd`;
    return entries(folder).some((name) => linkTarget(`${folder}/${name}`) === `socket:[${inode}]`);
}

/** Reads the target of a link; undefined when the process has ended or belongs to another user. */
function linkTarget(link: string): string | undefined {
    try {
        return fs.readlinkSync(link);
    } catch {
        return undefined;
    }
}

/** Lists the entries of a folder; none when the process has ended or belongs to another user. */
function entries(folder: string): string[] {
    try {
        return fs.readdirSync(folder);
    } catch {
        return [];
    }
}
