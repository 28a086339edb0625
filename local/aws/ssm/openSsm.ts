import * as path from "node:path";
import { CommandStore } from "./commandStore";
import { DocumentStore } from "./documentStore";
import { Nodes } from "./nodes";

/** What Systems Manager's Run Command consists of. */
export interface Ssm {
    documents: DocumentStore;
    nodes: Nodes;
    commands: CommandStore;
}

/** @param folder exists; holds everything @param accountId 12 digits */
export function openSsm(folder: string, accountId: string): Ssm {
    return {
        documents: new DocumentStore(path.join(folder, "documents.json"), accountId),
        nodes: new Nodes(path.join(folder, "nodes")),
        commands: new CommandStore(path.join(folder, "commands")),
    };
}
