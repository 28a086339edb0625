import { text } from "node:stream/consumers";
import { STSClient } from "@aws-sdk/client-sts";
import { openSsm } from "./openSsm";
import { runCommandOnNodes } from "./runCommand";

/** Request that the API sends to the process of a command, on its standard input. */
export interface CommandRequest {
    /** Folder of documents, nodes and commands; see openSsm(). */
    folder: string;
    accountId: string;
    commandId: string;
    /** Endpoint and access key of AWS's administrator. */
    endpoint: string;
    region: string;
    accessKeyId: string;
    secretAccessKey: string;
}

/** Runs one command that the API was asked to send, to its end. */
async function main(): Promise<void> {
    const request = JSON.parse(await text(process.stdin)) as CommandRequest;
    const { documents, nodes, commands } = openSsm(request.folder, request.accountId);
    const record = await commands.read(request.commandId);
    if (record === undefined) throw new Error(`There is no command ${request.commandId} in ${request.folder}.`);
    const { document } = documents.parsed(record.documentName, record.documentVersion);
    const { endpoint, region, accessKeyId, secretAccessKey } = request;
    const sts = new STSClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
    await runCommandOnNodes(record, { commands, nodes: await nodes.list(), document, sts });
}

main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
});
