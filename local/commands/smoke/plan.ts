import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";
import { untilRejected } from "../../world/stack";
import type { SmokeAccount } from "./account";
import type { PullRequestSource } from "./smokeRun";

/** Counts the resources that an update would create, by type, with a preview only. */
export async function newResources(stack: Stack, signal: AbortSignal): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    const onEvent = ({ resourcePreEvent }: EngineEvent) => {
        const { op, type = "" } = resourcePreEvent?.metadata ?? {};
        if (op !== "create" || !/^(aws|docker-build):/.test(type)) return;
        const name = type.replace(/^(\w+):(\w+).*:(\w+)$/, "$2 $3").replace(/^index /, "docker-build ");
        counts.set(name, (counts.get(name) ?? 0) + 1);
    };
    await untilRejected(signal, (ending) => stack.preview({ onEvent, signal: ending, suppressProgress: true }));
    return counts;
}

/** Describes the actions of a run, and AWS's charges for it. */
export function planText(
    { accountId, region }: Pick<SmokeAccount, "accountId" | "region">,
    stackName: string,
    resources: Map<string, number>,
    pullRequests: PullRequestSource | undefined,
): string {
    const list = [...resources].sort().map(([name, count]) => `${count} ${name}`);
    return [
        `On account ${accountId} in ${region}, this makes the throw-away stack ${stackName}, tries it, and destroys it again.`,
        `It creates: ${list.join(", ")}.`,
        ...(pullRequests === undefined
            ? []
            : [
                  `Two webhooks at ${pullRequests.repository} are among them; until the end, pushes and pull requests there start builds.`,
              ]),
        `It runs ${pullRequests === undefined ? 2 : 3} CodeBuild builds, and builds images on this machine.`,
        "AWS charges minutes of CodeBuild, storage in ECR and S3 until the end, logs, and a few requests: cents, where its free tier does not",
        "cover them. Prices: https://aws.amazon.com/codebuild/pricing/, https://aws.amazon.com/ecr/pricing/, https://aws.amazon.com/s3/pricing/.",
    ].join("\n");
}
