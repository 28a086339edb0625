import * as path from "node:path";
import type { AwsCalls } from "./awsCalls";
import { contentKey } from "./contentKey";
import type { BuildVariables } from "./gitReference";
import { required } from "./readVariables";

/**
 * Reads an object that `pulumi up` put beside the build tools.
 *
 * @param key key made by {@link contentKey}
 * @throws Error for an object whose content `pulumi up` did not put there
 */
export async function readBuildObject(calls: AwsCalls, variables: BuildVariables, key: string): Promise<string> {
    const bucket = required(variables, "BUILD_TOOLS_BUCKET");
    const content = await calls.object(bucket, key);
    if (contentKey(content, path.extname(key)) === key) return content;
    throw new Error(`s3://${bucket}/${key} is damaged; delete it and run \`pulumi up --refresh\`, which puts it back.`);
}
