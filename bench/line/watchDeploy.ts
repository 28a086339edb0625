import { watchAnswers } from "./answerTimes";
import { DockerEvents, lastTime } from "./dockerEvents";
import type { LineWorld } from "./lineWorld";
import type { Mark } from "./phases";

/** Result of a deploy, with the ends of its phases on the host. */
export interface WatchedDeploy<Result> {
    result: Result;
    pulled: Mark;
    start: Mark;
    health: Mark;
}

/**
 * Runs a deploy and watches the host: Docker's events, and the answers of the application. The old container stops before the new one
 * starts, so an answer after the start comes from the new one.
 *
 * @param port of the application on 127.0.0.1
 */
export async function watchDeploy<Result>(
    { dockerSocket }: LineWorld,
    port: number,
    deploy: () => Promise<Result>,
): Promise<WatchedDeploy<Result>> {
    const events = await DockerEvents.listen(dockerSocket);
    const watch = watchAnswers(`http://127.0.0.1:${port}/readyz`);
    try {
        const result = await deploy();
        const seen = events.stop();
        const pulled = lastTime(seen, "pull", ({ Type, Action }) => Type === "image" && Action === "pull");
        const start = lastTime(seen, "start of the application", ({ Type, Action, Actor: { Attributes } }) => {
            const isService = Attributes["com.docker.compose.service"] === "go";
            return Type === "container" && Action === "start" && isService;
        });
        return {
            result,
            pulled: { phase: "pull", at: pulled },
            start: { phase: "start", at: start },
            health: { phase: "health", at: await watch.firstSince(start) },
        };
    } finally {
        events.stop();
        await watch.end();
    }
}
