import * as assert from "node:assert/strict";
import {
    CreateRepositoryCommand,
    DescribeImageScanFindingsCommand,
    type DescribeImageScanFindingsCommandInput,
} from "@aws-sdk/client-ecr";
import { type ImageScan, ImageScans } from "../../../../../local/aws/gateway/registry/imageScans";
import { digestOf, manifest, RegistryClient } from "./registryClient";
import { registryToken, startWorld, type World } from "../world";

const [one, two] = [digestOf(manifest("one")), digestOf(manifest("two"))];
const high: ImageScan["findings"][number] = {
    name: "CVE-2026-0001",
    severity: "HIGH",
    attributes: [
        { key: "package_name", value: "openssl" },
        { key: "package_version", value: "3.0.1" },
    ],
};
const low = { name: "CVE-2026-0002", severity: "LOW" } as const;

describe("gateway: scans of images", function () {
    this.timeout(60_000);

    it("have the findings of the digest, or those of the whole repository, or none", () => {
        const scans = new ImageScans();
        scans.set([
            { repository: "app", findings: [low] },
            { repository: "app", digest: one, findings: [high] },
        ]);
        const names = (repository: string, digest: string) =>
            scans.findingsOf(repository, digest).map(({ name }) => name);
        assert.deepEqual(names("app", one), [high.name]);
        assert.deepEqual(names("app", two), [low.name]);
        assert.deepEqual(names("base", two), []);
    });

    const wrong: [value: unknown, message: RegExp][] = [
        [{}, /expected array/],
        [[{ repository: "app", findings: [{ ...low, severity: "BAD" }] }], /severity/],
        [[{ repository: "app", digest: "latest", findings: [] }], /digest/],
    ];
    for (const [value, message] of wrong) {
        it(`refuse ${JSON.stringify(value)}`, () => assert.throws(() => new ImageScans().set(value), { message }));
    }

    describe("seen by a client", () => {
        let world: World;

        before(async () => {
            world = await startWorld();
            const imageScanningConfiguration = { scanOnPush: true };
            const { ecr } = world.admin;
            await ecr.send(new CreateRepositoryCommand({ repositoryName: "app", imageScanningConfiguration }));
            await ecr.send(new CreateRepositoryCommand({ repositoryName: "unscanned" }));
            const registry = new RegistryClient(world.gateway.origin, await registryToken(ecr));
            await registry.putManifest("app", "one", manifest("one"));
            await registry.putManifest("unscanned", "one", manifest("one"));
        });
        after(() => world.stop());

        const scansAre = (...scans: ImageScan[]) => world.ask("scans", scans);
        const ask = (repositoryName: string, more: Partial<DescribeImageScanFindingsCommandInput> = {}) =>
            world.admin.ecr.send(
                new DescribeImageScanFindingsCommand({ repositoryName, imageId: { imageDigest: one }, ...more }),
            );

        it("are complete without findings, unless the administrator set some", async () => {
            const { imageScanStatus, imageScanFindings: none } = await ask("app");
            assert.equal(imageScanStatus?.status, "COMPLETE");
            assert.ok(none?.imageScanCompletedAt instanceof Date);
            assert.deepEqual([none.findings, none.findingSeverityCounts], [[], {}]);
            await scansAre({ repository: "app", findings: [high, low] });
            const { imageId, imageScanFindings, nextToken } = await ask("app", {
                imageId: { imageTag: "one" },
                maxResults: 1,
            });
            assert.deepEqual(imageId, { imageTag: "one", imageDigest: one });
            assert.deepEqual(imageScanFindings?.findings, [high]);
            assert.deepEqual(imageScanFindings?.findingSeverityCounts, { HIGH: 1, LOW: 1 });
            const rest = await ask("app", { maxResults: 1, nextToken });
            assert.deepEqual(rest.imageScanFindings?.findings, [{ ...low, attributes: [] }]);
            assert.equal(rest.nextToken, undefined);
        });

        it("are not there for unknown images and repositories, nor without scan on push", async () => {
            await assert.rejects(ask("app", { imageId: { imageDigest: two } }), { name: "ImageNotFoundException" });
            await assert.rejects(ask("unscanned"), { name: "ScanNotFoundException" });
            await assert.rejects(ask("none"), { name: "RepositoryNotFoundException" });
        });

        it("are told to those who may ask, and set by the administrator", async () => {
            const { ecr } = await world.assumeRole("puller", [
                { Effect: "Allow", Action: "ecr:BatchGetImage", Resource: "*" },
            ]);
            const command = new DescribeImageScanFindingsCommand({
                repositoryName: "app",
                imageId: { imageDigest: one },
            });
            await assert.rejects(ecr.send(command), { name: "AccessDeniedException" });
            const answer = await fetch(`${world.gateway.origin}/_gateway/scans`, { method: "POST", body: "[]" });
            assert.equal(answer.status, 401);
        });
    });
});
