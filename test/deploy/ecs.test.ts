import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { run } from "./deployWorld";
import { balancer, type EcsWorld, revision, startEcsWorld, title } from "./ecsWorld";
import { Refusal, type Script } from "./scriptedAws";

describe("deploy/ecs.sh against the emulator, under the declared deploy role", function () {
    this.timeout(120_000);
    let world: EcsWorld;

    before(async () => {
        world = await startEcsWorld();
    });
    after(() => world.stop());
    beforeEach(() => world.scripted.script());

    const recorded = async () => ({
        live: (await world.parameter(":live")).value,
        previous: (await world.parameter(":previous").catch(() => ({ value: undefined }))).value,
    });
    const value = (index: number) =>
        `${world.repositoryUrl}:src-${["one", "two", "three"][index]}@${world.digests[index]}`;
    const running = async () => {
        const { deployments } = await world.service();
        return deployments.map(({ status, rolloutState, taskDefinition }) => [status, rolloutState, taskDefinition]);
    };
    const changes = () =>
        world.scripted.calls
            .map(({ operation }) => operation)
            .filter((operation) => ["RegisterTaskDefinition", "UpdateService", "PutParameter"].includes(operation));

    it("records the first release where the service runs the image already, and moves nothing", async () => {
        const { code, stdout, stderr } = await world.deployImage(world.imageUri(0));
        assert.deepEqual(
            [code, stdout, stderr],
            [0, `the service has ${revision(1)} already (COMPLETED)\nreleased: ${world.imageUri(0)}\n`, ""],
        );
        assert.deepEqual(changes(), ["PutParameter"]);
        assert.deepEqual(await recorded(), { live: value(0), previous: undefined });
    });

    it("puts another image into a revision of its own, and nothing else, and releases it", async () => {
        const { code, stdout } = await world.deployImage(world.digests[1]!);
        assert.deepEqual(
            [code, stdout],
            [
                0,
                `registered ${revision(2)}\nmoving the service from ${revision(1)} to ${revision(2)}\n` +
                    `released: ${world.imageUri(1)}\n`,
            ],
        );
        assert.deepEqual(await running(), [["PRIMARY", "COMPLETED", revision(2)]]);
        const [first, second] = [await world.definition(revision(1)), await world.definition(revision(2))];
        assert.deepEqual(second, {
            ...first,
            containerDefinitions: [{ ...first.containerDefinitions[0], image: world.imageUri(1) }],
        });
        assert.deepEqual(await recorded(), { live: value(1), previous: value(0) });
    });

    it("changes nothing when the same image is deployed again", async () => {
        assert.equal((await world.deployImage(world.imageUri(1))).code, 0);
        assert.deepEqual(changes(), []);
        assert.deepEqual(await recorded(), { live: value(1), previous: value(0) });
    });

    it("takes the release before back as the revision that it ran as", async () => {
        const { code, stdout } = await world.deployImage(world.imageUri(0));
        assert.deepEqual(
            [code, stdout],
            [0, `moving the service from ${revision(2)} to ${revision(1)}\nreleased: ${world.imageUri(0)}\n`],
        );
        assert.deepEqual(await recorded(), { live: value(0), previous: value(1) });
    });

    it("brings a changed setting to the service with the next deploy, the running image among them", async () => {
        // GIVEN a declared revision with another variable, as `pulumi up` registers it
        const declared = await world.declare(world.imageUri(1), { variables: { LOG_LEVEL: "debug" } });
        // WHEN the image that runs is deployed
        const { code } = await world.deployImage(world.imageUri(0), { ECS_TASK_DEFINITION: declared });
        // THEN it runs with the variable
        assert.equal(code, 0);
        const { taskDefinition } = await world.service();
        const { image, environment } = (await world.definition(taskDefinition)).containerDefinitions[0]!;
        assert.deepEqual([image, environment], [world.imageUri(0), [{ name: "LOG_LEVEL", value: "debug" }]]);
        assert.deepEqual(changes(), ["RegisterTaskDefinition", "UpdateService"]);
    });

    it("uses the declared revision itself where it has the image", async () => {
        const declared = await world.declare(world.imageUri(2));
        const { code } = await world.deployImage(world.imageUri(2), { ECS_TASK_DEFINITION: declared });
        assert.deepEqual([code, (await world.service()).taskDefinition], [0, declared]);
        assert.deepEqual(changes(), ["UpdateService", "PutParameter"]);
        assert.deepEqual(await recorded(), { live: value(2), previous: value(0) });
    });

    it("goes on after a crash between rollout and record", async () => {
        // GIVEN a run that died when it was to record
        world.scripted.script({ PutParameter: () => new Refusal("AccessDeniedException", "died here") });
        assert.equal((await world.deployImage(world.imageUri(1))).code, 1);
        assert.deepEqual(await recorded(), { live: value(2), previous: value(0) });
        // WHEN it runs again
        world.scripted.script();
        const { code } = await world.deployImage(world.imageUri(1));
        // THEN it only records
        assert.deepEqual([code, changes()], [0, ["PutParameter"]]);
        assert.deepEqual(await recorded(), { live: value(1), previous: value(2) });
    });

    it("goes back with rollback.sh, and back again", async () => {
        for (const [image, previous] of [
            [2, 1],
            [1, 2],
        ] as const) {
            world.scripted.script();
            const { code, stdout } = await world.rollBack();
            assert.equal(code, 0, stdout);
            assert.deepEqual(changes(), ["UpdateService", "PutParameter"]);
            assert.deepEqual(await recorded(), { live: value(image), previous: value(previous) });
            const { taskDefinition } = await world.service();
            assert.equal(
                (await world.definition(taskDefinition)).containerDefinitions[0]!.image,
                world.imageUri(image),
            );
        }
    });

    describe("after a change of the container's port or name", () => {
        /** Container and port of each revision. */
        const reached = new Map<unknown, [name: string, port: number]>();
        /** Refuses a load balancer whose container or port the task definition lacks, as ECS does. */
        const asEcsDoes = async (): Promise<Record<string, Script>> => {
            const present = (await world.service()).loadBalancers;
            return {
                UpdateService: ({ taskDefinition, loadBalancers = present }) => {
                    const [name, port] = reached.get(taskDefinition) ?? ["app", 8080];
                    if (isDeepStrictEqual(loadBalancers, [balancer(name, port)])) return undefined;
                    const sentence = `The container ${name} did not have a container port ${port} defined.`;
                    return new Refusal("InvalidParameterException", sentence);
                },
            };
        };
        before(() => world.deployImage(world.imageUri(1)));
        const changed: [what: string, container: string, port: number][] = [
            ["port", "app", 9000],
            ["name", "web", 8080],
        ];
        for (const [what, name, port] of changed) {
            it(`reaches another ${what} with the next deploy, and the earlier one after a rollback`, async () => {
                const before = await world.service();
                const { live, previous } = await recorded();
                const image = [0, 1, 2].find((one) => ![live, previous].includes(value(one)))!;
                const declared = await world.declare(world.imageUri(image), { name, port });
                reached.set(declared, [name, port]);
                const job = { ECS_TASK_DEFINITION: declared, ECS_CONTAINER: name };
                // WHEN
                world.scripted.script(await asEcsDoes());
                const deployed = await world.deployImage(world.imageUri(image), job);
                // THEN
                assert.equal(deployed.code, 0, deployed.stderr);
                const { taskDefinition, loadBalancers } = await world.service();
                assert.deepEqual([taskDefinition, loadBalancers], [declared, [balancer(name, port)]]);
                // AND back
                world.scripted.script(await asEcsDoes());
                const back = await world.rollBack(job);
                assert.equal(back.code, 0, back.stderr);
                assert.deepEqual((await world.service()).loadBalancers, before.loadBalancers);
            });
        }
    });

    describe("whose role may not", () => {
        const moveService = ["ecs", "update-service", "--cluster", title, "--service", title];
        const network = (subnet: string, publicIp: string) => {
            const awsvpcConfiguration = { subnets: [subnet], securityGroups: ["sg-1"], assignPublicIp: publicIp };
            return ["--network-configuration", JSON.stringify({ awsvpcConfiguration })];
        };
        const forbidden: [what: string, args: string[]][] = [
            ["start a task", ["ecs", "run-task", "--cluster", title, "--task-definition", revision(1)]],
            ["stop the service", ["ecs", "delete-service", "--cluster", title, "--service", title]],
            ["move another service", ["ecs", "update-service", "--cluster", title, "--service", "other"]],
            ["move it to another family", [...moveService, "--task-definition", revision(1).replace(title, "other")]],
            ["let commands into its tasks", [...moveService, "--enable-execute-command"]],
            ["give its tasks public addresses", [...moveService, ...network("subnet-1", "ENABLED")]],
            ["move its tasks to another subnet", [...moveService, ...network("subnet-9", "DISABLED")]],
            [
                "register another family",
                ["ecs", "register-task-definition", "--family", "other", "--container-definitions", "[]"],
            ],
            [
                "hand another role to a task",
                [
                    ...["ecs", "register-task-definition", "--family", title, "--container-definitions", "[]"],
                    ...["--task-role-arn", "arn:aws:iam::000000000000:role/administrator"],
                    ...["--execution-role-arn", "arn:aws:iam::000000000000:role/shop-execution"],
                ],
            ],
            ["delete an image", ["ecr", "batch-delete-image", "--repository-name", title, "--image-ids", "imageTag=a"]],
            ["write another parameter", ["ssm", "put-parameter", "--name", "/shop/prod/config/image-tag", "--value=a"]],
            ["run commands on instances", ["ssm", "send-command", "--document-name", "AWS-RunShellScript"]],
            ["start a build", ["codebuild", "start-build", "--project-name", title]],
        ];
        for (const [what, args] of forbidden) {
            it(what, async () => {
                const { code, stderr } = await run(["aws", ...args, "--region", world.region], {
                    ...world.environment,
                    ...world.credentials,
                    AWS_ENDPOINT_URL: world.scripted.origin,
                });
                assert.notEqual(code, 0);
                assert.match(stderr, /AccessDenied/);
            });
        }
    });
});
