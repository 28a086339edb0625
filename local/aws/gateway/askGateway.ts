import type { World } from "../../world/services/world";

/** Address of a gateway, with the access key of its administrator. */
type GatewayAddress = Pick<World, "endpoint" | "accessKeyId" | "secretAccessKey">;

/** Makes the Authorization header of the administrator's requests about the gateway itself. */
export function administratorHeader({ accessKeyId, secretAccessKey }: Omit<GatewayAddress, "endpoint">): string {
    return `Basic ${Buffer.from(`${accessKeyId}:${secretAccessKey}`).toString("base64")}`;
}

/**
 * Asks a gateway about itself, or changes its settings, as its administrator.
 *
 * @param about subject such as `traffic`
 * @param told value sent as JSON. @default - asks
 * @throws Error for an answer other than 200
 */
export async function askGateway(gateway: GatewayAddress, about: string, told?: unknown): Promise<unknown> {
    const answer = await fetch(`${gateway.endpoint}/_gateway/${about}`, {
        method: told === undefined ? "GET" : "POST",
        headers: { Authorization: administratorHeader(gateway) },
        body: told === undefined ? undefined : JSON.stringify(told),
    });
    if (answer.ok) return answer.json();
    throw new Error(`The gateway answered ${answer.status} about ${about}: ${await answer.text()}`);
}
