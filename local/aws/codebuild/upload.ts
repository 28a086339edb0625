import type { BuildRecord } from "./buildRecord";
import type { Buildspec } from "./buildspec";
import type { World } from "../../world/services";
import type { EffectiveProject } from "./project";
import type { RoleClients } from "./role";

/** What the uploads of a build need. */
export interface UploadContext {
    buildspec: Buildspec;
    project: EffectiveProject;
    /** Told what was uploaded. */
    build: BuildRecord;
    world: World;
    sourceDirectory: string;
    clients: RoleClients;
    /** Expands a text in the build's shell. */
    expand: (text: string) => Promise<string>;
    /** Takes a line for the log. */
    report: (line: string) => Promise<void>;
}
