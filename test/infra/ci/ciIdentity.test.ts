import assert from "node:assert/strict";
import { CiIdentity, type CiIdentityArgs } from "../../../infra/ci/ciIdentity";
import { githubSubjects, subjectProblems } from "../../../infra/ci/ciSubjects";
import { accountId } from "../../../local/mocks/mockOutputs";
import { mockPulumi, valueOf } from "../../../local/mocks/mockPulumi";

const githubSubject = "repo:acme/shop:environment:dev";
const gitlabSubject = "project_path:acme/shop:ref_type:branch:ref:main";
const provider = (host: string) => `arn:aws:iam::${accountId}:oidc-provider/${host}`;
const policies = { buildPolicy: '{"build":1}', deployPolicy: '{"deploy":1}' };

async function declare(args: CiIdentityArgs) {
    const world = await mockPulumi();
    const identity = new CiIdentity("ci", args);
    await world.settle();
    const trust = (role: string) => {
        const { assumeRolePolicy } = world.resource(`Role ci-${role}-role`).inputs;
        return (JSON.parse(assumeRolePolicy as string) as { Statement: object[] }).Statement;
    };
    return { world, identity, trust };
}

describe("CiIdentity", () => {
    it("declares a provider for each service and a role each for builds and deploys", async () => {
        const { world, identity } = await declare({
            ...policies,
            github: { buildSubjects: [githubSubject], deploySubjects: [githubSubject] },
            gitlab: { deploySubjects: [gitlabSubject] },
        });
        assert.deepEqual(world.tree(), [
            "CiIdentity ci",
            "  OpenIdConnectProvider ci-github",
            "  OpenIdConnectProvider ci-gitlab",
            "  Role ci-build-role",
            "  Role ci-deploy-role",
            "  RolePolicy ci-build-policy",
            "  RolePolicy ci-deploy-policy",
        ]);
        const { inputs, options } = world.resource("OpenIdConnectProvider ci-github");
        assert.deepEqual(inputs, {
            url: "https://token.actions.githubusercontent.com",
            clientIdLists: ["sts.amazonaws.com"],
        });
        assert.deepEqual(options, { retainOnDelete: true });
        assert.deepEqual(world.resource("RolePolicy ci-deploy-policy").inputs, {
            role: "ci-deploy-role-1a2b3c4",
            policy: '{"deploy":1}',
        });
        assert.equal(await valueOf(identity.deployRoleArn!), `arn:aws:iam::${accountId}:role/ci-deploy-role-1a2b3c4`);
    });

    it("declares a role for copies, of a name that another account can admit, for the jobs that deploy", async () => {
        const { world, identity, trust } = await declare({
            ...policies,
            copies: { roleName: "shop-dev-copy", policy: '{"copy":1}' },
            github: { deploySubjects: [githubSubject] },
        });
        assert.equal(world.resource("Role ci-copy-role").inputs.name, "shop-dev-copy");
        assert.deepEqual(trust("copy"), trust("deploy"));
        assert.equal(world.resource("RolePolicy ci-copy-policy").inputs.policy, '{"copy":1}');
        assert.equal(await valueOf(identity.copyRoleArn!), `arn:aws:iam::${accountId}:role/ci-copy-role-1a2b3c4`);
    });

    it("lets in jobs with the right audience and subject only, each role its own", async () => {
        const { trust } = await declare({
            ...policies,
            github: { buildSubjects: ["repo:acme/shop:pull_request"], deploySubjects: [githubSubject] },
            gitlab: { deploySubjects: [gitlabSubject] },
        });
        const statement = (sid: string, host: string, audience: string, subject: string) => ({
            Sid: sid,
            Effect: "Allow",
            Principal: { Federated: provider(host) },
            Action: "sts:AssumeRoleWithWebIdentity",
            Condition: { StringEquals: { [`${host}:aud`]: audience }, StringLike: { [`${host}:sub`]: [subject] } },
        });
        const github = "token.actions.githubusercontent.com";
        const sid = "JobsOftokenactionsgithubusercontentcom";
        assert.deepEqual(trust("build"), [statement(sid, github, "sts.amazonaws.com", "repo:acme/shop:pull_request")]);
        assert.deepEqual(trust("deploy"), [
            statement(sid, github, "sts.amazonaws.com", githubSubject),
            statement("JobsOfgitlabcom", "gitlab.com", "https://gitlab.com", gitlabSubject),
        ]);
    });

    it("uses the account's provider, a service of your own and its audience", async () => {
        const { world, trust } = await declare({
            ...policies,
            gitlab: {
                url: "https://git.example",
                existingProviderArn: "arn:provider",
                deploySubjects: [gitlabSubject],
            },
        });
        assert.deepEqual(world.resourcesOfType("aws:iam/openIdConnectProvider:OpenIdConnectProvider"), []);
        assert.deepEqual(trust("deploy"), [
            {
                Sid: "JobsOfgitexample",
                Effect: "Allow",
                Principal: { Federated: "arn:provider" },
                Action: "sts:AssumeRoleWithWebIdentity",
                Condition: {
                    StringEquals: { "git.example:aud": "https://git.example" },
                    StringLike: { "git.example:sub": [gitlabSubject] },
                },
            },
        ]);
    });

    it("declares no role that nobody may assume", async () => {
        const { identity } = await declare({ ...policies, github: { deploySubjects: [githubSubject] } });
        assert.equal(identity.buildRoleArn, undefined);
    });

    it("refuses subjects that are not bound, before anything is declared", async () => {
        await mockPulumi();
        assert.throws(
            () => new CiIdentity("ci", { github: { deploySubjects: ["repo:acme/*:environment:dev"] } }),
            /^Error: The github subject of deploys is "repo:acme\/\*:environment:dev"; allowed: one repository, bound to a branch, tag or /,
        );
    });
});

