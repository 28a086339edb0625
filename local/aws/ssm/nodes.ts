import * as fs from "node:fs/promises";
import * as path from "node:path";
import { z } from "zod";
import { readJsonFile, writeJsonFile } from "../../machine/jsonFile";

const nodeSchema = z.object({
    /** Id of the instance, such as `i-0123456789abcdef0`. */
    instanceId: z.string().regex(/^i-[0-9a-f]{17}$/),
    computerName: z.string(),
    tags: z.record(z.string(), z.string()),
    /** Role of the instance profile. */
    roleArn: z.string(),
    /** Variables of all programs that the agent runs: the places of programs, Docker and AWS. */
    environment: z.record(z.string(), z.string()),
    /** Version of the SSM agent. */
    agentVersion: z.string(),
    pingStatus: z.enum(["Online", "ConnectionLost"]),
});

/** Host that an agent manages; on this machine, a folder with its own Docker daemon. */
export type ManagedNode = z.infer<typeof nodeSchema>;

/** Agent version of nodes that name no other one. */
export const currentAgentVersion = "3.3.3572.0";

/** Managed nodes of one world, one file each in a folder that its owner alone may read. */
export class Nodes {
    /** @param folder folder of the files, created with the first node */
    constructor(private readonly folder: string) {}

    /** Registers a node, or replaces it. */
    async register(node: ManagedNode): Promise<void> {
        await fs.mkdir(this.folder, { recursive: true, mode: 0o700 });
        await writeJsonFile(path.join(this.folder, `${node.instanceId}.json`), nodeSchema.parse(node));
    }

    /** Forgets a node. */
    async remove(instanceId: string): Promise<void> {
        await fs.rm(path.join(this.folder, `${instanceId}.json`), { force: true });
    }

    /** Lists all nodes by id. */
    async list(): Promise<ManagedNode[]> {
        const names = await fs.readdir(this.folder).catch((error: NodeJS.ErrnoException) => {
            if (error.code === "ENOENT") return [];
            throw error;
        });
        const nodes = await Promise.all(
            names.sort().map((name) => readJsonFile(path.join(this.folder, name), nodeSchema)),
        );
        return nodes.filter((node) => node !== undefined);
    }
}
