import * as fs from "node:fs/promises";
import * as path from "node:path";
import { z } from "zod";
import { runCommand } from "./command";
import type { ToolContext } from "./context";
import { download } from "./download";
import type { Step } from "./pace";
import { withProgress } from "./report";
import type { StoredTool } from "./store";
import { isUsable, type SystemTool } from "./systemTools";

const fileSchema = z.object({
    /** Host and path of the file. */
    path: z.string(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const tableSchema = z.record(
    z.string(),
    z.object({
        version: z.string(),
        /** Path of the executable in the archive (.tar.gz); absent where the file itself is the executable. */
        member: z.string().optional(),
        /** Files by architecture, as Node names it. */
        x64: fileSchema.optional(),
        arm64: fileSchema.optional(),
    }),
);

/**
 * Describes the download of a tool, from tools/downloads.json or the table that CACHED_IMAGE_PIPELINE_DOWNLOAD_TABLE names.
 *
 * @returns undefined when the table has no file of the tool for this machine's architecture
 * @throws one sentence when the table cannot be read
 */
export async function downloadedTool(tool: SystemTool, context: ToolContext): Promise<StoredTool | undefined> {
    const entry = (await readTable(context))[tool.name];
    const file = entry?.[process.arch as "x64" | "arm64"];
    if (entry === undefined || file === undefined) return undefined;
    const executable = (folder: string) => path.join(folder, "bin", tool.name);
    const fetchTool = async (folder: string) => {
        const downloaded = path.join(folder, "download");
        await download(`${baseAddress()}/${file.path}`, downloaded, file.sha256, context.signal);
        await fs.mkdir(path.join(folder, "bin"));
        if (entry.member === undefined) {
            await fs.rename(downloaded, executable(folder));
        } else {
            const unpacked = path.join(folder, "unpacked");
            await fs.mkdir(unpacked);
            const archive = ["--extract", "--gzip", "--no-same-owner", "--file", downloaded, "--directory", unpacked];
            await runCommand("tar", [...archive, entry.member], { signal: context.signal });
            await fs.rename(path.join(unpacked, entry.member), executable(folder));
            await fs.rm(unpacked, { recursive: true });
            await fs.rm(downloaded);
        }
        await fs.chmod(executable(folder), 0o755);
    };
    const step: Step = { what: `downloading ${tool.name} ${entry.version}`, kind: "fetch", seconds: 10 };
    return {
        name: tool.name,
        content: ["download", entry.member, file.sha256],
        isUsable: (folder) => isUsable(executable(folder), tool, context),
        make: (folder) => withProgress(context.report, context.pace, step, () => fetchTool(folder)),
    };
}

/** Returns the text before host and path: https:, or a mirror that has the hosts as folders. */
function baseAddress(): string {
    return process.env.CACHED_IMAGE_PIPELINE_DOWNLOADS?.replace(/\/+$/, "") ?? "https:/";
}

async function readTable({ pinsDirectory }: ToolContext): Promise<z.infer<typeof tableSchema>> {
    const file = process.env.CACHED_IMAGE_PIPELINE_DOWNLOAD_TABLE ?? path.join(pinsDirectory, "downloads.json");
    try {
        return tableSchema.parse(JSON.parse(await fs.readFile(file, "utf8")));
    } catch (error) {
        throw new Error(`The table of downloads ${file} cannot be read: ${(error as Error).message}`, { cause: error });
    }
}
