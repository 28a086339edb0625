import type { Layout } from "./sources";

/** Operations that are measured. */
export const operations = {
    "mocked preview": "the whole program, evaluated as for a preview by Pulumi's mocks in place of the engine",
    preview: "`pulumi preview` of a stack that does not exist yet, with the real engine and providers",
    up: "`pulumi up` of that stack: everything is created, each image is built and pushed",
    "preview, no changes": "`pulumi preview` of the stack afterwards",
} as const;

/** One of {@link operations}. */
export type Operation = keyof typeof operations;

/** Measurement to make, in a process of its own. */
export interface Task {
    operation: Operation;
    /** Number of images. */
    images: number;
    layout: Layout;
    /** Folder of the sources (absolute), and name of the stack. */
    folder: string;
    stackName: string;
}

/** Cost of an operation. */
export interface Measurement {
    /** Wall seconds, loading the program included. */
    seconds: number;
    /** Peak of resident memory of the process that runs the program, in MB (10^6 bytes). */
    programMb: number;
    /** Sum of the same peaks of all processes that it starts: the engine and its providers, and esbuild, which bundles the build tools. */
    startedMb: number;
}
