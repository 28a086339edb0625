import type { Command } from "./shellCommands";

/** Error for a Dockerfile that BuildKit would refuse, in one sentence. */
export class DockerfileError extends Error {}

/** Name and value of an ARG or ENV. */
export interface Variable {
    name: string;
    /** Value of the variable. @default - ARG without a default */
    value?: string;
}

/** Mount of a RUN (`--mount`). */
export interface Mount {
    /** Type of the mount: `bind`, `cache`, `secret`, `ssh` or `tmpfs`. */
    type: string;
    /** Path in the step. @default "" */
    target: string;
    /** Name of a cache mount in the builder. @default - its target */
    id?: string;
    /** Stage, named context or image that the mount comes from. @default - the build context, for bind */
    from?: string;
    /** Path in the origin of the mount. @default "" - all of it */
    source: string;
}

/** RUN instruction. */
export interface RunStep {
    keyword: "RUN";
    /** Line of the instruction's first word; the first line is 1. */
    line: number;
    mounts: Mount[];
    /** Commands of the shell script, as far as they can be read without running it. */
    commands: Command[];
}

/** COPY or ADD instruction. */
export interface CopyStep {
    keyword: "COPY" | "ADD";
    /** Line of the instruction's first word; the first line is 1. */
    line: number;
    /** Stage, named context or image that files come from. @default - the build context */
    from?: string;
    /** Whether the layer is made without those below it (`--link`). */
    isLinked: boolean;
    /** Whether the instruction sets modes (`--chmod`). */
    setsMode: boolean;
    /** Sources to copy, without texts written in the Dockerfile itself. */
    sources: string[];
}

/** ARG or ENV instruction. */
export interface VariableStep {
    keyword: "ARG" | "ENV";
    /** Line of the instruction's first word; the first line is 1. */
    line: number;
    variables: Variable[];
}

/** WORKDIR instruction. */
export interface WorkdirStep {
    keyword: "WORKDIR";
    /** Line of the instruction's first word; the first line is 1. */
    line: number;
}

/** Instruction that rules examine; an instruction that only sets metadata of the image is left out. */
export type Step = RunStep | CopyStep | VariableStep | WorkdirStep;

/** Stage: everything from one FROM to the next. */
export interface Stage {
    /** Name after AS. @default - none; only its number identifies the stage */
    name?: string;
    /** Line of the stage's FROM; the first line is 1. */
    line: number;
    /** Stage that this one continues. @default - it starts from an image or from nothing */
    baseStage?: Stage;
    /** Image that the stage starts from, with known arguments filled in. @default - a stage or `scratch` */
    baseImage?: string;
    steps: Step[];
}

/** Dockerfile, as the rules see it. */
export interface Dockerfile {
    /** Stages in their order, at least one. */
    stages: Stage[];
}
