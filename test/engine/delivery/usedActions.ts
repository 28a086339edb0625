import { GetRolePolicyCommand, ListRolePoliciesCommand, paginateListRoles } from "@aws-sdk/client-iam";
import { readAccessLog } from "../../support/accessLog";
import { awsClients, type EngineWorld } from "../../support/engineWorld";

/** Reads the actions that the policies of roles allow and that nobody used, by role. @param pattern pattern of the roles' names */
export async function unusedActions(engine: EngineWorld, pattern: RegExp): Promise<Record<string, string[]>> {
    const { iam } = awsClients(engine);
    const used = new Set(
        (await readAccessLog())
            .filter(({ allowed }) => allowed)
            .map(({ principal, action }) => `${principal.split("/")[1]} ${action}`),
    );
    const unused: Record<string, string[]> = {};
    for await (const { Roles = [] } of paginateListRoles({ client: iam }, {})) {
        for (const { RoleName = "" } of Roles.filter((role) => pattern.test(role.RoleName ?? ""))) {
            const rest = (await actionsOf(engine, RoleName)).filter((action) => !used.has(`${RoleName} ${action}`));
            // Generated names end in digits.
            unused[RoleName.replace(/-[0-9a-f]{7}$/, "")] = rest;
        }
    }
    return unused;
}

/** Lists the actions that a role's policies allow. */
async function actionsOf(engine: EngineWorld, RoleName: string): Promise<string[]> {
    const { iam } = awsClients(engine);
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    const documents = await Promise.all(
        PolicyNames.map((PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))),
    );
    return documents
        .map(({ PolicyDocument = "" }) => JSON.parse(decodeURIComponent(PolicyDocument)) as { Statement: object[] })
        .flatMap(({ Statement }) => Statement as { Action: string | string[] }[])
        .flatMap(({ Action }) => Action)
        .sort();
}
