import * as fs from "node:fs/promises";
import type { AccessLogEntry } from "../../local/aws/gateway/iam/accessLog";
import { worldDirectory } from "../../local/paths";
import { worldLayout } from "../../local/world/services/layout";

/** Reads the requests to the gateway since its start, the oldest first. */
export async function readAccessLog(): Promise<AccessLogEntry[]> {
    const text = await fs.readFile(`${worldLayout(worldDirectory()).gatewayState}/access.log`, "utf8");
    return text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as AccessLogEntry);
}
