import * as assert from "node:assert/strict";
import {
    BatchGetProjectsCommand,
    CodeBuildClient,
    CreateProjectCommand,
    CreateWebhookCommand,
    DeleteProjectCommand,
    DeleteWebhookCommand,
    type SourceType,
    UpdateProjectCommand,
    UpdateWebhookCommand,
    type Webhook,
} from "@aws-sdk/client-codebuild";
import { startGateway } from "../../../../../local/aws/gateway/server";
import { startWorld, type World } from "../world";

const filterGroups = [
    [
        { type: "EVENT" as const, pattern: "PULL_REQUEST_CREATED" },
        { type: "BASE_REF" as const, pattern: "^refs/heads/main$" },
    ],
];
const pullRequestBuildPolicy = { requiresCommentApproval: "FORK_PULL_REQUESTS" as const };

describe("gateway: webhooks of projects", function () {
    this.timeout(60_000);
    let world: World;
    let codebuild: CodeBuildClient;

    before(async () => {
        world = await startWorld();
        codebuild = world.admin.codebuild;
    });
    after(() => world.stop());

    /** Creates a project. @returns its name */
    async function project(name: string, type: SourceType = "GITHUB"): Promise<string> {
        const command = new CreateProjectCommand({
            name,
            source: { type, location: "https://github.com/example/app.git" },
            artifacts: { type: "NO_ARTIFACTS" },
            environment: { type: "LINUX_CONTAINER", image: "image", computeType: "BUILD_GENERAL1_SMALL" },
            serviceRole: "arn:aws:iam::000000000000:role/none",
        });
        await codebuild.send(command);
        return name;
    }

    async function webhookOf(name: string, client = codebuild): Promise<Webhook | undefined> {
        const { projects = [] } = await client.send(new BatchGetProjectsCommand({ names: [name] }));
        return projects[0]?.webhook;
    }

    it("are kept with the project, and told as AWS does", async () => {
        // GIVEN a project without one
        const projectName = await project("kept");
        assert.equal(await webhookOf(projectName), undefined);
        // WHEN it gets one
        const input = { projectName, filterGroups, pullRequestBuildPolicy };
        const { webhook } = await codebuild.send(new CreateWebhookCommand(input));
        // THEN the project has it, without what AWS tells only of webhooks made by hand
        const { lastModifiedSecret, ...rest } = webhook!;
        assert.deepEqual(rest, {
            url: "https://github.com/example/app/hooks/1",
            buildType: "BUILD",
            status: "ACTIVE",
            filterGroups,
            pullRequestBuildPolicy,
        });
        assert.ok(lastModifiedSecret instanceof Date);
        assert.deepEqual(await webhookOf(projectName), webhook);
        // AND an update of the project leaves it alone
        await codebuild.send(new UpdateProjectCommand({ name: projectName, description: "changed" }));
        assert.deepEqual(await webhookOf(projectName), webhook);
    });

    it("change where an update says so", async () => {
        const projectName = await project("changed");
        const { webhook: before } = await codebuild.send(new CreateWebhookCommand({ projectName, filterGroups }));
        const [group] = filterGroups;
        const changed = [group!.slice(0, 1)];
        await codebuild.send(new UpdateWebhookCommand({ projectName, filterGroups: changed }));
        assert.deepEqual(await webhookOf(projectName), { ...before, filterGroups: changed });
    });

    it("survive a restart of the gateway", async () => {
        const projectName = await project("restarted");
        const { webhook } = await codebuild.send(new CreateWebhookCommand({ projectName, filterGroups }));
        const second = await startGateway(world.configuration);
        const { region, accessKeyId, secretAccessKey } = world.configuration;
        const credentials = { accessKeyId, secretAccessKey };
        try {
            const client = new CodeBuildClient({ endpoint: second.origin, region, credentials });
            assert.deepEqual(await webhookOf(projectName, client), webhook);
        } finally {
            await second.close(0);
        }
    });

    it("go with the project, or before it", async () => {
        const projectName = await project("gone");
        await codebuild.send(new CreateWebhookCommand({ projectName, filterGroups }));
        await codebuild.send(new DeleteWebhookCommand({ projectName }));
        assert.equal(await webhookOf(projectName), undefined);
        await codebuild.send(new CreateWebhookCommand({ projectName, filterGroups }));
        await codebuild.send(new DeleteProjectCommand({ name: projectName }));
        await project("gone");
        assert.equal(await webhookOf(projectName), undefined);
    });

    const refusals: [what: string, call: () => Promise<unknown>, name: string, message: string][] = [
        [
            "a second one",
            async () => {
                const projectName = await project("second");
                await codebuild.send(new CreateWebhookCommand({ projectName, filterGroups }));
                return codebuild.send(new CreateWebhookCommand({ projectName, filterGroups }));
            },
            "ResourceAlreadyExistsException",
            "Project second has a webhook already.",
        ],
        [
            "one of a source that is no Git host",
            async () => {
                const projectName = await project("archive", "S3");
                return codebuild.send(new CreateWebhookCommand({ projectName, filterGroups }));
            },
            "InvalidInputException",
            "The source of project archive is S3; webhooks need one of BITBUCKET, GITHUB, GITHUB_ENTERPRISE, GITLAB, GITLAB_SELF_MANAGED.",
        ],
        [
            "one that is made by hand",
            async () => {
                const projectName = await project("by-hand");
                return codebuild.send(new CreateWebhookCommand({ projectName, manualCreation: true }));
            },
            "InvalidInputException",
            "manualCreation is not served offline.",
        ],
        [
            "filters without an event",
            async () => {
                const projectName = await project("eventless");
                const group = [{ type: "HEAD_REF" as const, pattern: "main" }];
                return codebuild.send(new CreateWebhookCommand({ projectName, filterGroups: [group] }));
            },
            "InvalidInputException",
            "Each group of filterGroups needs a filter of type EVENT.",
        ],
        [
            "one of no project",
            () => codebuild.send(new CreateWebhookCommand({ projectName: "none" })),
            "ResourceNotFoundException",
            "Project cannot be found: none",
        ],
        [
            "to change one that is not there",
            async () => codebuild.send(new UpdateWebhookCommand({ projectName: await project("no-update") })),
            "ResourceNotFoundException",
            "Project no-update has no webhook.",
        ],
        [
            "to delete one that is not there",
            async () => codebuild.send(new DeleteWebhookCommand({ projectName: await project("no-delete") })),
            "ResourceNotFoundException",
            "Project no-delete has no webhook.",
        ],
    ];
    for (const [what, call, name, message] of refusals) {
        it(`refuses ${what}`, async () => {
            await assert.rejects(call(), { name, message });
        });
    }

    it("are made by callers whose policies say so, for each project", async () => {
        // GIVEN a role that may make webhooks of one project
        const [mine, other] = [await project("mine"), await project("other")];
        const Resource = `arn:aws:codebuild:${world.region}:000000000000:project/${mine}`;
        const role = await world.assumeRole("hooks", [
            { Effect: "Allow", Action: "codebuild:CreateWebhook", Resource },
        ]);
        // WHEN it does THEN only that one is made
        await role.codebuild.send(new CreateWebhookCommand({ projectName: mine, filterGroups }));
        await assert.rejects(role.codebuild.send(new CreateWebhookCommand({ projectName: other, filterGroups })), {
            name: "AccessDeniedException",
        });
        await assert.rejects(role.codebuild.send(new DeleteWebhookCommand({ projectName: mine })), {
            name: "AccessDeniedException",
        });
        assert.equal(await webhookOf(other), undefined);
        assert.equal((await webhookOf(mine))?.status, "ACTIVE");
    });
});
