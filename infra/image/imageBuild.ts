import type * as pulumi from "@pulumi/pulumi";
import type { BuildInput } from "../plan/buildInput";

/** Image to build here, with the values of its secrets. */
export interface ImageBuild extends BuildInput {
    /** Values of `RUN --mount=type=secret`, by id. A changed value alone rebuilds nothing. @default - none */
    secrets?: Record<string, pulumi.Input<string>>;
    /** Content tag of the source, computed beforehand. @default - computed from the files */
    contentTag?: string;
}
