import assert from "node:assert/strict";
import { createRequire } from "node:module";
import * as path from "node:path";
import { mockPulumi, type ResourceRecord } from "../../local/mocks/mockPulumi";
import { documentedPermissions } from "../support/permissionsTable";

const program = path.resolve(__dirname, "../../infra/index.ts");
const arn = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:123456789012:${resource}`;
const subjects = ["repo:acme/shop:environment:dev"];

/** Settings of stacks that together declare every kind of resource. */
const stacks: Record<string, Record<string, unknown>> = {
    "builds, pull requests and updates": {
        images: [{ name: "app", platforms: ["linux/amd64", "linux/arm64"] }],
        source: {
            type: "GITHUB",
            location: "https://github.com/acme/shop.git",
            connectionArn: arn("codeconnections", "connection/1"),
            webhooks: true,
        },
        infrastructure: { stateBucket: "shop-state", pulumiVersion: "3.248.0", pulumiChecksum: "0".repeat(64) },
    },
    "instances of EC2 and CI jobs": {
        ec2: { service: "go", composeFiles: ["app/docker-compose.prod.yml"] },
        ci: { github: { buildSubjects: subjects, deploySubjects: subjects } },
    },
    "a service of ECS": { ecs: { port: 8080 } },
    "a delivery pipeline": {
        ecs: { port: 8080 },
        delivery: {
            source: { connectionArn: arn("codeconnections", "connection/1"), repository: "acme/shop" },
            target: "ecs",
            promoteTo: [{ environment: "prod", target: "ecs" }],
        },
    },
    "a function": { lambda: { memory: 256 } },
};

/** Runs the program. @returns its resources, without the components of this project */
async function declare(settings: Record<string, unknown>): Promise<ResourceRecord[]> {
    const config = Object.entries(settings).map(([key, value]) => [key, JSON.stringify(value)] as const);
    const world = await mockPulumi({ config: Object.fromEntries(config) });
    const load = createRequire(__filename);
    delete load.cache[program];
    load(program);
    await world.settle();
    return world.resources.filter(({ type }) => !type.startsWith("cached-image-pipeline:"));
}

describe("docs/guides/aws.md", function () {
    this.timeout(30_000);
    const table = documentedPermissions();
    let resources: ResourceRecord[];

    before(async () => {
        resources = [];
        for (const settings of Object.values(stacks)) resources.push(...(await declare(settings)));
    });

    it("has a line of permissions for each resource type that the program declares, and no other", () => {
        const types = new Set(resources.map(({ type }) => type));
        assert.deepEqual([...table.keys()].sort(), [...types].sort());
    });

    it("lists actions in alphabetical order, each once", () => {
        for (const [type, actions] of table) {
            assert.ok(actions.length > 0, type);
            assert.deepEqual(actions, [...new Set(actions)].sort(), type);
        }
    });

    it("contains the actions by which the updating role manages resources, which are proven offline", () => {
        // GIVEN the policy of the role that updates a stack in CodeBuild
        const policies = resources.flatMap(({ type, name, inputs }) =>
            type === "aws:iam/rolePolicy:RolePolicy" && name.endsWith("-infrastructure-policy") ? [inputs.policy] : [],
        );
        assert.equal(policies.length, 1);
        const { Statement } = JSON.parse(policies[0] as string) as {
            Statement: { Sid: string; Action: string | string[] }[];
        };
        // WHEN the actions of its statements about resources of the stack are collected
        const managing = Statement.filter(({ Sid }) => /^(Manage|HandRoles|ReadBoundaries|ListLogGroups)/.test(Sid));
        assert.ok(managing.length >= 9, managing.map(({ Sid }) => Sid).join());
        // THEN the table has them all
        const documented = new Set([...table.values()].flat());
        const missing = managing.flatMap(({ Action }) => Action).filter((action) => !documented.has(action));
        assert.deepEqual(missing, []);
    });
});
