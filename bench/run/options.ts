import { parseArgs } from "node:util";
import type { LinkLimits } from "../../local/aws/gateway/http/shaping";
import { type Case, cases } from "./cases";
import { type Strategy, strategies } from "../strategies";
import { type Workload, workloads } from "../workloads";

/** Options of a benchmark. */
export interface BenchOptions {
    workloads: Workload[];
    strategies: Strategy[];
    /** Cases to show; cases that have to be built before them are built as well. */
    cases: Case[];
    /** Number of runs. */
    runs: number;
    limits: LinkLimits;
    /** Whether the results replace the repository's: those of all strategies and cases, of three runs or more, on the line of the others. */
    isComplete: boolean;
    /** Whether an ended benchmark is continued. */
    isContinued: boolean;
    /** Whether the way of a commit to its users is measured, in place of builds. */
    isLine: boolean;
}

/** Workloads of `--quick`. */
const quickWorkloads = ["python", "go"];

/** Line that published results are of: milliseconds and MB/s, by option. */
const publishedLine = { rtt: "15", down: "80", up: "40", total: "160" } as const;

/** Help text of the command. */
export const usage = `usage: npm run bench -- [options]
  --quick            Python and Go, five cases, one run; its results are not published
  --runs <n>         how often everything is built (3; 1 with --quick)
  --line             a commit's way to its users, in place of builds: with --runs and the line's options only
  --continue         go on with a benchmark that was ended: same options, same sources
  --workload <name>  ${names(workloads)}; may be repeated
  --strategy <name>  ${names(strategies)}; may be repeated
  --case <name>      ${names(cases)}; may be repeated
  --rtt <ms>         round-trip time (${publishedLine.rtt}); no results of another line are published
  --down <MB/s>      bandwidth of each download (${publishedLine.down})
  --up <MB/s>        bandwidth of each upload (${publishedLine.up})
  --total <MB/s>     bandwidth of all downloads together, and of all uploads (${publishedLine.total})`;

/**
 * Parses the command line.
 *
 * @throws Error in one sentence for an unknown option or a text that is no number
 */
export function parseOptions(args: string[]): BenchOptions {
    const { values } = parseArgs({
        args,
        options: {
            quick: { type: "boolean", default: false },
            runs: { type: "string" },
            continue: { type: "boolean", default: false },
            line: { type: "boolean", default: false },
            workload: { type: "string", multiple: true },
            strategy: { type: "string", multiple: true },
            case: { type: "string", multiple: true },
            rtt: { type: "string", default: publishedLine.rtt },
            down: { type: "string", default: publishedLine.down },
            up: { type: "string", default: publishedLine.up },
            total: { type: "string", default: publishedLine.total },
        },
    });
    const { quick } = values;
    const runs = whole("runs", values.runs ?? (quick ? "1" : "3"));
    const total = positive("total", values.total) * 1e6;
    const isPublishedLine = (["rtt", "down", "up", "total"] as const).every(
        (key) => values[key] === publishedLine[key],
    );
    return {
        workloads: chosen("workload", workloads, values.workload ?? (quick ? quickWorkloads : undefined)),
        strategies: chosen("strategy", strategies, values.strategy),
        cases: chosen("case", cases, values.case ?? (quick ? quickCases() : undefined)),
        runs,
        limits: {
            latencyMilliseconds: positive("rtt", values.rtt),
            streamBytesPerSecondDown: positive("down", values.down) * 1e6,
            streamBytesPerSecondUp: positive("up", values.up) * 1e6,
            bytesPerSecondDown: total,
            bytesPerSecondUp: total,
        },
        isContinued: values.continue,
        isLine: values.line,
        isComplete:
            !quick && runs >= 3 && isPublishedLine && values.strategy === undefined && values.case === undefined,
    };
}

function quickCases(): string[] {
    return cases.filter(({ isQuick }) => isQuick).map(({ name }) => name);
}

function names(list: { name: string }[]): string {
    return list.map(({ name }) => `"${name}"`).join(", ");
}

function chosen<T extends { name: string }>(option: string, list: T[], wanted: string[] | undefined): T[] {
    const unknown = wanted?.find((name) => list.every((one) => one.name !== name));
    if (unknown !== undefined) throw new Error(`--${option} is "${unknown}"; allowed: ${names(list)}.`);
    return list.filter(({ name }) => wanted === undefined || wanted.includes(name));
}

function positive(option: string, text: string): number {
    const number = Number(text);
    if (text.trim() !== "" && Number.isFinite(number) && number > 0) return number;
    throw new Error(`--${option} is "${text}"; it must be a number above 0.`);
}

function whole(option: string, text: string): number {
    const number = positive(option, text);
    if (Number.isInteger(number)) return number;
    throw new Error(`--${option} is "${text}"; it must be a whole number.`);
}
