import { randomUUID } from "node:crypto";
import type { PipelineBuild } from "../codebuild/pipelineBuild";

/**
 * Builds that pipelines are about to start. CodePipeline alone can start the builds of a project whose source is a pipeline. Its StartBuild
 * carries a ticket as idempotency token, which nobody else knows and which is good for one call.
 */
export class BuildTickets {
    private readonly builds = new Map<string, PipelineBuild>();

    /** Makes the ticket of a build. */
    issue(build: PipelineBuild): string {
        const ticket = randomUUID();
        this.builds.set(ticket, build);
        return ticket;
    }

    /** Takes a ticket back. @returns its build; undefined for anything that is no ticket */
    redeem(ticket: unknown): PipelineBuild | undefined {
        if (typeof ticket !== "string") return undefined;
        const build = this.builds.get(ticket);
        this.builds.delete(ticket);
        return build;
    }
}
