import * as ast from "dockerfile-ast";
import type { Dockerfile, Stage } from "../dockerfile/dockerfile";
import { bindMounts, isCopy, isRun, sourcesOf } from "../dockerfile/stages";
import type { StageSlice } from "./stageSlice";

/** What is known of a stage before it is decided what can change it. */
export interface StageFacts {
    /** Text of the Dockerfile. */
    text: string;
    dockerfile: Dockerfile;
    /** The stage and those it is made from. */
    stages: Stage[];
    slice: StageSlice;
    /** All build arguments. */
    buildArgs: Record<string, string>;
}

/** What follows a Git host or another server, and not the context: https://docs.docker.com/reference/dockerfile/#add */
const remoteSource = /^[a-z][a-z0-9+.-]*:\/\/|^git@|\.git(#|$)/i;

/** The frontend that this project reads Dockerfiles like. */
const knownFrontend = /^(docker\.io\/)?docker\/dockerfile(-upstream)?(:|@|$)/;

/** Each reason for which it cannot be told what changes a stage, and the test for it. */
const reasons: [reason: string, isGiven: (facts: StageFacts) => boolean][] = [
    // Directives after it count for BuildKit, and not for the parser.
    ["the first line begins with #!", ({ text }) => text.startsWith("#!")],
    ["a syntax directive names another frontend than docker/dockerfile", ({ slice }) => usesOtherFrontend(slice)],
    ["the build argument BUILDKIT_SYNTAX chooses the frontend", ({ buildArgs }) => "BUILDKIT_SYNTAX" in buildArgs],
    ["two stages have the same name", ({ dockerfile }) => hasDuplicates(dockerfile.stages)],
    ["a stage is named by its number", ({ stages }) => stages.flatMap(sourcesOf).some((from) => /^\d+$/.test(from))],
    ["ONBUILD runs in the stages that follow", ({ slice }) => keywordsOf(slice.text).has("ONBUILD")],
    ["ADD reads from a server", ({ stages }) => addSources(stages).some((source) => remoteSource.test(source))],
    ["a source holds a variable", ({ stages }) => copiedAndMounted(stages).some((source) => source.includes("$"))],
];

/** Why it cannot be told what changes a stage. @returns undefined when it can */
export function unclearReason(facts: StageFacts): string | undefined {
    return reasons.find(([, isGiven]) => isGiven(facts))?.[0];
}

function usesOtherFrontend({ text }: StageSlice): boolean {
    const syntax = ast.DockerfileParser.parse(text)
        .getDirectives()
        .find((one) => one.getName().toLowerCase() === "syntax");
    return syntax !== undefined && !knownFrontend.test(syntax.getValue());
}

function hasDuplicates(stages: Stage[]): boolean {
    const names = stages.flatMap(({ name }) => name ?? []);
    return new Set(names).size < names.length;
}

function keywordsOf(text: string): Set<string> {
    return new Set(
        ast.DockerfileParser.parse(text)
            .getInstructions()
            .map((one) => one.getKeyword()),
    );
}

function addSources(stages: Stage[]): string[] {
    return stages.flatMap(({ steps }) =>
        steps.flatMap((step) => (isCopy(step) && step.keyword === "ADD" ? step.sources : [])),
    );
}

/** Everything that COPY, ADD and bind mounts name: sources, and where they come from. */
function copiedAndMounted(stages: Stage[]): string[] {
    const sources = stages.flatMap(({ steps }) =>
        steps.flatMap((step) => {
            if (isCopy(step)) return step.sources;
            return isRun(step) ? bindMounts(step).map(({ source }) => source) : [];
        }),
    );
    return [...sources, ...stages.flatMap(sourcesOf)];
}
