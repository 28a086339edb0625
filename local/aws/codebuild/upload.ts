import type { BuildRecord } from "./buildRecord";
import type { Buildspec } from "./buildspec";
import type { World } from "../../world/services";
import type { EffectiveProject } from "./project";
import type { RoleClients } from "./role";

/** Values that the uploads of a build need. */
export interface UploadContext {
    buildspec: Buildspec;
    project: EffectiveProject;
    /** Record of the build, which lists the uploads. */
    build: BuildRecord;
    world: World;
    sourceDirectory: string;
    clients: RoleClients;
    /** Function that expands a text in the build's shell. */
    expand: (text: string) => Promise<string>;
    /** Function that takes a line for the log. */
    report: (line: string) => Promise<void>;
}
