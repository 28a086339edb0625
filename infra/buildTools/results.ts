import type { ProgressSummary } from "./progress";

/** Result of one image. */
export interface ImageResult {
    name: string;
    repositoryUrl: string;
    /** `src-<hash>`. */
    tag: string;
    /** `sha256:…`. @default - not pushed, as in a build of a pull request */
    digest?: string;
    /** Summaries of the builds, one for each platform and pinned stage; none for an adopted image. */
    builds: ProgressSummary[];
}

/** Start of a phase of the build, in milliseconds since 1970. */
export interface Mark {
    phase: string;
    time: number;
}

/** Names the image to deploy, `repository@sha256:…`; an empty text where nothing was pushed. */
function imageUri({ repositoryUrl, digest }: ImageResult): string {
    return digest === undefined ? "" : `${repositoryUrl}@${digest}`;
}

/** Computes the share of Dockerfile steps that were in the cache, from 0 to 1; 1 where no step had to be built. */
export function cacheHitRatio(results: ImageResult[]): number {
    const builds = results.flatMap((result) => result.builds);
    const cached = sum(builds.map((build) => build.stepsCached));
    const all = cached + sum(builds.map((build) => build.stepsRun));
    return all === 0 ? 1 : cached / all;
}

/** Lists the exported variables of the first image, in the order in which the buildspec reads them. */
export function exportedValues(results: ImageResult[]): string[] {
    const [first] = results;
    if (first === undefined) throw new Error("No image was built.");
    return [imageUri(first), first.digest ?? "", first.tag, cacheHitRatio(results).toFixed(2)];
}

/**
 * Makes the build's artifacts by file name, for CodePipeline's deploy actions to ECS. Images that were not pushed are left out.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/file-reference.html
 */
export function artifactFiles(results: ImageResult[]): Record<string, unknown> {
    const pushed = results.filter(({ digest }) => digest !== undefined);
    const [first] = pushed;
    return {
        "imagedefinitions.json": pushed.map((result) => ({ name: result.name, imageUri: imageUri(result) })),
        ...(first === undefined ? {} : { "imageDetail.json": { ImageURI: imageUri(first) } }),
    };
}

/**
 * Renders the cost of the build as a line in CloudWatch's embedded metric format, with metrics of the CodeBuild project.
 *
 * @param marks starts of the phases; the last one is the end of the build
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricsLine(project: string, results: ImageResult[], marks: Mark[]): string {
    const builds = results.flatMap((result) => result.builds);
    const counts = {
        ImagesAdopted: results.filter((result) => result.builds.length === 0).length,
        ImagesBuilt: results.filter((result) => result.builds.length > 0).length,
        StepsCached: sum(builds.map((build) => build.stepsCached)),
        StepsRun: sum(builds.map((build) => build.stepsRun)),
    };
    const bytes = { BytesRead: sum(builds.map((build) => build.bytesRead)) };
    const seconds = {
        ...phaseSeconds(marks),
        SecondsSteps: sum(builds.map((build) => build.seconds.steps)),
        SecondsExport: sum(builds.map((build) => build.seconds.exports)),
    };
    const metrics = (values: object, unit: string) => Object.keys(values).map((Name) => ({ Name, Unit: unit }));
    return JSON.stringify({
        _aws: {
            Timestamp: marks.at(-1)?.time,
            CloudWatchMetrics: [
                {
                    Namespace: "cached-image-pipeline",
                    Dimensions: [["Project"]],
                    Metrics: [
                        ...metrics(counts, "Count"),
                        ...metrics(bytes, "Bytes"),
                        ...metrics(seconds, "Seconds"),
                        { Name: "CacheHitRatio", Unit: "None" },
                    ],
                },
            ],
        },
        Project: project,
        ...counts,
        ...bytes,
        ...seconds,
        CacheHitRatio: cacheHitRatio(results),
    });
}

/** Computes the metrics `SecondsLookup` and so on, and `SecondsTotal`. */
function phaseSeconds(marks: Mark[]): Record<string, number> {
    const phases = marks.slice(0, -1).map(({ phase, time }, index) => {
        const name = `Seconds${phase[0]?.toUpperCase()}${phase.slice(1)}`;
        return [name, ((marks[index + 1]?.time ?? time) - time) / 1000] as const;
    });
    const total = ((marks.at(-1)?.time ?? 0) - (marks[0]?.time ?? 0)) / 1000;
    return { ...Object.fromEntries(phases), SecondsTotal: total };
}

function sum(values: number[]): number {
    return values.reduce((total, value) => total + value, 0);
}
