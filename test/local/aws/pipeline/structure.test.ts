import assert from "node:assert/strict";
import type { ActionDeclaration, PipelineDeclaration, StageDeclaration } from "@aws-sdk/client-codepipeline";
import { structureProblem } from "../../../../local/aws/pipeline/structure";
import { approvalAction, buildAction, sourceAction } from "./pipelineWorld";

const source = { name: "Source", actions: [sourceAction()] };
const made = (name: string, more: Partial<ActionDeclaration> = {}) =>
    buildAction(name, "app", { outputArtifacts: [{ name: "Made" }], ...more });
const using = (more: Partial<ActionDeclaration> = {}) =>
    buildAction("Use", "app", { inputArtifacts: [{ name: "Made" }], ...more });

describe("structure of a pipeline", () => {
    const cases: [what: string, stages: StageDeclaration[], problem: string | undefined][] = [
        ["a source and a build", [source, { name: "Build", actions: [made("Build")] }], undefined],
        [
            "an artifact of an earlier action of the stage",
            [source, { name: "Build", actions: [made("Build"), using({ runOrder: 2 })] }],
            undefined,
        ],
        ["one stage", [source], "Pipeline has only 1 stage(s). There should be a minimum of 2 stages in a pipeline"],
        [
            "a build in the first stage",
            [{ name: "Source", actions: [sourceAction(), approvalAction("Ask")] }, source],
            "Pipeline should start with a stage that only contains source actions, and no other stage has any",
        ],
        [
            "a source in a later stage",
            [source, { name: "Build", actions: [sourceAction("Again")] }],
            "Pipeline should start with a stage that only contains source actions, and no other stage has any",
        ],
        [
            "two stages of one name",
            [source, { name: "Source", actions: [made("Build")] }],
            "Stage names must be unique; Source has been used more than once",
        ],
        ["a stage without actions", [source, { name: "Build", actions: [] }], "Stage Build has no actions"],
        [
            "two actions of one name",
            [source, { name: "Build", actions: [approvalAction("Ask"), approvalAction("Ask")] }],
            "Action names must be unique in stage Build; Ask is there more than once",
        ],
        [
            "two makers of one artifact",
            [source, { name: "Build", actions: [made("One"), made("Two")] }],
            "Output Artifact Bundle name must be unique within the pipeline. Made has been used more than once",
        ],
        [
            "two actions with one namespace",
            [source, { name: "Build", actions: [made("One", { namespace: "source" })] }],
            "Namespaces must be unique within the pipeline; source is there twice",
        ],
        [
            "an artifact of an action beside it",
            [source, { name: "Build", actions: [made("Build"), using()] }],
            "Input Artifact Bundle Made in action Use is not declared as Output Artifact Bundle in any of the preceding actions",
        ],
    ];
    for (const [what, stages, problem] of cases) {
        it(`${problem === undefined ? "takes" : "refuses"} ${what}`, () => {
            assert.equal(structureProblem({ stages } as PipelineDeclaration), problem);
        });
    }
});
