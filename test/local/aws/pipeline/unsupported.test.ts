import assert from "node:assert/strict";
import type { ActionDeclaration, PipelineDeclaration, StageDeclaration } from "@aws-sdk/client-codepipeline";
import { unsupportedPart } from "../../../../local/aws/pipeline/unsupported";
import { approvalAction, buildAction, sourceAction } from "./pipelineWorld";

const region = "eu-central-1";
const pipeline = (more: Partial<PipelineDeclaration> = {}): PipelineDeclaration => ({
    name: "line",
    roleArn: "role",
    pipelineType: "V2",
    version: 3,
    executionMode: "QUEUED",
    artifactStore: { type: "S3", location: "bucket" },
    triggers: [],
    variables: [],
    stages: [
        { name: "Source", actions: [sourceAction()] },
        { name: "Build", actions: [buildAction("Build", "app", { runOrder: 1, region, timeoutInMinutes: 5 })] },
        { name: "Ask", actions: [approvalAction("Ask", { CustomData: "data" })] },
    ],
    ...more,
});
const stage = (more: Partial<StageDeclaration>) =>
    pipeline({ stages: [{ name: "Build", actions: [buildAction("Build", "app")], ...more }] });
const action = (more: Partial<ActionDeclaration>) => stage({ actions: [buildAction("Build", "app", more)] });
const typeOf = (provider: string, version = "1") =>
    action({ actionTypeId: { category: "Deploy", owner: "AWS", provider, version } });

describe("parts of a pipeline that are not run offline", () => {
    it("are none in a pipeline of sources, builds and approvals", () =>
        assert.equal(unsupportedPart(pipeline(), region), undefined));

    const cases: [declared: PipelineDeclaration, part: string][] = [
        [pipeline({ executionMode: "PARALLEL" }), "The pipeline line has the execution mode PARALLEL"],
        [
            pipeline({ artifactStores: { [region]: { type: "S3", location: "bucket" } } }),
            "The pipeline line has artifactStores",
        ],
        [stage({ onFailure: { result: "ROLLBACK" } }), "The stage Build has onFailure"],
        [stage({ beforeEntry: { conditions: [{ result: "FAIL" }] } }), "The stage Build has beforeEntry"],
        [typeOf("ECS"), "The action Build of stage Build is of the type Deploy by AWS ECS version 1"],
        [action({ region: "us-east-1" }), "The action Build of stage Build is in the Region us-east-1"],
        [action({ commands: ["ls"] }), "The action Build of stage Build has commands"],
        [
            action({ configuration: { BatchEnabled: "true" } }),
            "The action Build of stage Build, in its configuration, has BatchEnabled",
        ],
        [
            stage({
                actions: [{ ...sourceAction(), configuration: { OutputArtifactFormat: "CODEBUILD_CLONE_REF" } }],
            }),
            "The action Source of stage Build has the OutputArtifactFormat CODEBUILD_CLONE_REF",
        ],
    ];
    for (const [declared, part] of cases) {
        it(`are named: ${part}`, () =>
            assert.equal(unsupportedPart(declared, region), `${part}, which is not run offline.`));
    }
});
