import { InfrastructureProject } from "../../../infra/codebuild/infrastructureProject";
import type { InfrastructureProjectArgs } from "../../../infra/codebuild/infrastructureProjectArgs";
import { accountId, region } from "../../../local/mocks/mockOutputs";
import { mockPulumi } from "../../../local/mocks/mockPulumi";
import { args as build, scope } from "./buildProjectFixture";

/** Statement of a rendered policy. */
export interface Statement {
    Sid: string;
    Effect: string;
    Action: string | string[];
    Resource: string | string[];
    Condition?: unknown;
}

/** Source of the project's builds. */
export const source = {
    type: "GITHUB",
    location: "https://github.com/acme/shop.git",
    auth: { type: "CODECONNECTIONS", resource: `arn:aws:codeconnections:${region}:${accountId}:connection/1` },
};

/** Arguments of these tests' project. */
export const args: InfrastructureProjectArgs = {
    application: "shop",
    environment: "dev",
    source,
    sourceVersion: "main",
    buildspec: "version: 0.2\n",
    stateBucket: "shop-state",
    stateKeyArn: `arn:aws:kms:${region}:${accountId}:key/1`,
    pulumiVersion: "3.248.0",
    pulumiChecksum: "d".repeat(64),
    repositoryArns: scope.repositoryArns,
    build: { ...build, source, buildkitImage: "registry.example.com/buildkit:1" },
};

/** Makes the ARN of a resource of IAM. */
export const iam = (resource: string) => `arn:aws:iam::${accountId}:${resource}`;

/** ARN of the policy that bounds roles of builds. */
export const boundaryArn = iam("policy/shop-dev-boundary");

/** Declares the project on a mocked engine. @returns also the statements of its role's own policy and of the boundary of builds */
export async function declare(extra: Partial<InfrastructureProjectArgs> = {}) {
    const world = await mockPulumi();
    const project = new InfrastructureProject("infra", { ...args, ...extra });
    await world.settle();
    const text = world.resource("infra-policy").inputs["policy"] as string;
    const boundaries = world.resourcesOfType("aws:iam/policy:Policy").map(({ inputs }) => inputs["policy"] as string);
    const statements = statementsOf(text);
    return {
        world,
        project,
        text,
        statements,
        boundary: boundaries.flatMap(statementsOf),
        statement: (sid: string) => statements.find(({ Sid }) => Sid === sid),
    };
}

function statementsOf(policy: string): Statement[] {
    return (JSON.parse(policy) as { Statement: Statement[] }).Statement;
}
