import * as assert from "node:assert/strict";
import {
    GetParameterCommand,
    GetParameterHistoryCommand,
    LabelParameterVersionCommand,
    paginateGetParameterHistory,
    PutParameterCommand,
    type SSMClient,
} from "@aws-sdk/client-ssm";
import { startWorld, type World } from "../world";

async function putVersions(ssm: SSMClient, Name: string, from: number, to: number): Promise<void> {
    for (let version = from; version <= to; version += 1) {
        await ssm.send(new PutParameterCommand({ Name, Type: "String", Overwrite: true, Value: `value ${version}` }));
    }
}

describe("gateway: versions of parameters", function () {
    this.timeout(120_000);
    let world: World;

    before(async () => {
        world = await startWorld();
    });
    after(() => world.stop());

    it("keeps the newest 100 versions, and refuses a new one while the oldest carries a label", async () => {
        const { ssm } = world.admin;
        const Name = "/shop/dev/config/image-tag";
        const label = (ParameterVersion: number) =>
            ssm.send(new LabelParameterVersionCommand({ Name, ParameterVersion, Labels: ["live"] }));
        // GIVEN 100 versions, the second of them labelled
        await putVersions(ssm, Name, 1, 100);
        await label(2);
        // WHEN one more is made THEN the first one is gone
        await putVersions(ssm, Name, 101, 101);
        const versions: (number | undefined)[] = [];
        for await (const page of paginateGetParameterHistory({ client: ssm }, { Name })) {
            versions.push(...(page.Parameters ?? []).map(({ Version }) => Version));
        }
        assert.deepEqual(
            versions,
            Array.from({ length: 100 }, (_, index) => index + 2),
        );
        await assert.rejects(ssm.send(new GetParameterCommand({ Name: `${Name}:1` })), {
            name: "ParameterVersionNotFound",
        });
        await assert.rejects(label(1), { name: "ParameterVersionNotFound" });
        // AND the labelled one stands in the way of the next, until its label moves
        await assert.rejects(putVersions(ssm, Name, 102, 102), {
            name: "ParameterMaxVersionLimitExceeded",
            message: `You attempted to create a new version of ${Name} by calling the PutParameter API with the overwrite flag. Version 2, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
        });
        await label(101);
        await putVersions(ssm, Name, 102, 102);
        const { Parameter } = await ssm.send(new GetParameterCommand({ Name: `${Name}:live` }));
        assert.deepEqual([Parameter?.Version, Parameter?.Value], [101, "value 101"]);
    });

    it("leaves other parameters, and callers without the permission, as they are", async () => {
        const { ssm } = world.admin;
        await ssm.send(new PutParameterCommand({ Name: "/plain", Type: "String", Value: "value" }));
        const { Parameters } = await ssm.send(new GetParameterHistoryCommand({ Name: "/plain" }));
        assert.deepEqual(
            Parameters?.map(({ Version, Value }) => [Version, Value]),
            [[1, "value"]],
        );
        await assert.rejects(ssm.send(new GetParameterHistoryCommand({ Name: "/absent" })), {
            name: "ParameterNotFound",
        });
        const role = await world.assumeRole("no-parameters", [
            { Effect: "Allow", Action: "ssm:GetParameter", Resource: "*" },
        ]);
        await assert.rejects(role.ssm.send(new GetParameterHistoryCommand({ Name: "/plain" })), {
            name: "AccessDeniedException",
        });
    });
});
