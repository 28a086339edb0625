import { parseArgs } from "node:util";

/** Options of the measurements. */
export interface ScaleOptions {
    /** Numbers of images to preview, ascending. */
    images: number[];
    /** Numbers of images among those to update with as well; empty for none. */
    updates: number[];
    /** Number of runs. */
    runs: number;
    /** Whether only mocks are measured, without an engine. */
    mocksOnly: boolean;
    /** Whether the goals can be checked, so that the results replace those of the repository. */
    isComplete: boolean;
}

/** Numbers of images in the goals. */
export const goalImages = { few: 10, many: 100 };

/** Help text of the command. */
export const usage = `usage: npm run bench:scale -- [options]
  --images <n,…>   numbers of images to preview (1,10,100)
  --updates <n,…>  those to run \`pulumi up\` with as well (as --images)
  --runs <n>       how often everything is measured (3)
  --mocks          Pulumi's mocks only, without an engine`;

/**
 * Parses the command line.
 *
 * @throws Error in one sentence for an unknown option or a text that is no number
 */
export function parseOptions(args: string[]): ScaleOptions {
    const { values } = parseArgs({
        args,
        options: {
            images: { type: "string", default: "1,10,100" },
            updates: { type: "string" },
            runs: { type: "string", default: "3" },
            mocks: { type: "boolean", default: false },
        },
    });
    const images = numbers("images", values.images);
    const wanted = numbers("updates", values.updates ?? values.images);
    const unknown = wanted.find((count) => !images.includes(count));
    if (unknown !== undefined) {
        throw new Error(`--updates has ${unknown}; it may have what --images has: ${images.join(", ")}.`);
    }
    return {
        images,
        updates: values.mocks ? [] : wanted,
        runs: whole("runs", values.runs),
        mocksOnly: values.mocks,
        isComplete: !values.mocks && Object.values(goalImages).every((count) => images.includes(count)),
    };
}

function numbers(option: string, text: string): number[] {
    return text
        .split(",")
        .map((part) => whole(option, part))
        .sort((a, b) => a - b);
}

function whole(option: string, text: string): number {
    const number = Number(text);
    if (text.trim() !== "" && Number.isInteger(number) && number > 0) return number;
    throw new Error(`--${option} is "${text}"; it must be a whole number above 0.`);
}
