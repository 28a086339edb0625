import type { Statement } from "../../infra/iam/policyDocument";
import { type Call, Refusal } from "./scriptedAws";

/** What IAM checks for a request. */
interface Check {
    action: string;
    resource: string;
    conditions: Record<string, string>;
}

type Input = Record<string, unknown>;
type Checks = (input: Input, arn: (resource: string) => string) => Check[];

const check = (action: string, resource: string, conditions: Record<string, string> = {}): Check => ({
    action,
    resource,
    conditions,
});

/**
 * What AWS checks for each call of ECS; the emulator asks about the cluster instead, whatever the call is about, and takes some
 * actions of Lambda for others.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
const checksOfEcs: Record<string, Checks> = {
    DescribeServices: ({ cluster, services }, arn) =>
        (services as string[]).map((name) => check("ecs:DescribeServices", arn(`service/${String(cluster)}/${name}`))),
    UpdateService: ({ cluster, service }, arn) => [
        check("ecs:UpdateService", arn(`service/${String(cluster)}/${String(service)}`)),
    ],
    DescribeTaskDefinition: () => [check("ecs:DescribeTaskDefinition", "*")],
    RegisterTaskDefinition: ({ family, executionRoleArn, taskRoleArn }, arn) => [
        check("ecs:RegisterTaskDefinition", arn(`task-definition/${String(family)}:1`)),
        ...[executionRoleArn, taskRoleArn].map((role) =>
            check("iam:PassRole", String(role), { "iam:PassedToService": "ecs-tasks.amazonaws.com" }),
        ),
    ],
    ListTasks: ({ cluster }, arn) => [
        check("ecs:ListTasks", "*", { "ecs:cluster": arn(`cluster/${String(cluster)}`) }),
    ],
    DescribeTasks: ({ tasks }) => (tasks as string[]).map((task) => check("ecs:DescribeTasks", task)),
    RunTask: ({ taskDefinition }) => [check("ecs:RunTask", String(taskDefinition))],
};

/** What AWS checks for a call. */
function checksOf({ service, operation, input, path }: Call): Check[] {
    const arn = (resource: string) => `arn:aws:${service}:eu-central-1:000000000000:${resource}`;
    if (service === "ecs") return checksOfEcs[operation]?.(input, arn) ?? [check(`ecs:${operation}`, "*")];
    const functionName = /\/functions\/([^/?]+)/.exec(path)?.[1] ?? "";
    return [check(`lambda:${operation}`, arn(`function:${functionName}`))];
}

/** Refuses a call of ECS or Lambda that the statements do not allow, as IAM does; undefined when they allow it. */
export function refuseCall(statements: Statement[], call: Call): Refusal | undefined {
    const refused = checksOf(call).find((one) => !statements.some((statement) => allows(statement, one)));
    if (refused === undefined) return undefined;
    const sentence = `User: deploy is not authorized to perform: ${refused.action} on resource: ${refused.resource}`;
    return new Refusal("AccessDeniedException", sentence, 403);
}

function allows(statement: Statement, { action, resource, conditions }: Check): boolean {
    const actions = [statement.Action].flat();
    const resources = [statement.Resource ?? []].flat();
    const wanted = Object.values(statement.Condition ?? {}).flatMap((keys) => Object.entries(keys));
    return (
        actions.includes(action) &&
        resources.some((pattern) => matches(pattern, resource)) &&
        wanted.every(([key, value]) => [value].flat().includes(conditions[key] ?? ""))
    );
}

function matches(pattern: string, resource: string): boolean {
    const expression = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*");
    return new RegExp(`^${expression}$`).test(resource);
}
