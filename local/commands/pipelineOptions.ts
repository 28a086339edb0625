import * as path from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "../paths";
import { Fault } from "./command";

const usage = "npm run pipeline -- [--source <folder>] [--yes]";

/** Options of `npm run pipeline`. */
export interface PipelineOptions {
    /** Absolute path of the folder whose last commit is delivered. */
    folder: string;
    /** Whether everything is approved without a question. */
    yes: boolean;
}

/**
 * Parses the arguments after `npm run pipeline --`.
 *
 * @throws Fault with exit code 2 for an unknown option
 */
export function parsePipelineOptions(args: string[]): PipelineOptions {
    const { source = projectRoot, yes } = parsed(args);
    // npm runs scripts in the folder of package.json; a path means the folder that npm was called in.
    return { folder: path.resolve(process.env.INIT_CWD ?? ".", source), yes };
}

function parsed(args: string[]) {
    try {
        return parseArgs({
            args,
            options: { source: { type: "string" }, yes: { type: "boolean", default: false } },
        }).values;
    } catch (error) {
        throw new Fault(`${(error as Error).message}; allowed: ${usage}`, 2);
    }
}
