import type * as pulumi from "@pulumi/pulumi";
import type { BuildInput } from "../plan/buildInput";

/** An image to build here, with the values of its secrets. */
export interface ImageBuild extends BuildInput {
    /** Values of `RUN --mount=type=secret`, by id. A changed value alone rebuilds nothing. @default - none */
    secrets?: Record<string, pulumi.Input<string>>;
    /** The source's content tag, where somebody computed it already. @default - computed from the files */
    contentTag?: string;
}
