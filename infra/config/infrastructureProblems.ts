import type { Settings } from "./settings";

/** Settings of the targets that run the images, and of the jobs that deploy to them. */
const targets = ["ec2", "ecs", "lambda", "ci"] as const;

/**
 * Lists the settings that exclude `infrastructure`. Updates in CodeBuild cover the resources that build images, so a stack with more
 * resources is updated another way.
 *
 * @returns one sentence for each setting
 */
export function infrastructureProblems(
    project: string,
    { infrastructure, kmsKeyArn, ...rest }: Pick<Settings, "infrastructure" | "kmsKeyArn" | (typeof targets)[number]>,
    source: Settings["source"],
): string[] {
    if (infrastructure === undefined) return [];
    const { stateKeyArn } = infrastructure;
    return [
        ...targets
            .filter((target) => rest[target] !== undefined)
            .map(
                (target) =>
                    `${project}:${target} has a value; allowed: no value with infrastructure, whose role updates no targets and no roles of jobs`,
            ),
        ...(source.type === "CODEPIPELINE"
            ? [
                  `${project}:source.type is "CODEPIPELINE"; allowed: another type, with infrastructure, whose project no pipeline starts`,
              ]
            : []),
        ...(stateKeyArn !== undefined && stateKeyArn === kmsKeyArn
            ? [
                  `${project}:infrastructure.stateKeyArn is "${stateKeyArn}"; allowed: another key than kmsKeyArn, with which builds decrypt`,
              ]
            : []),
    ];
}
