import assert from "node:assert/strict";
import { DeliveryEnvironment, type DeliveryEnvironmentArgs, deployPolicy } from "../../../infra/components";
import { accountId } from "../../../local/mocks/mockOutputs";
import { mockPulumi } from "../../../local/mocks/mockPulumi";

const args: DeliveryEnvironmentArgs = {
    application: "shop",
    environment: "prod",
    deliveredBy: { environment: "dev" },
    deployEnvironment: "A=1\n",
    deployPolicy: deployPolicy({ release: { parameterArn: "parameter", repositoryArn: "repository" } }),
};

async function declare(changed: Partial<DeliveryEnvironmentArgs> = {}) {
    const world = await mockPulumi();
    new DeliveryEnvironment("delivery", { ...args, ...changed });
    await world.settle();
    const { inputs } = world.resource("Role delivery-role");
    const [trust] = (JSON.parse(inputs.assumeRolePolicy as string) as { Statement: object[] }).Statement;
    return { world, inputs, trust };
}

describe("DeliveryEnvironment", () => {
    it("declares the role of releases and the values of deploys", async () => {
        const { world, inputs } = await declare();
        assert.deepEqual(world.tree(), [
            "DeliveryEnvironment delivery",
            "  Parameter delivery-deploy-env",
            "  Role delivery-role",
            "  RolePolicy delivery-policy",
        ]);
        assert.equal(inputs.name, "shop-prod-delivery");
        const { policy } = world.resource("RolePolicy delivery-policy").inputs;
        assert.deepEqual(
            (JSON.parse(policy as string) as { Statement: { Sid: string }[] }).Statement.map(({ Sid }) => Sid),
            ["RecordRelease", "TagImages", "ReadDeployEnvironment"],
        );
    });

    for (const account of [undefined, "210987654321"]) {
        it(`trusts the promotion of one pipeline, of ${account ?? "its own account"}`, async () => {
            const { trust } = await declare({ deliveredBy: { environment: "dev", accountId: account } });
            const owner = account ?? accountId;
            assert.deepEqual(trust, {
                Sid: "PromotionsOfThePipeline",
                Effect: "Allow",
                Principal: { AWS: `arn:aws:iam::${owner}:root` },
                Action: "sts:AssumeRole",
                Condition: { ArnEquals: { "aws:PrincipalArn": `arn:aws:iam::${owner}:role/shop-dev-promote-prod` } },
            });
        });
    }
});
