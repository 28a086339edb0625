import type { Settings } from "./settings";

/**
 * Lists what is wrong with the settings of promotions by CI jobs.
 *
 * @returns one sentence for each setting
 */
export function ciProblems(project: string, { ci, image }: Pick<Settings, "ci" | "image">): string[] {
    const { promoteFrom, promoteTo } = ci ?? {};
    const ofAccount =
        promoteFrom?.accountId === undefined
            ? []
            : (["repositoryName", "bucketName", "kmsKeyArn"] as const).filter((key) => promoteFrom[key] !== undefined);
    return [
        ...ofAccount.map(
            (key) =>
                `${project}:ci.promoteFrom.${key} is "${promoteFrom![key]}"; allowed: no value with accountId, whose account copies the images by its own role`,
        ),
        ...(promoteTo === undefined || image.source === "build"
            ? []
            : [
                  `${project}:image.source is "${image.source}"; allowed: build, with ci.promoteTo, which copies what this stack built`,
              ]),
    ];
}
