import { DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { runDeploy } from "../../local/world/deployment";
import { citation, lastTag, ours, writeUps } from "../strategies";
import { buildImage } from "./buildImage";
import type { LineWorld } from "./lineWorld";
import { divideTime, type LineMeasurement, type Mark } from "./phases";
import { PipelineLine } from "./pipelineLine";
import { PublishedLine } from "./publishedLine";
import { watchDeploy } from "./watchDeploy";

/** Way of bringing commits to the container host. */
export interface Line {
    /** Name in the results. */
    name: string;
    /** Description of the way, for the method. */
    description: string;
    /** Function that brings a changed line of code there. @param code its number */
    measure: (code: number) => Promise<LineMeasurement>;
}

/** Opens all lines, with empty build hosts and a container host that runs the build before. */
export async function openLines(world: LineWorld, signal: AbortSignal): Promise<Line[]> {
    const published = await PublishedLine.open(world, signal);
    const pipeline = await PipelineLine.open(world, signal);
    return [
        {
            name: lastTag.name,
            description: `Lookup and \`docker pull\` of the last tag, build and push, then the published deploy job and its commands on the instance. ${citation(writeUps.lastTag)}`,
            measure: (code) => published.measure(code),
        },
        {
            name: ours.name,
            description:
                "buildspecs/image.yml as in the benchmark of builds, then deploy/ec2.sh under the declared roles.",
            measure: (code) => measureOurs(world, code, signal),
        },
        {
            name: `${ours.name}, pipeline`,
            description:
                "The declared delivery pipeline, from the commit through CodeBuild, the scan gate and the first environment to the second one, approved at once.",
            measure: (code) => pipeline.measure(code),
        },
    ];
}

async function measureOurs(line: LineWorld, code: number, signal: AbortSignal): Promise<LineMeasurement> {
    const { environment, outputs, host } = line;
    const { toolchain, world } = environment;
    const repository = String(outputs.repositoryUrl);
    const request = { strategy: ours, repository, code, tag: `line-${code}`, lookUp: () => Promise.resolve(undefined) };
    const { started, marks, reference } = await buildImage(request, line);
    const image = `${repository}@${await digestOf(reference, line)}`;
    const printed: string[] = [];
    const deploy = { world, toolchain, outputs, port: host.port, signal };
    const { result, pulled, start, health } = await watchDeploy(line, host.port, () =>
        runDeploy({ image }, deploy, (text) => printed.push(text)),
    );
    if (result.status === "failed") throw new Error(`The deploy of ${image} failed:\n${printed.join("\n")}`);
    const record: Mark = { phase: "record", at: Date.now() };
    const { requests, failed, longestGapSeconds } = result;
    return { ...divideTime(started, [...marks, pulled, start, health, record]), requests, failed, longestGapSeconds };
}

/** Reads the digest of an image from the registry. @throws Error when it is missing */
async function digestOf(reference: string, { environment }: LineWorld): Promise<string> {
    const { endpoint, region, accessKeyId, secretAccessKey } = environment.world;
    const ecr = new ECRClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
    const colon = reference.lastIndexOf(":");
    const repositoryName = reference.slice(reference.indexOf("/") + 1, colon);
    const imageIds = [{ imageTag: reference.slice(colon + 1) }];
    const { imageDetails } = await ecr.send(new DescribeImagesCommand({ repositoryName, imageIds }));
    ecr.destroy();
    const digest = imageDetails?.[0]?.imageDigest;
    if (digest === undefined) throw new Error(`${reference} was built and is not in the repository.`);
    return digest;
}
