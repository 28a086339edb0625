import type { Statement } from "../../infra/aws/policyDocument";
import { type Call, Refusal } from "./scriptedAws";

/** Check of IAM for a request. */
interface Check {
    action: string;
    resource: string;
    /** Values of condition keys; a key that the request lacks is absent. */
    conditions: Record<string, string | string[]>;
}

type Input = Record<string, unknown>;
type Checks = (input: Input, arn: (resource: string) => string) => Check[];

const check = (action: string, resource: string, conditions: Check["conditions"] = {}): Check => ({
    action,
    resource,
    conditions,
});

/**
 * Checks of AWS for each call of ECS. The emulator checks the cluster instead, whatever the call is about, and takes some actions of Lambda
 * for others.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
const checksOfEcs: Record<string, Checks> = {
    DescribeServices: ({ cluster, services }, arn) =>
        (services as string[]).map((name) => check("ecs:DescribeServices", arn(`service/${String(cluster)}/${name}`))),
    UpdateService: ({ cluster, service, taskDefinition, enableExecuteCommand, networkConfiguration }, arn) => {
        const { subnets, assignPublicIp } =
            (networkConfiguration as { awsvpcConfiguration: Record<string, unknown> } | undefined)
                ?.awsvpcConfiguration ?? {};
        const conditions = {
            "ecs:task-definition": taskDefinition,
            "ecs:enable-execute-command":
                enableExecuteCommand === undefined ? undefined : String(enableExecuteCommand === true),
            "ecs:auto-assign-public-ip":
                assignPublicIp === undefined ? undefined : String(assignPublicIp === "ENABLED"),
            "ecs:subnet": subnets,
        };
        const given = Object.entries(conditions).filter(([, value]) => value !== undefined);
        return [
            check(
                "ecs:UpdateService",
                arn(`service/${String(cluster)}/${String(service)}`),
                Object.fromEntries(given) as Check["conditions"],
            ),
        ];
    },
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

/** Lists AWS's checks for a call. */
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
    const wanted = Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
        Object.entries(keys).map(([key, allowed]) => ({ operator, key, allowed: [allowed].flat() })),
    );
    return (
        actions.includes(action) &&
        resources.some((pattern) => matches(pattern, resource)) &&
        wanted.every(({ operator, key, allowed }) => {
            const values = conditions[key];
            if (values === undefined) return /IfExists$|^ForAllValues:/.test(operator);
            return [values].flat().every((value) => allowed.some((pattern) => matches(pattern, value)));
        })
    );
}

function matches(pattern: string, resource: string): boolean {
    const expression = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*");
    return new RegExp(`^${expression}$`).test(resource);
}
