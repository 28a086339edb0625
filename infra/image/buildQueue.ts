import * as pulumi from "@pulumi/pulumi";

/** Builds of one run of the program. */
class BuildQueue {
    private underWay = 0;
    private readonly waiting: { limit: number; start: () => void }[] = [];

    /** Resolves when fewer builds than `limit` are under way and all that asked before have begun. */
    enter(limit: number): Promise<void> {
        return new Promise((start) => {
            this.waiting.push({ limit, start });
            this.startNext();
        });
    }

    /** One build is over. */
    leave(): void {
        this.underWay -= 1;
        this.startNext();
    }

    private startNext(): void {
        for (let next = this.waiting[0]; next !== undefined && this.underWay < next.limit; next = this.waiting[0]) {
            this.waiting.shift();
            this.underWay += 1;
            next.start();
        }
    }
}

/** A process may run a program several times, also after a failure that left builds unfinished; each run has a stack of its own. */
const queues = new WeakMap<object, BuildQueue>();

/** Stands for the run where there is no stack, under mocks. */
const noStack = {};

/**
 * Declares a resource that builds, and lets the engine have it only when it is its turn: an input waits until fewer builds than
 * `limit` are under way. The engine's own limit (`--parallel`) would hold back everything else as well, and chains of `dependsOn`
 * would stay in the state (pulumi-docker #496).
 *
 * @param limit builds under way at once, this one included. undefined for no limit
 * @param input one of the resource's inputs; where a preview does not know it, there is nothing to wait for
 * @param declare makes the resource with that input
 */
export function declareInTurn<T, R extends pulumi.Resource>(
    limit: number | undefined,
    input: pulumi.Output<T>,
    declare: (input: pulumi.Output<T>) => R,
): R {
    if (limit === undefined) return declare(input);
    const queue = currentQueue();
    let hasPlace = false;
    const build = declare(
        input.apply(async (value) => {
            await queue.enter(limit);
            hasPlace = true;
            return value;
        }),
    );
    // The engine answers when the build is over; a build that fails ends the run, and with it the queue.
    build.urn.apply(() => {
        if (hasPlace) queue.leave();
    });
    return build;
}

function currentQueue(): BuildQueue {
    const run = pulumi.runtime.getStackResource() ?? noStack;
    const queue = queues.get(run) ?? new BuildQueue();
    queues.set(run, queue);
    return queue;
}
