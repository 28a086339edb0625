import { AwsCalls } from "./awsCalls";
import { type FoundImage, foundImage } from "./foundImage";
import type { BuildVariables } from "./gitReference";
import { decideScan } from "./scanDecision";
import { readScanInput, type ScanInput } from "./scanInput";
import { findingLines } from "./scanReport";
import { waitForDecision } from "./scanWait";

/** Index of images, as far as the gate reads it. */
interface Index {
    manifests?: { digest: string; platform?: { architecture?: string; os?: string } }[];
}

/**
 * Judges the findings of an image, and prints them. ECR scans images and no indexes, so an image for several platforms is judged platform by
 * platform.
 *
 * @throws Error with one sentence for each image that is refused, for wrong variables, and for a call that AWS refuses
 */
export async function scan(variables: BuildVariables, workingDirectory: string): Promise<void> {
    const input = readScanInput(variables, workingDirectory);
    const calls = new AwsCalls();
    const digests = scannedDigests(await lookUp(calls, input));
    const reasons = (await Promise.all(digests.map((digest) => judge(calls, input, digest)))).flat();
    if (reasons.length > 0) throw new Error(reasons.join("\n"));
}

/** Lists the digests that ECR scans: those of an index without its attestations, or the image itself. */
function scannedDigests({ digest, manifest, mediaType }: FoundImage): string[] {
    if (!/index|manifest\.list/.test(mediaType)) return [digest];
    const { manifests = [] } = JSON.parse(manifest) as Index;
    const images = manifests.filter(({ platform }) => platform?.os !== "unknown").map((one) => one.digest);
    if (images.length === 0) throw new Error(`The index ${digest} names no image that ECR could scan.`);
    return images;
}

async function lookUp(calls: AwsCalls, { repository, digest }: ScanInput): Promise<FoundImage> {
    const { repositoryName, registryId } = repository;
    const { images = [], failures = [] } = await calls.lookUp(repositoryName, [], [digest], registryId);
    const found = foundImage({ images, failures }, digest);
    if (found !== undefined) return found;
    throw new Error(`${repositoryName}@${digest} does not exist in the repository; build it first.`);
}

/** Waits for the decision about one digest, and prints its findings. @returns the sentence of a refusal */
async function judge(calls: AwsCalls, input: ScanInput, digest: string): Promise<string[]> {
    const { repository, threshold, allowList, deadline } = input;
    const today = new Date().toISOString().slice(0, "YYYY-MM-DD".length);
    const ask = async () => decideScan(await calls.scanFindings(repository, digest), { threshold, allowList, today });
    const decision = await waitForDecision(ask, deadline);
    const image = `${repository.repositoryName}@${digest}`;
    const { findings } = decision;
    const allowed = findings.filter(({ verdict }) => verdict === "allowed").length;
    const result =
        decision.kind === "passed"
            ? `${image} passes ${threshold}; findings: ${findings.length}, allowed: ${allowed}.`
            : `${image} does not pass ${threshold}.`;
    console.log([...findingLines(findings), result].join("\n"));
    return decision.kind === "passed" ? [] : [`${image} is refused: ${decision.reason}.`];
}
