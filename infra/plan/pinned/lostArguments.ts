import * as ast from "dockerfile-ast";
import { type Dockerfile, DockerfileError, type Stage, type Variable } from "../dockerfile/dockerfile";
import { mentionsWord, splitAtFrom } from "./stageSlice";

/** Pinned stage in its Dockerfile. */
export interface ContinuedStage {
    /** Text of the Dockerfile. */
    text: string;
    dockerfile: Dockerfile;
    stage: Stage;
    buildArgs: Record<string, string>;
}

/**
 * Makes sure that no stage depends on an argument of a pinned stage that it continues. An image keeps ENV, WORKDIR and the like, and
 * forgets ARG. The build would continue with an empty value.
 *
 * @throws DockerfileError that says which ARG has to be declared where
 * @see https://docs.docker.com/build/building/variables/#scoping
 */
export function refuseLostArguments({ text, dockerfile, stage, buildArgs }: ContinuedStage): void {
    const [, ...instructions] = splitAtFrom(ast.DockerfileParser.parse(text.replace(/^\uFEFF/, "")).getInstructions());
    const isLost = (heir: Stage, { name, value }: Variable): Stage | undefined => {
        const own = instructions[dockerfile.stages.indexOf(heir)]!.slice(1).find((instruction) =>
            mayUse(instruction, name),
        );
        if (own === undefined) return firstOf(heirsOf(dockerfile, heir), (next) => isLost(next, { name, value }));
        const declared = own.getKeyword() === "ARG" ? argumentsOf(heir).find((one) => one.name === name) : undefined;
        const isSame = declared && (declared.value !== undefined || value === undefined || name in buildArgs);
        return isSame ? undefined : heir;
    };
    for (const argument of chain(stage).flatMap(argumentsOf)) {
        const heir = firstOf(heirsOf(dockerfile, stage), (one) => isLost(one, argument));
        if (heir === undefined) continue;
        const { name, value } = argument;
        throw new DockerfileError(
            `line ${heir.line}: the stage continues the pinned stage "${stage.name}", an image, and would lose its ARG ${name}; ` +
                `write ARG ${name}${value === undefined ? "" : `=${value}`} in it too, before it is used`,
        );
    }
}

/** Tells whether an instruction may use an argument: any RUN may read it from its environment, all others name it. */
function mayUse(instruction: ast.Instruction, name: string): boolean {
    return instruction.getKeyword() === "RUN" || mentionsWord(instruction.getTextContent(), name);
}

/** Lists a stage and those that it continues. */
function chain(stage: Stage): Stage[] {
    return stage.baseStage === undefined ? [stage] : [stage, ...chain(stage.baseStage)];
}

function heirsOf({ stages }: Dockerfile, stage: Stage): Stage[] {
    return stages.filter(({ baseStage }) => baseStage === stage);
}

function argumentsOf({ steps }: Stage): Variable[] {
    return steps.flatMap((step) => (step.keyword === "ARG" ? step.variables : []));
}

function firstOf<T, R>(values: T[], find: (value: T) => R | undefined): R | undefined {
    for (const value of values) {
        const found = find(value);
        if (found !== undefined) return found;
    }
    return undefined;
}
