import * as ast from "dockerfile-ast";
import type { Dockerfile, Stage } from "../dockerfile/dockerfile";
import { bindMounts, isCopy, isRun, sourcesOf } from "../dockerfile/stages";
import type { StageSlice } from "./stageSlice";

/** Known facts of a stage before its inputs are determined. */
export interface StageFacts {
    /** Text of the Dockerfile. */
    text: string;
    dockerfile: Dockerfile;
    /** The stage and those that it is made from. */
    stages: Stage[];
    slice: StageSlice;
    /** All build arguments. */
    buildArgs: Record<string, string>;
}

/** Pattern of a source on a Git host or another server, outside the context: https://docs.docker.com/reference/dockerfile/#add */
const remoteSource = /^[a-z][a-z0-9+.-]*:\/\/|^git@|\.git(#|$)/i;

/** Frontend whose reading of Dockerfiles this project follows. */
const knownFrontend = /^(docker\.io\/)?docker\/dockerfile(-upstream)?(:|@|$)/;

/** Reasons for which the inputs of a stage cannot be told, each with its test. */
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

/** Finds the reason for which the inputs of a stage cannot be told. @returns undefined when they can */
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

/** Lists everything that COPY, ADD and bind mounts name: sources and their origins. */
function copiedAndMounted(stages: Stage[]): string[] {
    const sources = stages.flatMap(({ steps }) =>
        steps.flatMap((step) => {
            if (isCopy(step)) return step.sources;
            return isRun(step) ? bindMounts(step).map(({ source }) => source) : [];
        }),
    );
    return [...sources, ...stages.flatMap(sourcesOf)];
}
