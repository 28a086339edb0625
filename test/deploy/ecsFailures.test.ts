import assert from "node:assert/strict";
import { type EcsWorld, revision, startEcsWorld, title } from "./ecsWorld";
import { Refusal, type Script } from "./scriptedAws";

/** Deployment as DescribeServices shows it. */
interface Deployment {
    id: string;
    status: "PRIMARY" | "ACTIVE";
    rolloutState: "IN_PROGRESS" | "COMPLETED" | "FAILED";
    taskDefinition: string;
    rolloutStateReason?: string;
}

const service = (...deployments: Deployment[]) => ({
    serviceName: title,
    status: "ACTIVE",
    deployments,
    events: [{ id: "1", createdAt: 1, message: "(service shop-dev) was unable to place a task." }],
});
const described = (...deployments: Deployment[]) => ({ services: [service(...deployments)], failures: [] });

const earlier: Deployment = {
    id: "ecs-svc/1",
    status: "PRIMARY",
    rolloutState: "COMPLETED",
    taskDefinition: revision(1),
};
const rolledBack: Deployment = { ...earlier, id: "ecs-svc/3" };
const wanted: Deployment = {
    id: "ecs-svc/2",
    status: "PRIMARY",
    rolloutState: "IN_PROGRESS",
    taskDefinition: revision(2),
};

/** Makes a script of DescribeServices with these states, one a call; the last one stays. */
const states =
    (...all: object[]): Script =>
    (_input, count) =>
        all[Math.min(count, all.length - 1)];

/** Answers of AWS besides the states: the rollout starts, two of its tasks have stopped. */
const rollout: Record<string, Script> = {
    RegisterTaskDefinition: () => ({ taskDefinition: { taskDefinitionArn: revision(2) } }),
    UpdateService: ({ taskDefinition }) => ({
        service: service(taskDefinition === revision(2) ? wanted : { ...rolledBack, rolloutState: "IN_PROGRESS" }),
    }),
    ListTasks: () => ({ taskArns: ["arn:aws:ecs:eu-central-1:000000000000:task/shop-dev/1"] }),
    DescribeTasks: () => ({
        tasks: [
            {
                taskArn: "arn:aws:ecs:eu-central-1:000000000000:task/shop-dev/1",
                taskDefinitionArn: revision(2),
                stopCode: "EssentialContainerExited",
                stoppedReason: "Essential container in task exited",
                containers: [{ name: "app", exitCode: 3, reason: "database is down" }],
            },
        ],
    }),
};

