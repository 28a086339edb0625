import * as path from "node:path";
import { CommandStore } from "./commandStore";
import { DocumentStore } from "./documentStore";
import { Nodes } from "./nodes";

/** Parts of Systems Manager's Run Command. */
export type Ssm = ReturnType<typeof openSsm>;

/** Opens the parts of Run Command. @param folder existing folder for all their files @param accountId 12 digits */
export function openSsm(folder: string, accountId: string) {
    return {
        documents: new DocumentStore(path.join(folder, "documents.json"), accountId),
        nodes: new Nodes(path.join(folder, "nodes")),
        commands: new CommandStore(path.join(folder, "commands")),
    };
}
