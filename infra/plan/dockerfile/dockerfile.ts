import type { Command } from "./shellCommands";

/** A Dockerfile that BuildKit would refuse, in one sentence. */
export class DockerfileError extends Error {}

/** A name and its value, of ARG and ENV. */
export interface Variable {
    name: string;
    /** @default - ARG without a default */
    value?: string;
}

/** A `--mount` of RUN. */
export interface Mount {
    /** `bind`, `cache`, `secret`, `ssh` or `tmpfs`. */
    type: string;
    /** Path in the step. @default "" */
    target: string;
    /** What a cache mount is known by to the builder. @default - its target */
    id?: string;
    /** Stage, named context or image that it comes from. @default - the build context, for bind */
    from?: string;
    /** Path in what it comes from. @default "" - all of it */
    source: string;
}

/** A RUN instruction. */
export interface RunStep {
    keyword: "RUN";
    /** Line of its first word; the first line is 1. */
    line: number;
    mounts: Mount[];
    /** The commands of its shell script, as far as they can be read without running it. */
    commands: Command[];
}

/** A COPY or ADD instruction. */
export interface CopyStep {
    keyword: "COPY" | "ADD";
    /** Line of its first word; the first line is 1. */
    line: number;
    /** Stage, named context or image. @default - the build context */
    from?: string;
    /** Whether the layer is made without those below it (`--link`). */
    isLinked: boolean;
    /** Whether it sets modes (`--chmod`). */
    setsMode: boolean;
    /** What is copied, without texts written in the Dockerfile itself. */
    sources: string[];
}

/** An ARG or ENV instruction. */
export interface VariableStep {
    keyword: "ARG" | "ENV";
    /** Line of its first word; the first line is 1. */
    line: number;
    variables: Variable[];
}

/** A WORKDIR instruction. */
export interface WorkdirStep {
    keyword: "WORKDIR";
    /** Line of its first word; the first line is 1. */
    line: number;
}

/** An instruction that rules look at; what only sets metadata of the image is left out. */
export type Step = RunStep | CopyStep | VariableStep | WorkdirStep;

/** A stage: everything from one FROM to the next. */
export interface Stage {
    /** Name after AS. @default - found by its number only */
    name?: string;
    /** Line of its FROM; the first line is 1. */
    line: number;
    /** The stage that it continues. @default - it starts from an image or from nothing */
    baseStage?: Stage;
    /** The image that it starts from, arguments filled in as far as their values are known. @default - a stage or `scratch` */
    baseImage?: string;
    steps: Step[];
}

/** A Dockerfile as the rules see it. */
export interface Dockerfile {
    /** In their order, at least one. */
    stages: Stage[];
}
