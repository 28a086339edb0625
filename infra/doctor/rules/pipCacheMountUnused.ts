import { isRun } from "../build";
import type { Step } from "../../plan/dockerfile/dockerfile";
import { managerCommand } from "../packageManagers";
import type { Rule } from "../rule";
import type { Command } from "../../plan/dockerfile/shellCommands";

/** Rule against a cache mount for pip whose cache is switched off. */
export const pipCacheMountUnused: Rule = {
    id: "pip-cache-mount-unused",
    consequence: "pip neither fills nor reads the cache mount, so one new dependency downloads all of them again.",
    remedy: "Leave out --no-cache-dir and PIP_NO_CACHE_DIR where a cache mount is used; it is no part of the image.",
    measured: {
        what: "MB downloaded",
        when: "after a dependency was added to one of 20 MB, on a host that keeps its cache mounts",
        against: 20,
        following: 0,
    },
    find: (build) =>
        build.stages.flatMap((stage) => {
            const isOff = disablesCache(build.chain(stage));
            return stage.steps
                .filter(isRun)
                .filter((step) => step.mounts.some(({ type, target }) => type === "cache" && isPipCache(target)))
                .filter((step) =>
                    step.commands.some((words) => isPip(words) && (isOff || words.includes("--no-cache-dir"))),
                )
                .map((step) => step.line);
        }),
};

function isPip(words: Command): boolean {
    const [program = "", action] = managerCommand(words);
    return /^pip[0-9.]*$/.test(program) && action === "install";
}

/** Tells whether a path is pip's cache, `pip` below the user's `.cache`, or that folder itself. */
function isPipCache(target: string): boolean {
    return /(^|\/)(pip|\.cache)\/?$/.test(target);
}

function disablesCache(steps: Step[]): boolean {
    const variables = steps.flatMap((step) => (step.keyword === "ENV" ? step.variables : []));
    const value = variables.findLast(({ name }) => name === "PIP_NO_CACHE_DIR")?.value;
    return value !== undefined && !["", "0", "off", "false", "no"].includes(value.toLowerCase());
}
