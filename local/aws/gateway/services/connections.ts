import type { Connections } from "../../pipeline/connections";
import { RequestError } from "../../requestError";
import { type CallHandler, jsonAnswer } from "../call/callHandler";

/** Part of the gateway that serves calls about connections to Git hosts. */
export interface ConnectionContext {
    connections: Connections;
}

/** Handlers of the calls about connections. A connection exists, and is AVAILABLE, where a folder stands for a repository behind it. */
export const connectionCalls: Record<string, CallHandler<ConnectionContext>> = {
    "codestar-connections:GetConnection": ({ members }, { connections }) => {
        const ConnectionArn = String(members.ConnectionArn);
        if (connections.list().some(({ connectionArn }) => connectionArn === ConnectionArn)) {
            return jsonAnswer({ Connection: { ConnectionArn, ConnectionStatus: "AVAILABLE" } });
        }
        throw new RequestError("ResourceNotFoundException", `Connection not found: ${ConnectionArn}`);
    },
};
