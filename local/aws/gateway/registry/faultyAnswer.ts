import type * as http from "node:http";
import { readBody } from "../http/messages";
import type { RegistryExchange } from "./registryExchange";
import type { FaultyAnswer } from "./registryFaults";

/** Sends the answer of a fault that has its own. */
export function answerFault(exchange: RegistryExchange, answer: Exclude<FaultyAnswer, "truncate">): void {
    if (answer === "reset") exchange.response.socket?.resetAndDestroy();
    else if (answer === 429) exchange.refuse(answer, "TOOMANYREQUESTS", "Rate exceeded");
    else exchange.refuse(answer, "UNKNOWN", "The registry failed.");
}

/** Passes half of an answer's body on, and ends the connection. */
export async function truncateAnswer(upstream: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = await readBody(upstream, Infinity);
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
}
