/** Routes of Lambda's REST API below /2015-03-31 (and the other API dates): method, path pattern, IAM action. */
const routes: [method: string, path: RegExp, action: string][] = [
    ["GET", /^\/functions\/?$/, "ListFunctions"],
    ["POST", /^\/functions\/?$/, "CreateFunction"],
    ["GET", /^\/functions\/[^/]+$/, "GetFunction"],
    ["DELETE", /^\/functions\/[^/]+$/, "DeleteFunction"],
    ["PUT", /^\/functions\/[^/]+\/code$/, "UpdateFunctionCode"],
    ["GET", /^\/functions\/[^/]+\/configuration$/, "GetFunctionConfiguration"],
    ["PUT", /^\/functions\/[^/]+\/configuration$/, "UpdateFunctionConfiguration"],
    ["POST", /^\/functions\/[^/]+\/invocations$/, "InvokeFunction"],
    ["GET", /^\/functions\/[^/]+\/versions$/, "ListVersionsByFunction"],
    ["POST", /^\/functions\/[^/]+\/versions$/, "PublishVersion"],
    ["GET", /^\/functions\/[^/]+\/aliases$/, "ListAliases"],
    ["POST", /^\/functions\/[^/]+\/aliases$/, "CreateAlias"],
    ["GET", /^\/functions\/[^/]+\/aliases\/[^/]+$/, "GetAlias"],
    ["PUT", /^\/functions\/[^/]+\/aliases\/[^/]+$/, "UpdateAlias"],
    ["DELETE", /^\/functions\/[^/]+\/aliases\/[^/]+$/, "DeleteAlias"],
    ["GET", /^\/functions\/[^/]+\/policy$/, "GetPolicy"],
    ["POST", /^\/functions\/[^/]+\/policy$/, "AddPermission"],
    ["DELETE", /^\/functions\/[^/]+\/policy\/[^/]+$/, "RemovePermission"],
    ["PUT", /^\/functions\/[^/]+\/concurrency$/, "PutFunctionConcurrency"],
    ["DELETE", /^\/functions\/[^/]+\/concurrency$/, "DeleteFunctionConcurrency"],
    ["GET", /^\/tags\/.+$/, "ListTags"],
    ["POST", /^\/tags\/.+$/, "TagResource"],
    ["DELETE", /^\/tags\/.+$/, "UntagResource"],
];

/**
 * Finds the IAM action of a Lambda REST request, without the `lambda:` prefix; undefined where no route matches.
 * Source: AWS Lambda API reference, service authorization reference.
 */
export function lambdaAction(method: string, path: string): string | undefined {
    const route = path.replace(/^\/\d{4}-\d{2}-\d{2}/, "");
    return routes.find(([routeMethod, pattern]) => routeMethod === method && pattern.test(route))?.[2];
}
