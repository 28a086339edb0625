import { isRun } from "../build";
import type { Stage } from "../../plan/dockerfile/dockerfile";
import type { Command } from "../../plan/dockerfile/shellCommands";
import { installsDependencies, managerCommand } from "../packageManagers";
import type { Rule } from "../rule";

/** Pattern of the programs that give each package an entry of its own in one folder. */
const manager = /^(pip[0-9.]*|uv|npm)$/;

/**
 * Rule against a stage whose packages are one layer of the image that begins with the stage. Where the image copies from the stage, its
 * layers do not become the image's, so such a stage is not named.
 */
export const packagesInOneLayer: Rule = {
    id: "packages-in-one-layer",
    hasPrice: true,
    consequence:
        "With one changed dependency the layer of all dependencies is pushed again, and every host pulls it again.",
    remedy: "Name the folder of the packages in the setting pinnedStages[].layers of this stage. A build with a changed dependency takes up to a sixth longer then, a cold build up to a third.",
    measured: {
        what: "MB pulled by a host that has the previous image",
        when: "after a changed dependency beside one of 20 MB",
        against: 20,
        following: 0,
    },
    find: (build) =>
        stagesBelow(build.target)
            .filter(({ name }) => name !== undefined && !build.layeredStages.includes(name))
            .flatMap(({ steps }) => steps.filter(isRun).filter(({ commands }) => commands.some(installsPackages)))
            .map(({ line }) => line),
};

/** Lists the stages that a stage continues. */
function stagesBelow({ baseStage }: Stage): Stage[] {
    return baseStage === undefined ? [] : [baseStage, ...stagesBelow(baseStage)];
}

function installsPackages(command: Command): boolean {
    return manager.test(managerCommand(command)[0] ?? "") && installsDependencies(command);
}
