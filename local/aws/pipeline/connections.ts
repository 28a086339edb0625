import * as fs from "node:fs";
import { z } from "zod";
import { StateMap } from "../stateFile";

const folder = z
    .string()
    .refine((value) => value.startsWith("/") && fs.statSync(value, { throwIfNoEntry: false })?.isDirectory(), {
        error: "an absolute path of a folder of this machine",
    });

const connectedFolder = z.strictObject({
    /** ARN of the connection. */
    connectionArn: z.string().startsWith("arn:"),
    /** Name of the repository, as a source action's FullRepositoryId. */
    repository: z.string().min(1),
    /** Folder that stands for the repository, a git work tree. */
    folder,
});

/** Folder of this machine that stands for a repository behind a connection. */
export type ConnectedFolder = z.infer<typeof connectedFolder>;

/** Folders that stand for repositories, in a file. */
export class Connections {
    private readonly stored: StateMap<ConnectedFolder>;

    constructor(file: string) {
        this.stored = new StateMap(file);
    }

    /** Names the folder of one repository. @throws Error naming the fields that are unknown or have a wrong value */
    set(value: unknown): ConnectedFolder[] {
        const result = connectedFolder.safeParse(value);
        if (!result.success) throw new Error(z.prettifyError(result.error));
        this.stored.set(keyOf(result.data), result.data);
        return this.list();
    }

    /** Lists all folders. */
    list(): ConnectedFolder[] {
        return [...this.stored.values()];
    }

    /** Finds the folder of a repository; undefined where there is none. */
    folderOf(connectionArn: string, repository: string): string | undefined {
        return this.stored.get(keyOf({ connectionArn, repository }))?.folder;
    }
}

function keyOf({ connectionArn, repository }: Omit<ConnectedFolder, "folder">): string {
    return `${connectionArn} ${repository}`;
}