describe("deploy/ecs.sh when something fails", function () {
    this.timeout(60_000);
    let world: EcsWorld;

    before(async () => {
        world = await startEcsWorld();
        assert.equal((await world.deployImage(world.imageUri(0))).code, 0);
    });
    after(() => world.stop());

    /** Deploys the second image; no release may be recorded. */
    const failing = async (scripts: Record<string, Script>, variables: Record<string, string> = {}) => {
        const record = [await world.versions(), await world.parameter(":live"), await world.tagged("deployed-dev")];
        world.scripted.script(scripts);
        const result = await world.deployImage(world.imageUri(1), variables);
        assert.equal(result.code, 1, result.stdout);
        assert.deepEqual(
            [await world.versions(), await world.parameter(":live"), await world.tagged("deployed-dev")],
            record,
        );
        return result;
    };
    const moves = () => world.scripted.inputsOf("UpdateService").map(({ taskDefinition }) => taskDefinition);

    it("reports a rollout that ECS rolled back as failed, although the service is stable, with the reasons", async () => {
        const { stdout, stderr } = await failing({
            ...rollout,
            DescribeServices: states(
                described(earlier),
                described(wanted, { ...earlier, status: "ACTIVE" }),
                described(rolledBack, {
                    ...wanted,
                    status: "ACTIVE",
                    rolloutState: "FAILED",
                    rolloutStateReason: "ECS deployment circuit breaker: tasks failed to start.",
                }),
            ),
        });
        assert.equal(
            stderr,
            `error: the rollout of ${world.imageUri(1)} failed: ECS deployment circuit breaker: tasks failed to start. ` +
                "The release record was not changed.\n",
        );
        assert.deepEqual(stdout.split("\n"), [
            `registered ${revision(2)}`,
            `moving the service from ${revision(1)} to ${revision(2)}`,
            "last events of the service:",
            "(service shop-dev) was unable to place a task.",
            "stopped tasks of the release (task, code, reason, exit code, container's reason):",
            "arn:aws:ecs:eu-central-1:000000000000:task/shop-dev/1\tEssentialContainerExited\t" +
                "Essential container in task exited\t3\tdatabase is down",
            `the service runs ${revision(1)} (COMPLETED)`,
            "",
        ]);
        assert.deepEqual(moves(), [revision(2)]);
    });

    it("reports a rollout whose deployment is gone after it was rolled back", async () => {
        const { stderr } = await failing({
            ...rollout,
            DescribeServices: states(described(earlier), described(wanted), described(rolledBack)),
        });
        assert.match(stderr, /failed: another deployment took its place\. The release record was not changed\.\n$/);
        assert.deepEqual(moves(), [revision(2)]);
    });

    it("moves the service back itself where ECS does not", async () => {
        const { stdout } = await failing({
            ...rollout,
            DescribeServices: (_input, count) => {
                if (count === 0) return described(earlier);
                return moves().length === 1
                    ? described({ ...wanted, rolloutState: "FAILED" }, { ...earlier, status: "ACTIVE" })
                    : described(rolledBack);
            },
        });
        assert.deepEqual(moves(), [revision(2), revision(1)]);
        assert.match(stdout, /moving the service back to \S+:1\nthe service runs \S+:1 \(COMPLETED\)\n$/);
    });

    it("moves the service back when the deadline has passed", async () => {
        const { stderr } = await failing(
            {
                ...rollout,
                DescribeServices: (_input, count) => {
                    if (count === 0) return described(earlier);
                    return moves().length === 1
                        ? described(wanted, { ...earlier, status: "ACTIVE" })
                        : described(rolledBack);
                },
            },
            { DEPLOY_DEADLINE: "2" },
        );
        assert.match(stderr, /failed: it did not end within 2 seconds\. The release record was not changed\.\n$/);
        assert.deepEqual(moves(), [revision(2), revision(1)]);
    });

    it("goes on with the rollout of a run that died, and moves back to what that one replaced", async () => {
        world.scripted.script();
        const declared = await world.declare(world.imageUri(1));
        const inProgress = { ...wanted, taskDefinition: declared };
        const { stdout } = await failing(
            {
                ...rollout,
                DescribeServices: () =>
                    moves().length === 0
                        ? described(inProgress, { ...earlier, status: "ACTIVE" })
                        : described(rolledBack),
            },
            { DEPLOY_DEADLINE: "2", ECS_TASK_DEFINITION: declared },
        );
        assert.ok(stdout.startsWith(`the service has ${declared} already (IN_PROGRESS)\n`));
        assert.deepEqual(moves(), [revision(1)]);
    });

    it("tells what it could not read, and still the failure", async () => {
        const { stdout, stderr } = await failing({
            ...rollout,
            DescribeServices: states(
                described(earlier),
                described({ ...wanted, rolloutState: "FAILED" }),
                described(rolledBack),
            ),
            ListTasks: () => new Refusal("AccessDeniedException", "no tasks for you"),
        });
        assert.match(
            stdout,
            /An error occurred \(AccessDeniedException\) when calling the ListTasks operation: no tasks/,
        );
        assert.match(stderr, /^error: the rollout of /);
    });

    const refused: [what: string, scripts: Record<string, Script>, error: RegExp][] = [
        [
            "the service does not exist",
            { DescribeServices: () => ({ services: [], failures: [{ reason: "MISSING" }] }) },
            /^error: service shop-dev of cluster shop-dev does not exist or is being deleted; declare it with pulumi up first\.\n$/,
        ],
        [
            "another rollout is under way",
            {
                DescribeServices: () =>
                    described({ ...earlier, rolloutState: "IN_PROGRESS" }, { ...earlier, status: "ACTIVE" }),
            },
            /^error: the service is being moved to \S+; let that end, then deploy again\.\n$/,
        ],
        [
            "another tool controls its deployments",
            {
                DescribeServices: () => ({
                    services: [{ ...service(earlier), deploymentController: { type: "CODE_DEPLOY" } }],
                }),
            },
            /controlled by CODE_DEPLOY; this script serves ECS's own controller\.\n$/,
        ],
        [
            "the role may not move the service",
            { ...rollout, UpdateService: () => new Refusal("AccessDeniedException", "not authorized") },
            /^error: An error occurred \(AccessDeniedException\) when calling the UpdateService operation: not authorized \n$/,
        ],
    ];
    for (const [what, scripts, error] of refused) {
        it(`changes nothing when ${what}`, async () => {
            const { stderr } = await failing({ DescribeServices: () => described(earlier), ...scripts });
            assert.match(stderr, error);
            assert.deepEqual(world.scripted.inputsOf("PutParameter"), []);
        });
    }

    it("changes nothing when the image does not exist", async () => {
        world.scripted.script();
        const missing = `sha256:${"0".repeat(64)}`;
        const { code, stderr } = await world.deployImage(missing);
        assert.deepEqual(
            [code, stderr],
            [1, `error: ${world.repositoryUrl}@${missing} does not exist in the repository; nothing was changed.\n`],
        );
        assert.deepEqual(
            new Set(world.scripted.calls.map(({ operation }) => operation)),
            new Set(["GetParameterHistory", "DescribeImages"]),
        );
    });

    it("says which variables are missing, and which argument is wrong", async () => {
        const variables = { ECS_CLUSTER: "", ECS_SERVICE: "" };
        const { code, stderr } = await world.deployImage(world.imageUri(1), variables);
        assert.deepEqual(
            [code, stderr],
            [
                1,
                "error: not set: ECS_CLUSTER ECS_SERVICE; they are lines of the stack's output deployEnv (pulumi stack output deployEnv).\n",
            ],
        );
        const wrong = await world.deploy("ecs.sh", {}, "--imgae");
        assert.deepEqual(
            [wrong.code, wrong.stderr],
            [2, 'error: unknown argument "--imgae". See deploy/ecs.sh --help.\n'],
        );
    });
});
