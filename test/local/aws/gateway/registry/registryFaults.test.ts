import * as assert from "node:assert/strict";
import { CreateRepositoryCommand } from "@aws-sdk/client-ecr";
import { type RegistryFault, RegistryFaults } from "../../../../../local/aws/gateway/registry/registryFaults";
import type { RegistryRoute } from "../../../../../local/aws/gateway/registry/registryRoute";
import { digestOf, errorsOf, manifest, RegistryClient } from "./registryClient";
import { registryToken, startWorld, type World } from "../world";

const fault: RegistryFault = { repository: "app", kind: "manifest", methods: ["GET"], answer: 500 };
const route: RegistryRoute = { kind: "manifest", repository: "app", reference: "cache-main", actions: [] };

describe("gateway: faults", function () {
    this.timeout(60_000);

    const cases: [what: string, fault: RegistryFault, answer: unknown][] = [
        ["a request of the repository, the kind and the method", fault, 500],
        ["a tag that begins as it says", { ...fault, reference: "cache-" }, 500],
        ["no other tag", { ...fault, reference: "src-" }, undefined],
        ["no other repository", { ...fault, repository: "base" }, undefined],
        ["no other kind", { ...fault, kind: "blob" }, undefined],
        ["no other method", { ...fault, methods: ["PUT"] }, undefined],
    ];
    for (const [what, one, answer] of cases) {
        it(`meets ${what}`, () => {
            const faults = new RegistryFaults();
            faults.set([one]);
            assert.equal(faults.take("GET", route), answer);
            assert.equal(faults.met, answer === undefined ? 0 : 1);
        });
    }

    it("is met as often as it says, then the next one, and none once they are set anew", () => {
        const faults = new RegistryFaults();
        faults.set([
            { ...fault, times: 2 },
            { ...fault, times: 1, answer: "reset" },
        ]);
        assert.deepEqual(
            [1, 2, 3, 4].map(() => faults.take("GET", route)),
            [500, 500, "reset", undefined],
        );
        assert.equal(faults.met, 3);
        faults.set([fault]);
        faults.set([]);
        assert.equal(faults.take("GET", route), undefined);
    });

    const wrong: [value: unknown, message: RegExp][] = [
        [{}, /expected array/],
        [[{ ...fault, answer: 200 }], /answer/],
        [[{ ...fault, times: 0 }], /times/],
        [[{ ...fault, colour: "red" }], /colour/],
    ];
    for (const [value, message] of wrong) {
        it(`refuses ${JSON.stringify(value)}`, () => assert.throws(() => new RegistryFaults().set(value), { message }));
    }

    describe("seen by a client", () => {
        let world: World;
        let admin: RegistryClient;
        const blob = Buffer.alloc(100_000, "b");

        before(async () => {
            world = await startWorld();
            await world.admin.ecr.send(new CreateRepositoryCommand({ repositoryName: "app" }));
            admin = new RegistryClient(world.gateway.origin, await registryToken(world.admin.ecr));
            await admin.pushBlob("app", blob);
            await admin.putManifest("app", "one", manifest("one"));
        });
        after(() => world.stop());

        const setFaults = (...faults: RegistryFault[]) => world.ask("faults", faults);

        it("is an answer with its status, which the access log has too", async () => {
            await setFaults({ ...fault, answer: 429, times: 1 });
            const refused = await admin.request("GET", "app/manifests/one");
            assert.equal(refused.status, 429);
            assert.deepEqual(await errorsOf(refused), [{ code: "TOOMANYREQUESTS", message: "Rate exceeded" }]);
            assert.equal(world.log().at(-1)?.status, 429);
            assert.equal((await admin.request("GET", "app/manifests/one")).status, 200);
        });

        it("is a connection that ends, before the answer or within it", async () => {
            const blobs = { ...fault, kind: "blob", times: 1 } as const;
            const download = async () =>
                (await admin.request("GET", `app/blobs/${digestOf(blob)}`))
                    .arrayBuffer()
                    .then(({ byteLength }) => byteLength);
            for (const answer of ["reset", "truncate"] as const) {
                await setFaults({ ...blobs, answer });
                await assert.rejects(download());
                assert.equal(await download(), blob.length);
            }
            const { met } = (await world.ask("faults")) as { met: number };
            assert.equal(met, 1);
        });

        it("is refused with what is wrong with it", async () => {
            await assert.rejects(setFaults({ ...fault, answer: 200 }), /answered 400 about faults: .*answer/);
        });
    });
});
