import * as fs from "node:fs/promises";
import * as path from "node:path";
import { projectRoot } from "../../paths";
import { waitFor } from "../../machine/waitFor";
import { type Check, checks, NotRun } from "./checks";
import { type DeclaredResource, type Leftover, leftovers } from "./leftovers";
import { newResources, planText } from "./plan";
import type { CheckResult, SmokeResult } from "./report";
import type { Application, SmokeOptions, SmokeRun } from "./smokeRun";
import { checkTools } from "./tools";

/** Sample application of this repository. */
export const sampleApplication: Application = {
    folder: path.join(projectRoot, "app"),
    file: "cmd/api/version.go",
    word: "unknown",
};

/** Time (milliseconds) that AWS may still show deleted resources, and the interval between looks. */
const search = { deadline: 60_000, interval: 1_000 };

/**
 * Creates a stack, checks it, and destroys it again, whatever the checks found.
 *
 * @returns undefined when the person said no
 * @throws one sentence when the run cannot begin; nothing was created then
 */
export async function runSmoke(options: SmokeOptions): Promise<SmokeResult | undefined> {
    const { account, stackName, signal } = options;
    await checkTools(account);
    const date = new Date();
    const context = await copyApplication(options);
    const settings = { images: [{ name: "app", context: path.relative(projectRoot, context) }], forceDestroy: true };
    const whole = await account.openStack({ ...settings, ...source(options) });
    const plan = planText(account, stackName, await newResources(whole, signal), options.pullRequests);
    if (!(await options.confirm(plan))) return undefined;

    const stack = await account.openStack(settings);
    const declarePullRequests = async () => {
        await account.openStack({ ...settings, ...source(options) });
    };
    const run: SmokeRun = { ...options, context, date, stack, declarePullRequests };
    const results: CheckResult[] = [];
    for (const check of checks) results.push(await resultOf(check, run));
    const end = await removeStack(run);
    return {
        stack: stackName,
        region: account.region,
        date: date.toISOString(),
        passed: !signal.aborted && [...results, ...end.results].every(({ status }) => status !== "failed"),
        checks: [...results, ...end.results].map((one) => ({
            ...one,
            detail: one.detail.replaceAll(account.accountId, "<account>"),
        })),
        leftovers: end.left,
    };
}

/** Copies the application, since the checks change it. */
async function copyApplication({ account, application }: SmokeOptions): Promise<string> {
    const context = path.join(account.folder, "app");
    await fs.mkdir(account.folder, { recursive: true, mode: 0o700 });
    await fs.rm(context, { recursive: true, force: true });
    await fs.cp(application.folder, context, { recursive: true });
    return context;
}

function source({ pullRequests }: Pick<SmokeOptions, "pullRequests">): Record<string, unknown> {
    if (pullRequests === undefined) return {};
    const { type, repository: location, connectionArn } = pullRequests;
    return { source: { type, location, connectionArn, webhooks: true } };
}

async function resultOf({ check, run: action }: Check, run: SmokeRun): Promise<CheckResult> {
    const started = performance.now();
    const result = (status: CheckResult["status"], detail: string): CheckResult => {
        const seconds = Math.round(performance.now() - started) / 1000;
        run.report(`${check}: ${status} (${detail})`);
        return { check, status, detail, seconds };
    };
    if (run.signal.aborted) return result("not run", "interrupted");
    try {
        return result("passed", await action(run));
    } catch (error) {
        if (run.signal.aborted) return result("not run", "interrupted");
        return result(error instanceof NotRun ? "not run" : "failed", (error as Error).message);
    }
}

/** Destroys the stack and searches for leftovers, also after an interruption: no other run would. */
async function removeStack(run: SmokeRun): Promise<{ results: CheckResult[]; left: Leftover[] }> {
    const { stack, stackName, account } = run;
    const deployment = (await stack.exportStack()).deployment as { resources?: DeclaredResource[] };
    const { resources = [] } = deployment;
    let left: Leftover[] = [];
    const ending: Check[] = [
        {
            check: "pulumi destroy removes the stack",
            run: async () => {
                const { summary } = await stack.destroy({ suppressProgress: true });
                return `${summary.resourceChanges?.delete ?? 0} delete`;
            },
        },
        {
            check: "nothing is left",
            run: async () => {
                const isEmpty = async () => {
                    left = await leftovers(account.clients, resources);
                    return left.length === 0 ? true : undefined;
                };
                await waitFor(isEmpty, deadline(), undefined, search.interval);
                if (left.length > 0)
                    throw new Error(`left: ${left.map(({ type, id }) => `${type} ${id}`).join(", ")}.`);
                await stack.workspace.removeStack(stackName);
                return `${resources.length} resources looked for`;
            },
        },
    ];
    const results: CheckResult[] = [];
    // Leftovers of a failed destroy do not go away by waiting.
    const deadline = () => (results[0]?.status === "passed" ? search.deadline : 0);
    const uninterrupted = { ...run, signal: new AbortController().signal };
    for (const check of ending) results.push(await resultOf(check, uninterrupted));
    return { results, left };
}
