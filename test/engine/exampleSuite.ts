import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { UpResult } from "../../local/world/stack";
import { emptyBuilder, type EngineWorld } from "../support/engineWorld";
import { takeEveryType } from "../support/earlierStack/takeEveryType";
import { type Example, openExample } from "../support/exampleProgram";
import { type Run, runProject } from "./projectRun";

/** Outputs of an image. */
export type Image = Record<"repositoryUrl" | "imageUri" | "imageDigest", string>;

/** Inputs of a task definition that tests read. */
export interface TaskDefinition {
    containerDefinitions: string;
    runtimePlatform: { cpuArchitecture: string };
}

/** Exported state of a stack, with the inputs of resources. */
interface State<Inputs> {
    resources: { type: string; inputs: Inputs }[];
}

/** Reads the images of an example's outputs. */
export const imagesOf = ({ outputs }: Pick<UpResult, "outputs">) => outputs.images as Record<string, Image>;

/**
 * Opens an example for the tests of one suite, and destroys its stack at their end; its state then holds no resource.
 *
 * @param everyType whether resources of types that the offline world lacks are only recorded
 */
export function useExample(engine: () => EngineWorld, name: string, everyType = false) {
    let example: Example;
    let endProviders: (() => void) | undefined;
    before(async () => {
        example = await openExample(engine(), name);
        if (everyType) endProviders = await takeEveryType(example.stack, engine());
    });
    after(async () => {
        await example?.stack.destroy();
        endProviders?.();
        assert.deepEqual((await example?.stack.state())?.resources ?? [], []);
    });
    return {
        /** Updates the stack, on a builder that holds nothing, and prints seconds, steps and bytes of each image. */
        up: async (): Promise<UpResult> => {
            await emptyBuilder(engine());
            const result = await example.stack.up();
            for (const image of result.images) {
                const cost = `${image.stepsRun} steps run, ${image.registryBytesDown} bytes read from the registry`;
                console.log(`        ${image.name}: ${image.seconds} s, ${cost}`);
            }
            return result;
        },
        /** Runs the stack's CodeBuild project on the example's folder, and prints the build's seconds and steps. */
        build: async ({ outputs }: UpResult, image: string): Promise<Run> => {
            const { repositoryUrl } = imagesOf({ outputs })[image]!;
            const project = { repositoryUrl, buildProjectName: outputs.buildProjectName as string };
            const run = await runProject(engine(), project, { sourceDirectory: example.folder });
            console.log(`        CodeBuild: ${run.metrics.SecondsTotal} s, ${run.metrics.StepsRun} steps run`);
            return run;
        },
        /** Reads the inputs of the one resource of a type. */
        declared: async <Inputs>(type: string): Promise<Inputs> => {
            const { resources } = (await example.stack.stack.exportStack()).deployment as State<Inputs>;
            const found = resources.filter((resource) => resource.type === type);
            assert.equal(found.length, 1);
            return found[0]!.inputs;
        },
        /** Replaces a text in a file by another one. */
        edit: async (file: string, from: string, to: string): Promise<void> => {
            const location = path.join(example.folder, file);
            const text = await fs.readFile(location, "utf8");
            assert.equal(text.split(from).length, 2, `${file} has "${from}" once`);
            await fs.writeFile(
                location,
                text.replace(from, () => to),
            );
        },
    };
}
