import { isRun } from "../build";
import type { RunStep } from "../../plan/dockerfile/dockerfile";
import type { Rule } from "../rule";
import type { Command } from "../../plan/dockerfile/shellCommands";

/**
 * Rule against a cache mount for apt's packages in an image that deletes them after each installation.
 *
 * @see https://docs.docker.com/reference/dockerfile/#example-cache-apt-packages
 */
export const aptCacheMountEmptied: Rule = {
    id: "apt-cache-mount-emptied",
    consequence:
        "Debian's and Ubuntu's images delete packages after each installation (/etc/apt/apt.conf.d/docker-clean), so the cache mount stays empty and one new package downloads all of them again.",
    remedy: "Before apt-get install: `rm -f /etc/apt/apt.conf.d/docker-clean; echo 'Binary::apt::APT::Keep-Downloaded-Packages \"true\";' > /etc/apt/apt.conf.d/keep-cache`. After it, no apt-get clean.",
    measured: {
        what: "MB downloaded",
        when: "after a package was added to one of 20 MB, on a host that keeps its cache mounts",
        against: 20,
        following: 0,
    },
    find: (build) =>
        build.stages.flatMap((stage) => {
            const steps = build.chain(stage).filter(isRun);
            const firstKeeping = steps.findIndex((step) => step.commands.some(keepsPackages));
            return steps
                .filter((step, index) => {
                    const keeps = firstKeeping >= 0 && firstKeeping <= index;
                    return (
                        stage.steps.includes(step) &&
                        mountsPackages(step) &&
                        (!keeps || step.commands.some(removesPackages))
                    );
                })
                .map((step) => step.line);
        }),
};

function mountsPackages(step: RunStep): boolean {
    const isMounted = step.mounts.some(({ type, target }) => type === "cache" && /^\/var\/cache\/apt\/?$/.test(target));
    return isMounted && step.commands.some(([program, ...words]) => isApt(program) && words.includes("install"));
}

function keepsPackages(words: Command): boolean {
    return words.some((word) => /docker-clean|Keep-Downloaded-Packages/i.test(word));
}

function removesPackages([program = "", ...words]: Command): boolean {
    if (program === "rm") return words.some((word) => word.startsWith("/var/cache/apt"));
    return isApt(program) && words.some((word) => ["clean", "autoclean", "distclean"].includes(word));
}

function isApt(program: string | undefined): boolean {
    return program === "apt-get" || program === "apt";
}
