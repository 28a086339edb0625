import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { componentProvider } from "../../../infra/plugin/componentProvider";
import { mockPulumi } from "../../../local/mocks/mockPulumi";

class Shop extends pulumi.ComponentResource {
    readonly address: pulumi.Output<string>;
    readonly till: string;

    constructor(name: string, args: { street: string }, opts?: pulumi.ComponentResourceOptions) {
        super("shop:index:Shop", name, {}, opts);
        this.address = pulumi.output(`${args.street} 1`);
        this.till = "no output";
    }
}

describe("the provider of a package's components", () => {
    const schema = JSON.stringify({
        version: "1.2.3",
        resources: { "shop:index:Shop": { properties: { address: { type: "string" } } } },
    });
    const provider = componentProvider(schema, { Shop });

    it("has the package's schema and version", () => {
        assert.equal(provider.schema, schema);
        assert.equal(provider.version, "1.2.3");
    });

    it("creates a component, whose state is the outputs that the schema names", async () => {
        const world = await mockPulumi();
        const { urn, state } = await provider.construct!("mine", "shop:index:Shop", { street: "High Street" }, {});
        await world.settle();
        const values = pulumi.output({ urn, state });
        const known = await new Promise<unknown>((resolve) => values.apply(resolve));
        assert.deepEqual(known, { urn: world.resources.at(-1)!.urn, state: { address: "High Street 1" } });
        assert.equal(world.resources.at(-1)!.type, "shop:index:Shop");
    });

    it("refuses a component that the schema lacks, with those that it has", async () => {
        await assert.rejects(
            provider.construct!("mine", "shop:index:Stall", {}, {}),
            new Error("There is no component shop:index:Stall; there are shop:index:Shop."),
        );
    });
});