describe("subjectProblems", () => {
    const cases: [service: "github" | "gitlab", subject: string, forDeploys: boolean, forBuilds?: boolean][] = [
        ["github", "repo:acme/shop:environment:prod", true],
        ["github", "repo:acme/shop:ref:refs/heads/release/*-rc", true],
        ["github", "repo:acme@12/shop@345:ref:refs/heads/main", true],
        ["github", "repo:acme/shop:ref:refs/tags/v*", true],
        ["github", "repo:acme/shop:pull_request", false, true],
        ["github", "repo:acme/shop:environment:prod-*", true],
        ["github", "repo:acme/shop:environment:*prod", false],
        ["github", "repo:acme/shop:ref:refs/heads/*a*", false],
        ["github", "repo:acme/shop:ref:refs/heads/**/", false],
        ["github", "repo:acme/shop:ref:refs/heads/?elease", false],
        ["github", "repo:acme/shop:ref:refs/*/main", false],
        ["github", "repo:acme/shop:ref:refs/tags/*.0", false],
        ["github", "repo:acme/shop:*", false],
        ["github", "repo:acme/shop:environment:*", false],
        ["github", "repo:acme/shop:ref:refs/heads/*", false],
        ["github", "repo:acme/*:environment:prod", false],
        ["github", "repo:*/shop:environment:prod", false],
        ["github", "*", false],
        ["gitlab", "project_path:acme/team/shop:ref_type:branch:ref:main", true],
        ["gitlab", "project_path:acme/shop:ref_type:tag:ref:v*", true],
        ["gitlab", "project_path:acme/shop:ref_type:branch:ref:*", false],
        ["gitlab", "project_path:acme/shop:ref_type:branch:ref:*a*", false],
        ["gitlab", "project_path:acme/shop:ref_type:branch:ref:release/*", true],
        ["gitlab", "project_path:acme/shop:ref_type:*:ref:main", false],
        ["gitlab", "project_path:acme/*:ref_type:branch:ref:main", false],
        ["gitlab", "project_path:acme/shop:*", false],
    ];
    for (const [service, subject, forDeploys, forBuilds = forDeploys] of cases) {
        const word = (allowed: boolean) => (allowed ? "allows" : "refuses");
        it(`${word(forDeploys)} ${subject} for deploys, and ${word(forBuilds)} it for builds`, () => {
            assert.equal(subjectProblems(service, "deploy", [subject]).length, forDeploys ? 0 : 1);
            assert.equal(subjectProblems(service, "build", [subject]).length, forBuilds ? 0 : 1);
        });
    }

    it("says what is wrong, and what is allowed", () => {
        assert.deepEqual(subjectProblems("github", "deploy", ["repo:acme/shop:pull_request", "repo:acme/shop:ref:*"]), [
            'The github subject of deploys is "repo:acme/shop:pull_request"; allowed: a branch, tag or environment, ' +
                "since anybody's pull request would deploy",
            'The github subject of deploys is "repo:acme/shop:ref:*"; allowed: one repository, bound to a branch, tag or ' +
                "environment whose name does not begin with a wildcard, such as repo:<owner>/<repository>:environment:prod",
        ]);
    });
});

describe("githubSubjects", () => {
    it("gives both forms", () => {
        assert.deepEqual(
            githubSubjects(
                { owner: "acme", ownerId: "12", repository: "shop", repositoryId: "345" },
                "environment:dev",
            ),
            ["repo:acme/shop:environment:dev", "repo:acme@12/shop@345:environment:dev"],
        );
    });
});
