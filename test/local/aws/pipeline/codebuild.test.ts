import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { StartBuildCommand } from "@aws-sdk/client-codebuild";
import {
    CodePipelineClient,
    CreatePipelineCommand,
    GetPipelineExecutionCommand,
    ListActionExecutionsCommand,
    type PipelineDeclaration,
    StartPipelineExecutionCommand,
} from "@aws-sdk/client-codepipeline";
import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { readZip } from "../../../../local/aws/codebuild/zip";
import { askGateway } from "../../../../local/aws/gateway/askGateway";
import { waitFor } from "../../../../local/machine/waitFor";
import { accountId, allow, bucket, buildspec, region, roleArn, useCodeBuildWorld } from "../codebuild/codebuildWorld";

const connectionArn = `arn:aws:codeconnections:${region}:${accountId}:connection/1`;

describe("pipeline: builds by CodeBuild", function () {
    this.timeout(120_000);
    const world = useCodeBuildWorld();

    it("read their artifacts and write theirs under the project's role, and know the commit", async () => {
        // GIVEN two projects of a pipeline: the second one reads what the first one made, besides the source
        const mayUseArtifacts = allow(["s3:GetObject", "s3:PutObject"], `arn:aws:s3:::${bucket}/*`);
        const project = (name: string, commands: string[], rest: object) =>
            world.project({
                name,
                source: { type: "CODEPIPELINE", buildspec: buildspec({ build: { commands } }, rest) },
                artifacts: { type: "CODEPIPELINE" },
                statements: [mayUseArtifacts],
            });
        await project("making", ["echo made > made.txt", "export FACT=$(cat word)-$GIVEN"], {
            env: { "exported-variables": ["FACT"] },
            artifacts: { files: ["made.txt"] },
        });
        const facts = [
            "cat word",
            "cat $CODEBUILD_SRC_DIR_Made/made.txt",
            "echo $CODEBUILD_RESOLVED_SOURCE_VERSION",
            "echo $CODEBUILD_INITIATOR",
            "echo $CODEBUILD_SOURCE_VERSION",
            "echo ${CODEBUILD_SOURCE_REPO_URL:-none}",
        ];
        await project("using", [`ALL="$(${facts.join("; ")})"`, "export ALL"], {
            env: { "exported-variables": ["ALL"] },
        });
        const trust = (Principal: object) =>
            JSON.stringify({
                Version: "2012-10-17",
                Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal }],
            });
        for (const [RoleName, principal, statements] of [
            ["line", { Service: "codepipeline.amazonaws.com" }, [allow("sts:AssumeRole", roleArn("line-action"))]],
            ["line-action", { AWS: roleArn("line") }, [allow("*", "*")]],
        ] as const) {
            const AssumeRolePolicyDocument = trust(principal);
            await world.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
            await world.allowRole(RoleName, [...statements]);
        }
        const folder = await world.source({ word: "hello" });
        const git = (...args: string[]) =>
            execFileSync("git", ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
                encoding: "utf8",
            }).trim();
        git("init", "--quiet", "--initial-branch", "main");
        git("add", ".");
        git("commit", "--quiet", "-m", "hello");
        const connected = { connectionArn, repository: "team/app", folder };
        await askGateway(world.host.world, "connections", connected);
        const pipeline: PipelineDeclaration = {
            name: "line",
            roleArn: roleArn("line"),
            artifactStore: { type: "S3", location: bucket },
            stages: [
                {
                    name: "Source",
                    actions: [
                        {
                            ...typed("Source", "Source", "CodeStarSourceConnection"),
                            configuration: {
                                ConnectionArn: connectionArn,
                                FullRepositoryId: "team/app",
                                BranchName: "main",
                            },
                            outputArtifacts: [{ name: "Source" }],
                        },
                    ],
                },
                {
                    name: "Build",
                    actions: [
                        {
                            ...typed("Make", "Build", "CodeBuild"),
                            configuration: {
                                ProjectName: "making",
                                EnvironmentVariables:
                                    '[{"name":"GIVEN","value":"#{codepipeline.PipelineExecutionId}"}]',
                            },
                            inputArtifacts: [{ name: "Source" }],
                            outputArtifacts: [{ name: "Made" }],
                            namespace: "making",
                        },
                        {
                            ...typed("Use", "Test", "CodeBuild"),
                            configuration: { ProjectName: "using", PrimarySource: "Source" },
                            inputArtifacts: [{ name: "Made" }, { name: "Source" }],
                            runOrder: 2,
                        },
                    ],
                },
            ],
        };
        const client = new CodePipelineClient(world.settings);
        await client.send(new CreatePipelineCommand({ pipeline }));
        // WHEN the pipeline runs
        const { pipelineExecutionId } = await client.send(new StartPipelineExecutionCommand({ name: "line" }));
        const execution = { pipelineName: "line", pipelineExecutionId };
        const status = await waitFor(async () => {
            const answer = await client.send(new GetPipelineExecutionCommand(execution));
            return answer.pipelineExecution?.status === "InProgress" ? undefined : answer.pipelineExecution?.status;
        }, 60_000);
        const { actionExecutionDetails: [used, made] = [] } = await client.send(
            new ListActionExecutionsCommand({ pipelineName: "line", filter: { pipelineExecutionId } }),
        );
        // THEN both builds saw what they should
        assert.equal(status, "Succeeded", JSON.stringify([made?.output, used?.output]));
        assert.deepEqual(made?.output?.outputVariables, { FACT: `hello-${pipelineExecutionId}` });
        const { key = "" } = made.output.outputArtifacts?.[0]?.s3location ?? {};
        assert.deepEqual(
            readZip(await world.object(key)).map(({ name, content }) => [name, content.toString()]),
            [["made.txt", "made\n"]],
        );
        const source = made.input?.inputArtifacts?.[0]?.s3location;
        assert.deepEqual(used?.output?.outputVariables?.ALL?.split("\n"), [
            "hellomade",
            git("rev-parse", "HEAD"),
            "codepipeline/line",
            `arn:aws:s3:::${source?.bucket}/${source?.key}`,
            "none",
        ]);
        // AND nobody else can start these projects
        await assert.rejects(world.codebuild.send(new StartBuildCommand({ projectName: "making" })), {
            name: "InvalidInputException",
            message: "Project making belongs to a pipeline, which alone can start its builds.",
        });
    });
});

/** Makes name, type and role of an action. */
function typed(name: string, category: "Source" | "Build" | "Test", provider: string) {
    return {
        name,
        actionTypeId: { category, owner: "AWS" as const, provider, version: "1" },
        roleArn: roleArn("line-action"),
    };
}
