import assert from "node:assert/strict";
import {
    type ActionDeclaration,
    PutApprovalResultCommand,
    RetryStageExecutionCommand,
    StartPipelineExecutionCommand,
} from "@aws-sdk/client-codepipeline";
import { StartBuildCommand } from "@aws-sdk/client-codebuild";
import {
    accountId,
    allow,
    approvalAction,
    bucket,
    buildAction,
    connectionArn,
    type PipelineWorld,
    roleArn,
    sourceAction,
    usePipelineWorld,
} from "./pipelineWorld";

const byPipeline = { AWS: roleArn("pipeline") };
const codepipeline = { Service: "codepipeline.amazonaws.com" };
const project = `arn:aws:codebuild:eu-central-1:${accountId}:project/app`;
const mayUseConnection = allow("codeconnections:UseConnection", connectionArn);

describe("pipeline: permissions", function () {
    this.timeout(60_000);
    const world = usePipelineWorld();

    /** Runs a pipeline to its failure. @returns name and message of the failed action */
    async function failure(
        source: ActionDeclaration,
        build: ActionDeclaration,
        more: Parameters<PipelineWorld["pipeline"]>[1] = {},
    ) {
        const stages = [
            { name: "Source", actions: [source] },
            { name: "Build", actions: [build] },
        ];
        const name = await world.pipeline({}, { stages, ...more });
        const id = await world.execute(name);
        await world.until(name, id, "Failed");
        const [action = "", , message = ""] = (await world.actions(name, id)).at(-1) ?? [];
        return { action, message };
    }

    const build = buildAction("Build", "app");

    it("fail a build whose role may not start it, or not see it", async () => {
        await world.role("starts-nothing", byPipeline, []);
        const message = (action: string, role: string) =>
            new RegExp(`^The role ${roleArn(role)} is not authorized to perform ${action} on ${project}: User: `);
        const first = await failure(sourceAction(), { ...build, roleArn: roleArn("starts-nothing") });
        assert.equal(first.action, "Build");
        assert.match(first.message, message("codebuild:StartBuild", "starts-nothing"));
        await world.role("only-starts", byPipeline, [allow("codebuild:StartBuild", project)]);
        const second = await failure(sourceAction(), { ...build, roleArn: roleArn("only-starts") });
        assert.match(second.message, message("codebuild:BatchGetBuilds", "only-starts"));
    });

    it("fail a source whose role may not use the connection, or not write the artifact", async () => {
        await world.role("writes-only", byPipeline, [allow("s3:PutObject", `arn:aws:s3:::${bucket}/*`)]);
        const first = await failure({ ...sourceAction(), roleArn: roleArn("writes-only") }, build);
        const connection = `not authorized to perform codeconnections:UseConnection on ${connectionArn}: `;
        assert.ok(first.message.startsWith(`The role ${roleArn("writes-only")} is ${connection}`), first.message);
        await world.role("connects-only", byPipeline, [mayUseConnection]);
        const second = await failure({ ...sourceAction(), roleArn: roleArn("connects-only") }, build);
        assert.match(
            second.message,
            new RegExp(
                `^The role ${roleArn("connects-only")} is not authorized to perform s3:PutObject on arn:aws:s3:::${bucket}/`,
            ),
        );
    });

    it("are enough with one statement for each call", async () => {
        await world.role("sources", byPipeline, [mayUseConnection, allow("s3:PutObject", `arn:aws:s3:::${bucket}/*`)]);
        await world.role("builds", byPipeline, [allow(["codebuild:StartBuild", "codebuild:BatchGetBuilds"], project)]);
        const stages = [
            { name: "Source", actions: [{ ...sourceAction(), roleArn: roleArn("sources") }] },
            { name: "Build", actions: [{ ...build, roleArn: roleArn("builds") }] },
        ];
        const name = await world.pipeline({}, { stages });
        await world.until(name, await world.execute(name), "Succeeded");
    });

    it("fail where CodePipeline may not assume the pipeline's role, or this one not the action's", async () => {
        await world.role("other-service", { Service: "codebuild.amazonaws.com" }, [allow("*")]);
        const first = await failure(sourceAction(), build, { roleArn: roleArn("other-service") });
        assert.match(
            first.message,
            new RegExp(
                `^CodePipeline is not authorized to perform sts:AssumeRole on ${roleArn("other-service")}: User: codepipeline.amazonaws.com`,
            ),
        );
        const only = (name: string) => ({
            ArnEquals: { "aws:SourceArn": `arn:aws:codepipeline:eu-central-1:${accountId}:${name}` },
            StringEquals: { "aws:SourceAccount": accountId },
        });
        const mayAll = [allow("*")];
        await world.role("for-another", codepipeline, mayAll, only("another"));
        const other = await failure(sourceAction(), build, { roleArn: roleArn("for-another") });
        assert.match(other.message, /^CodePipeline is not authorized to perform sts:AssumeRole on/);
        await world.role("for-this", codepipeline, mayAll, only("this"));
        const own = await failure(sourceAction(), build, { name: "this", roleArn: roleArn("for-this") });
        // The role of the pipeline was assumed; that of the action trusts another one.
        assert.match(own.message, /^The role .*role\/for-this is not authorized to perform sts:AssumeRole on/);
        await world.role("assumes-nothing", codepipeline, []);
        const second = await failure(sourceAction(), build, { roleArn: roleArn("assumes-nothing") });
        const sentence = `The role ${roleArn("assumes-nothing")} is not authorized to perform sts:AssumeRole on ${roleArn("action")}: `;
        assert.ok(second.message.startsWith(sentence), second.message);
        await world.role("trusts-nobody", { AWS: roleArn("starts-nothing") }, [allow("*")]);
        const third = await failure({ ...sourceAction(), roleArn: roleArn("trusts-nobody") }, build);
        assert.match(third.message, /^The role .*role\/pipeline is not authorized to perform sts:AssumeRole on/);
    });

    it("fail a source without a folder, as a connection that is not AVAILABLE", async () => {
        const source = sourceAction();
        source.configuration!.FullRepositoryId = "team/unknown";
        const { message } = await failure(source, build);
        assert.equal(
            message,
            `The connection ${connectionArn} is not AVAILABLE: no folder of this machine stands for team/unknown; name one by POST /_gateway/connections.`,
        );
    });

    it("separate who starts, approves and retries, by pipeline, action and stage", async () => {
        const name = await world.pipeline({ Approve: [approvalAction("Ask")] });
        const arn = `arn:aws:codepipeline:eu-central-1:${accountId}:${name}`;
        const approver = await world.gateway.assumeRole("approver", [
            allow("codepipeline:PutApprovalResult", `${arn}/Approve/Ask`),
        ]);
        const starter = await world.gateway.assumeRole("starter", [allow("codepipeline:StartPipelineExecution", arn)]);
        const denied = (action: string, resource: string) => ({
            name: "AccessDeniedException",
            message: new RegExp(`is not authorized to perform: codepipeline:${action} on resource: ${resource} `),
        });
        // WHEN the one who starts starts, and tries to approve
        const start = new StartPipelineExecutionCommand({ name });
        await assert.rejects(approver.codepipeline.send(start), denied("StartPipelineExecution", arn));
        const { pipelineExecutionId = "" } = await starter.codepipeline.send(start);
        const { token } = await world.untilAction(name, "Ask", "InProgress");
        const approve = {
            pipelineName: name,
            stageName: "Approve",
            actionName: "Ask",
            result: { status: "Approved" as const, summary: "fine" },
            token,
        };
        await assert.rejects(
            starter.codepipeline.send(new PutApprovalResultCommand(approve)),
            denied("PutApprovalResult", `${arn}/Approve/Ask`),
        );
        // THEN only the approver can, with the right token, once
        await assert.rejects(
            approver.codepipeline.send(new PutApprovalResultCommand({ ...approve, token: pipelineExecutionId })),
            { name: "InvalidApprovalTokenException" },
        );
        await approver.codepipeline.send(new PutApprovalResultCommand(approve));
        await world.until(name, pipelineExecutionId, "Succeeded");
        await assert.rejects(approver.codepipeline.send(new PutApprovalResultCommand(approve)), {
            name: "ApprovalAlreadyCompletedException",
        });
        const retry = {
            pipelineName: name,
            stageName: "Approve",
            pipelineExecutionId,
            retryMode: "ALL_ACTIONS" as const,
        };
        await assert.rejects(
            starter.codepipeline.send(new RetryStageExecutionCommand(retry)),
            denied("RetryStageExecution", `${arn}/Approve`),
        );
    });

    it("let nobody else start the build of a pipeline's project", async () => {
        const command = new StartBuildCommand({ projectName: "app", idempotencyToken: "guessed" });
        await assert.rejects(world.gateway.admin.codebuild.send(command), { message: "no ticket" });
    });
});
