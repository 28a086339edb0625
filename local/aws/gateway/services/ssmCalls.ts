import { accountId } from "../../ministack/account";
import type { Ssm } from "../../ssm";
import {
    type CommandRecord,
    describeCommand,
    describeInvocation,
    describeInvocationResult,
} from "../../ssm/commandRecord";
import type { DocumentRequest } from "../../ssm/documentStore";
import { RequestError } from "../../requestError";
import { prepareCommand } from "../../ssm/sendCommand";
import { startRunner } from "../../ssm/startRunner";
import type { ApiCall } from "../call/apiRequest";
import { type CallHandler, jsonAnswer } from "../call/callHandler";
import type { Principals } from "../iam/principals";
import type { TaggedAuthorization } from "../iam/taggedAuthorization";

/** Parts of the gateway that serve calls about documents and commands. */
export interface SsmContext {
    /** Folder, region and access key of the programs that run commands. */
    configuration: { ssmDirectory: string; region: string; accessKeyId: string; secretAccessKey: string };
    /** Host and port that clients use, such as 127.0.0.1:4566. */
    host: string;
    /** Owners of access keys. */
    principals: Principals;
    /** Decisions on requests about tagged resources. */
    taggedAuthorization: TaggedAuthorization;
    /** Documents, managed nodes and commands. */
    ssm: Ssm;
}

/** Members of a request, as the API's models have them. */
type Members = Record<string, string | undefined>;

/** Operation that answers with an object, or throws a RequestError. */
type Operation = (members: Members, context: SsmContext, call: ApiCall) => object | undefined | Promise<object>;

const operations: Record<string, Operation> = {
    CreateDocument: (members, { ssm }) => ({ DocumentDescription: ssm.documents.create(documentRequest(members)) }),
    UpdateDocument: (members, { ssm }) => ({ DocumentDescription: ssm.documents.update(documentRequest(members)) }),
    UpdateDocumentDefaultVersion: ({ Name = "", DocumentVersion = "" }, { ssm }) => ({
        Description: ssm.documents.setDefault(Name, DocumentVersion),
    }),
    DescribeDocument: ({ Name = "", DocumentVersion }, { ssm }) => ({
        Document: ssm.documents.description(Name, DocumentVersion),
    }),
    GetDocument: ({ Name = "", DocumentVersion }, { ssm }) => {
        const { content, version } = ssm.documents.content(Name, DocumentVersion);
        return { Name, Content: content, DocumentVersion: version, DocumentType: "Command", DocumentFormat: "JSON" };
    },
    DeleteDocument: ({ Name = "" }, { ssm }) => {
        ssm.documents.delete(Name);
        return {};
    },
    ListTagsForResource: tagsOfDocument((tags) => tags, "TagList"),
    AddTagsToResource: tagsOfDocument((tags, { Tags = [] }) => [
        ...tags.filter(({ Key }) => !Tags.some((added) => added.Key === Key)),
        ...Tags,
    ]),
    RemoveTagsFromResource: tagsOfDocument((tags, { TagKeys = [] }) =>
        tags.filter(({ Key }) => !TagKeys.includes(Key)),
    ),
    SendCommand: sendCommand,
    CancelCommand: async ({ CommandId = "" }, context) => {
        await context.ssm.commands.requestCancel((await find(CommandId, context)).commandId);
        return {};
    },
    ListCommands: async (members, context) => ({ Commands: (await commandsOf(members, context)).map(describeCommand) }),
    ListCommandInvocations: async (members, context) => ({
        CommandInvocations: (await commandsOf(members, context)).flatMap((record) =>
            record.invocations
                .filter(({ instanceId }) => members.InstanceId === undefined || members.InstanceId === instanceId)
                .map((one) => describeInvocation(record, one, String(members.Details) === "true")),
        ),
    }),
    GetCommandInvocation: async ({ CommandId = "", InstanceId }, context) => {
        const record = await context.ssm.commands.read(CommandId);
        const invocation = record?.invocations.find(({ instanceId }) => instanceId === InstanceId);
        if (record === undefined || invocation === undefined) throw new RequestError("InvocationDoesNotExist", "");
        return describeInvocationResult(record, invocation);
    },
    DescribeInstanceInformation: async (_members, { ssm }) => ({
        InstanceInformationList: (await ssm.nodes.list()).map((node) => ({
            InstanceId: node.instanceId,
            ComputerName: node.computerName,
            PingStatus: node.pingStatus,
            AgentVersion: node.agentVersion,
            PlatformType: "Linux",
            ResourceType: "EC2Instance",
        })),
    }),
};

/** Handlers of the calls about documents and Run Command, which the emulator lacks or only pretends to run. */
export const ssmCalls: Record<string, CallHandler<SsmContext>> = Object.fromEntries(
    Object.entries(operations).map(([name, operation]): [string, CallHandler<SsmContext>] => [
        `ssm:${name}`,
        async (call, context) => {
            const body = await operation(call.members as Members, context, call);
            return body && jsonAnswer(body);
        },
    ]),
);

function documentRequest(members: Members): DocumentRequest {
    return members as unknown as DocumentRequest;
}

type Tag = { Key: string; Value: string };

/** Answers calls about tags of documents; the emulator keeps the tags of all other resources. */
function tagsOfDocument(
    edit: (tags: Tag[], request: { Tags?: Tag[]; TagKeys?: string[] }) => Tag[],
    answerMember?: string,
): Operation {
    return (members, { ssm }) => {
        if (members.ResourceType !== "Document") return undefined;
        const tags = ssm.documents.tags(members.ResourceId ?? "", (old) => edit(old, members));
        return answerMember === undefined ? {} : { [answerMember]: tags };
    };
}

/** Sends a command. The caller must be allowed to send it to each instance, whose tags policies may test. */
async function sendCommand(members: Members, context: SsmContext, call: ApiCall): Promise<object> {
    const { record, nodes } = await prepareCommand(members, context.ssm);
    const principal = context.principals.of(call.accessKeyId);
    for (const { instanceId, tags } of nodes) {
        const resource = `arn:aws:ec2:${call.region}:${accountId}:instance/${instanceId}`;
        const keys = Object.entries(tags).flatMap(([key, value]) => [
            [`ssm:resourceTag/${key}`, value],
            [`aws:ResourceTag/${key}`, value],
        ]);
        const decision = await context.taggedAuthorization.decide(
            principal,
            "ssm:SendCommand",
            resource,
            Object.fromEntries(keys) as Record<string, string>,
        );
        if (!decision.allowed) throw new RequestError("AccessDeniedException", decision.message);
    }
    await context.ssm.commands.write(record);
    const { ssmDirectory: folder, region, accessKeyId, secretAccessKey } = context.configuration;
    const { commandId } = record;
    const endpoint = `http://${context.host}`;
    await startRunner({ folder, accountId, commandId, endpoint, region, accessKeyId, secretAccessKey });
    return { Command: describeCommand(record) };
}

async function find(id: string, { ssm }: SsmContext): Promise<CommandRecord> {
    const record = await ssm.commands.read(id);
    if (record === undefined) throw new RequestError("InvalidCommandId", `There is no command ${id}.`);
    return record;
}

async function commandsOf({ CommandId }: Members, context: SsmContext): Promise<CommandRecord[]> {
    return CommandId === undefined ? context.ssm.commands.list() : [await find(CommandId, context)];
}
