import { chmodSync, readdirSync } from "node:fs";
import * as path from "node:path";
import { projectRoot } from "../../../local/paths";
import { type EngineWorld, TestStack } from "../engineWorld";
import { recordedFolder, recordedSettings } from "./settings";
import { takeEveryType } from "./takeEveryType";

/** Stack with the settings of a record, on providers that take resources of every type. */
export interface RecordedStack {
    stack: TestStack;
    stop(): void;
}

/** Opens a stack with the settings of a record, and the provider that takes every type. */
export async function openRecorded(engine: EngineWorld, name: string): Promise<RecordedStack> {
    setModes();
    const stack = await TestStack.open(engine, `earlier-${name}`, recordedSettings[name]!);
    return { stack, stop: await takeEveryType(stack, engine) };
}

/** Gives the images' files the modes of the record, whatever the umask of the clone: docker-build hashes them (decision 112). */
function setModes(): void {
    const folder = path.join(projectRoot, recordedFolder);
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        chmodSync(path.join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
    }
}
