import * as pulumi from "@pulumi/pulumi";

/** Queue of the builds in one run of the program. */
class BuildQueue {
    private underWay = 0;
    private readonly waiting: { limit: number; start: () => void }[] = [];

    /** Resolves when fewer builds than `limit` are running and all earlier callers have begun. */
    enter(limit: number): Promise<void> {
        return new Promise((start) => {
            this.waiting.push({ limit, start });
            this.startNext();
        });
    }

    /** Ends one build. */
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

/** Queues by run. A process may run a program several times, also after a failure that left builds unfinished; each run has a stack of its own. */
const queues = new WeakMap<object, BuildQueue>();

/** Stand-in for the run where there is no stack, under mocks. */
const noStack = {};

/**
 * Declares a resource that builds, and delays it until its turn: one input waits until fewer builds than `limit` are running. The engine's
 * own limit (`--parallel`) would delay all other resources as well. Chains of `dependsOn` would stay in the state (pulumi-docker #496).
 *
 * @param limit builds that run at once, this one included. undefined for no limit
 * @param input one of the resource's inputs; an input unknown to a preview needs no wait
 * @param declare function that declares the resource with that input
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
