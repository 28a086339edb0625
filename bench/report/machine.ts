import * as os from "node:os";

/** Describes the machine of a benchmark: processors, memory, version of Node. */
export function machineText(): string {
    return `${hardwareText()}, Node ${process.version}`;
}

/** Describes the processors and the memory of this machine. */
export function hardwareText(): string {
    const gibibytes = Math.round(os.totalmem() / 2 ** 30);
    return `${os.cpus().length} processors, ${gibibytes} GiB`;
}
