import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { resourceTypes } from "../../../../local/aws/provider/resourceTypes";

/** Reads inputs and computed outputs of a resource class from the package's own constructor. */
function declaredBy(token: string): { inputs: Set<string>; outputs: Set<string> } {
    const [, module = ""] = token.split(":");
    const source = fs.readFileSync(path.join(path.dirname(require.resolve("@pulumi/aws")), `${module}.js`), "utf8");
    assert.ok(source.includes(`__pulumiType = '${token}'`), `${module}.js declares ${token}`);
    const assignments = [...source.slice(source.indexOf("const args")).matchAll(/resourceInputs\["(\w+)"\] = (.*);/g)];
    const inputs = new Set<string>();
    const outputs = new Set<string>();
    for (const [, name = "", value = ""] of assignments) (value.includes("/*out*/") ? outputs : inputs).add(name);
    return { inputs, outputs };
}

/** Outputs of pulumi-aws that follow from the inputs, that no supported input asks for, or that no API call answers. */
const withoutCall: ReadonlySet<string> = new Set([
    "checksumCrc32",
    "checksumCrc32c",
    "checksumCrc64nvme",
    "checksumSha1",
    "checksumSha256",
    "hasSecretStringWo",
    "hasValueWo",
    "hostedZoneId",
    "tagsAll",
    "websiteDomain",
    "websiteEndpoint",
]);

describe("every supported resource type has the names of @pulumi/aws", () => {
    for (const [token, type] of Object.entries(resourceTypes)) {
        it(token, () => {
            const declared = declaredBy(token);
            const properties = new Set([...declared.inputs, ...declared.outputs]);
            const supported = Object.keys(type.inputs);
            assert.deepEqual(
                supported.filter((name) => !declared.inputs.has(name)),
                [],
                "inputs that the package does not have",
            );
            assert.deepEqual(
                type.computed.filter((name) => !properties.has(name)),
                [],
                "outputs that the package does not have",
            );
            assert.deepEqual(
                [...declared.outputs].filter((name) => !type.computed.includes(name) && !withoutCall.has(name)),
                [],
                "outputs of the package that are missing",
            );
            const inputNames = new Set(supported);
            const referred = [...type.replaceOn, ...(type.autoName ? [type.autoName.property] : [])];
            assert.deepEqual(
                referred.filter((name) => !inputNames.has(name)),
                [],
                "rules about inputs that are not supported",
            );
        });
    }
});
