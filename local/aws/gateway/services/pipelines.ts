import type { PipelineDeclaration, Tag } from "@aws-sdk/client-codepipeline";
import { accountId } from "../../ministack/account";
import type { Pipelines, StoredPipeline } from "../../pipeline/pipelines";
import { type CallHandler, type Json, jsonAnswer } from "../call/callHandler";
import { pageOf } from "../call/page";

/** Parts of the gateway that serve calls about declared pipelines. */
export interface PipelineContext {
    configuration: { region: string };
    /** Declared pipelines. */
    pipelines: Pipelines;
    /** Runner of their executions. */
    pipelineRunner: { forget(pipeline: string): Promise<void> };
}

const declarationOf = (members: Json) => members.pipeline as PipelineDeclaration;
const tagsOf = (members: Json) => (members.tags ?? []) as Tag[];

/** Handlers of the calls about declared pipelines, which the emulator lacks. */
export const pipelineCalls: Record<string, CallHandler<PipelineContext>> = {
    // AWS starts an execution now; here a person does, so that an update starts no builds.
    "codepipeline:CreatePipeline": ({ members }, { pipelines }) => {
        const { pipeline, tags } = pipelines.create(declarationOf(members), tagsOf(members));
        return jsonAnswer({ pipeline, tags });
    },
    "codepipeline:GetPipeline": ({ members }, { pipelines, configuration }) => {
        const { pipeline, created, updated } = pipelines.existing(String(members.name));
        const pipelineArn = `arn:aws:codepipeline:${configuration.region}:${accountId}:${pipeline.name}`;
        return jsonAnswer({ pipeline, metadata: { pipelineArn, created, updated } });
    },
    "codepipeline:UpdatePipeline": ({ members }, { pipelines }) =>
        jsonAnswer({ pipeline: pipelines.update(declarationOf(members)).pipeline }),
    "codepipeline:DeletePipeline": async ({ members }, { pipelines, pipelineRunner }) => {
        const name = String(members.name);
        pipelines.delete(name);
        await pipelineRunner.forget(name);
        return jsonAnswer({});
    },
    "codepipeline:ListPipelines": ({ members }, { pipelines }) => {
        const { items, nextToken } = pageOf(pipelines.list().map(summary), members);
        return jsonAnswer({ pipelines: items, nextToken });
    },
    "codepipeline:ListTagsForResource": ({ members }, { pipelines }) =>
        jsonAnswer({ tags: pipelines.tags(String(members.resourceArn)) }),
    "codepipeline:TagResource": ({ members }, { pipelines }) => {
        const added = tagsOf(members);
        pipelines.tag(String(members.resourceArn), (tags) => [
            ...tags.filter(({ key }) => !added.some((one) => one.key === key)),
            ...added,
        ]);
        return jsonAnswer({});
    },
    "codepipeline:UntagResource": ({ members }, { pipelines }) => {
        const removed = members.tagKeys as string[];
        pipelines.tag(String(members.resourceArn), (tags) => tags.filter(({ key }) => !removed.includes(key ?? "")));
        return jsonAnswer({});
    },
};

function summary({ pipeline, created, updated }: StoredPipeline) {
    const { name, version, pipelineType, executionMode } = pipeline;
    return { name, version, pipelineType, executionMode, created, updated };
}
