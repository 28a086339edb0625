import { readFile } from "node:fs/promises";
import { lastRunFile, type LastRun } from "../stack/lastRun";
import { Fault, runCommandLine } from "./command";

/** `npm run outputs`: the outputs of stack `local` as JSON. */
void runCommandLine(async () => {
    const text = await readFile(lastRunFile(), "utf8").catch(() => {
        throw new Fault("Stack local does not exist; `npm start` creates it.");
    });
    console.log(JSON.stringify((JSON.parse(text) as LastRun).outputs, undefined, 2));
});
