import type { PinnedStageSpec } from "../../infra/plan/imageSpec";
import type { Platform } from "../../infra/plan/platform";
import type { PackageSite } from "../packages/packageSite";
import type { Preparation } from "../packages/publishedWheels";

/**
 * Forms of a workload's Dockerfile:
 * - published: as the write-ups have it
 * - carried: the same with cache mounts whose contents are carried through S3
 * - ours: as this project recommends
 */
export const dockerfileForms = ["published", "carried", "ours"] as const;

/** One of {@link dockerfileForms}. */
export type DockerfileForm = (typeof dockerfileForms)[number];

/** Differences of a source from the first one. */
export interface Edits {
    /** Number of the line of documentation. @default 0 */
    documentation?: number;
    /** Number of the line of code. @default 0 */
    code?: number;
    /** Whether one more dependency is declared, or another version of one. @default false */
    dependency?: boolean;
}

/** Image of a workload. */
export interface WorkloadImage {
    /** Name, unique within the workload. */
    name: string;
    /** Build context, relative to the source. */
    context: string;
    /** Text of the image's Dockerfile in each form. */
    dockerfiles: Record<DockerfileForm, string>;
    /** Stages of our Dockerfile that are kept as images. @default - none */
    pinnedStages?: PinnedStageSpec[];
}

/** Application whose builds are measured. */
export interface Workload {
    /** Name on the command line and in the results. */
    name: string;
    /** Description in one sentence, for the method. */
    description: string;
    /** Images in the order in which they are built. */
    images: WorkloadImage[];
    /** Kind of the code: compiled into the image, or copied. */
    kind: "interpreted" | "compiled";
    /** Whether the application can be built for another platform than this machine's. */
    crossCompiles: boolean;
    /** Folders that are carried through S3: targets of cache mounts. */
    carriedDirectories: string[];
    /** Function that makes the packages of the application; one function for workloads with the same packages. */
    preparePackages: (site: PackageSite, preparation: Preparation) => Promise<void>;
    /** Function that writes the source into an empty folder. */
    writeSource: (folder: string, edits: Edits, site: PackageSite) => Promise<void>;
    /** Folder of the source that is copied into a layer of its own. @default - the code is compiled */
    codeFolder?: string;
    /** Shell command that must succeed in images with a changed dependency, tried outside of what is measured. @default - none */
    check?: string;
}

/** Platform of this machine. */
export const nativePlatform: Platform = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";
