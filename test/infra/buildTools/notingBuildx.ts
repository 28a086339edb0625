import type { Buildx, Print } from "../../../infra/buildTools/buildx";
import type { Digests } from "../../../infra/buildTools/proofs";
import { builtImage } from "./imageStates";

/** Name of a build: the round, and the image that it belongs to. */
export type Name = `${"fill" | "stage" | "cache" | "test" | "image"} ${string}`;

/** Stand-in for buildx that builds nothing, and notes its arguments. */
export class NotingBuildx implements Buildx {
    /** Begins and ends of builds, in their order. */
    readonly events: string[] = [];
    /** Arguments of the builds by their names. */
    readonly arguments: Record<string, string[]> = {};
    /** Greatest number of builds that ran at once, by round. */
    readonly most: Record<string, number> = {};
    private running = 0;

    /** @param failing builds that fail */
    constructor(private readonly failing: Name[]) {}

    /** Stand-in for the proofs that notes each write. */
    readonly proofs = {
        write: (repositoryName: string, digests: Digests): Promise<void> => {
            const tags = Object.entries(digests).map(([tag, digest]) => `${repositoryName}:${tag} ${digest}`);
            this.events.push(`prove ${tags.join(", ")}`);
            return Promise.resolve();
        },
    };

    async build(args: string[], print: Print) {
        const name = nameOf(args);
        const [round] = name.split(" ") as [string];
        this.arguments[name] = args;
        this.events.push(`begin ${name}`);
        this.most[round] = Math.max(this.most[round] ?? 0, ++this.running);
        // Others begin before it ends, as far as they may.
        await new Promise(setImmediate);
        print(`progress of ${name}`);
        this.running--;
        this.events.push(`end ${name}`);
        if (this.failing.includes(name)) throw new Error("buildx ended with 1.");
        return builtImage(`sha256:${name.replace(" ", "-")}`);
    }

    join(): Promise<void> {
        throw new Error("No image of these tests is joined.");
    }
}

/** Names a build by its arguments. */
function nameOf(args: string[]): Name {
    const rounds = { "--no-cache": "fill", "--push": "stage", "--only": "cache", "test-context": "test" } as const;
    const [, round = "image"] = Object.entries(rounds).find(([argument]) => args.includes(argument)) ?? [];
    const [, name] = /\/stages\/(\w+)\//.exec(args.join(" ")) ?? /(\w+)-source/.exec(args.join(" ")) ?? [];
    return `${round} ${name}`;
}
