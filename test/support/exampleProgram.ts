import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import type * as library from "../../infra/components";
import { projectRoot, worldDirectory } from "../../local/paths";
import { imageSettings } from "../../local/world/base-images";
import { inProgramDirectory } from "../../local/world/stack";
import { type EngineWorld, TestStack } from "./engineWorld";

/** Example as its user has it: a copy of its folder with the library, and a stack of its program. */
export interface Example {
    /** Absolute path of the copy. */
    folder: string;
    stack: TestStack;
}

/** Settings of {@link openExample}. */
export interface ExampleOptions {
    /** Function that puts the library into the `node_modules` of a folder. @default - the library's sources */
    install?: (folder: string) => void;
    /** Arguments of pipelines besides those that lead to the offline world. @default - none */
    pipelineArgs?: Partial<library.ImagePipelineArgs>;
}

/**
 * Opens a stack of an example. Its pipelines get by arguments what the offline world has: the registry of base images, and what Pulumi's
 * language host would tell, the folder.
 *
 * @param name folder below `examples`; the stack has the same name with `-example`
 */
export async function openExample(
    engine: EngineWorld,
    name: string,
    { install = linkSources, pipelineArgs = {} }: ExampleOptions = {},
): Promise<Example> {
    const folder = path.join(worldDirectory(), "examples", name);
    fs.cpSync(path.join(projectRoot, "examples", name), folder, { recursive: true });
    install(folder);
    const load = createRequire(path.join(folder, "index.ts"));
    const ofWorld = { ...imageSettings(engine.world.registry), sourceRoot: folder, forceDestroy: true };
    replaceLibrary(load, { ...ofWorld, ...pipelineArgs });
    const stack = await TestStack.open(engine, `${name}-example`, {}, () => {
        delete load.cache[load.resolve("./index.ts")];
        return Promise.resolve(inProgramDirectory(() => load("./index.ts") as Record<string, unknown>));
    });
    return { folder, stack };
}

/** Puts a module in the place of the installed library that has the exports of its sources. */
function linkSources(folder: string): void {
    const target = path.join(folder, "node_modules/cached-image-pipeline");
    fs.mkdirSync(target, { recursive: true });
    const sources = JSON.stringify(path.join(projectRoot, "infra/components"));
    fs.writeFileSync(path.join(target, "index.js"), `module.exports = require(${sources});\n`);
}

/** Replaces the component of pipelines by one with further arguments, for the example alone. */
function replaceLibrary(load: NodeJS.Require, further: Partial<library.ImagePipelineArgs>): void {
    const original = load("cached-image-pipeline") as typeof library;
    class ImagePipeline extends original.ImagePipeline {
        constructor(name: string, args: library.ImagePipelineArgs) {
            super(name, { ...args, ...further });
        }
    }
    load.cache[load.resolve("cached-image-pipeline")]!.exports = { ...original, ImagePipeline };
}
