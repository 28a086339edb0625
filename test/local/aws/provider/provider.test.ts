import assert from "node:assert/strict";
import type { Properties } from "../../../../local/aws/provider/fields";
import { unknownValue } from "../../../../local/aws/provider/propertyValues";
import { AwsProvider } from "../../../../local/aws/provider/provider";
import type { AwsContext } from "../../../../local/aws/provider/resourceType";

const context: AwsContext = {
    // Nothing here calls AWS; a call would fail on this.
    clients: Object.freeze({}) as AwsContext["clients"],
    region: "eu-central-1",
    partition: "aws",
    dnsSuffix: "amazonaws.com",
    regionDescription: "Europe (Frankfurt)",
};
const provider = new AwsProvider(context);
const seed = Uint8Array.from([1, 2, 3]);
const repository = "aws:ecr/repository:Repository";
const bucket = "aws:s3/bucket:Bucket";
const parameter = "aws:ssm/parameter:Parameter";
const role = "aws:iam/role:Role";

describe("check", () => {
    const problems: { what: string; token: string; inputs: Properties; expected: string[] }[] = [
        { what: "nothing wrong", token: parameter, inputs: { type: "String", insecureValue: "v" }, expected: [] },
        {
            what: "a missing property",
            token: "aws:ecr/repositoryPolicy:RepositoryPolicy",
            inputs: { repository: "app" },
            expected: ["the property policy is required."],
        },
        {
            what: "an unknown nested property",
            token: repository,
            inputs: { imageScanningConfiguration: { scanOnPush: true, deep: true } },
            expected: [
                "the local aws provider does not support the property imageScanningConfiguration.deep; it supports scanOnPush.",
            ],
        },
        {
            what: "an unknown property of an item",
            token: repository,
            inputs: { encryptionConfigurations: [{ encryptionType: "AES256", key: "k" }] },
            expected: [
                "the local aws provider does not support the property encryptionConfigurations[0].key; " +
                    "it supports encryptionType, kmsKey.",
            ],
        },
        {
            what: "wrong kinds",
            token: repository,
            inputs: { name: 1, forceDelete: "yes", tags: { a: 1 }, encryptionConfigurations: {} },
            expected: [
                "the property name must be a string.",
                "the property encryptionConfigurations must be a list.",
                "the property forceDelete must be a boolean.",
                "the property tags must be a map of strings.",
            ],
        },
        {
            what: "a policy that is not JSON",
            token: role,
            inputs: { assumeRolePolicy: "allow all" },
            expected: ["the property assumeRolePolicy must be a JSON document."],
        },
        {
            what: "two values",
            token: parameter,
            inputs: { type: "String", value: "a", insecureValue: "b" },
            expected: ["exactly one of value and insecureValue must be given."],
        },
        {
            what: "values that a preview does not know",
            token: role,
            inputs: { assumeRolePolicy: unknownValue },
            expected: [],
        },
    ];
    for (const { what, token, inputs, expected } of problems) {
        it(`reports ${what}`, () => {
            const checked = provider.check(token, "app", seed, inputs, {});
            assert.deepEqual(
                checked.problems.map(({ reason }) => reason),
                expected,
            );
        });
    }

    it("refuses another Region", () => {
        assert.throws(() => provider.check(bucket, "app", seed, { region: "us-east-1" }, {}), {
            message:
                'The local aws provider runs in eu-central-1 only, not in "us-east-1"; leave region out or set it to eu-central-1.',
        });
    });

    const names: {
        what: string;
        token: string;
        inputs: Properties;
        olds?: Properties;
        property: string;
        expected: RegExp;
    }[] = [
        { what: "a name", token: repository, inputs: {}, property: "name", expected: /^myapp-[0-9a-f]{7}$/ },
        {
            what: "a name with capitals",
            token: role,
            inputs: { assumeRolePolicy: {} },
            property: "name",
            expected: /^MyApp-[0-9a-f]{7}$/,
        },
        {
            what: "a bucket",
            token: bucket,
            inputs: { bucketPrefix: "Cache-" },
            property: "bucket",
            expected: /^cache-[0-9a-f]{7}$/,
        },
        { what: "a given name", token: repository, inputs: { name: "given" }, property: "name", expected: /^given$/ },
        {
            what: "the name of the last run",
            token: repository,
            inputs: {},
            olds: { name: "myapp-0000000", __defaults: ["name"] },
            property: "name",
            expected: /^myapp-0000000$/,
        },
        {
            what: "a new name when the program no longer gives one",
            token: repository,
            inputs: {},
            olds: { name: "given" },
            property: "name",
            expected: /^myapp-[0-9a-f]{7}$/,
        },
        {
            what: "the key of an object without digits",
            token: "aws:s3/bucketObjectv2:BucketObjectv2",
            inputs: { bucket: "b" },
            property: "key",
            expected: /^MyApp$/,
        },
    ];
    for (const { what, token, inputs, olds, property, expected } of names) {
        it(`chooses ${what}`, () => {
            const run = () => provider.check(token, "MyApp", seed, inputs, olds ?? {}).inputs[property];
            assert.match(run() as string, expected);
            assert.equal(run(), run());
        });
    }

    it("cuts a long name so that the digits fit", () => {
        const { inputs } = provider.check(role, "r".repeat(80), seed, { assumeRolePolicy: {} }, {});
        assert.match(inputs.name as string, /^r{57}[0-9a-f]{7}$/);
    });
});

describe("diff", () => {
    const state: Properties = {
        name: "app",
        imageTagMutability: "MUTABLE",
        arn: "arn",
        tags: { a: "1" },
        region: "eu-central-1",
    };
    const table: { what: string; inputs: Properties; changes: object; deleteBeforeReplace: boolean }[] = [
        { what: "nothing", inputs: { name: "app", tags: { a: "1" } }, changes: {}, deleteBeforeReplace: true },
        {
            what: "an update",
            inputs: { name: "app", imageTagMutability: "IMMUTABLE", tags: { a: "1" } },
            changes: { imageTagMutability: { kind: "update", replace: false } },
            deleteBeforeReplace: true,
        },
        {
            what: "an addition and a deletion",
            inputs: { name: "app", forceDelete: true },
            changes: { forceDelete: { kind: "add", replace: false }, tags: { kind: "delete", replace: false } },
            deleteBeforeReplace: true,
        },
        {
            what: "a replacement by another name",
            inputs: { name: "other", tags: { a: "1" } },
            changes: { name: { kind: "update", replace: true } },
            deleteBeforeReplace: false,
        },
        {
            what: "a value that is not known",
            inputs: { name: unknownValue, tags: { a: unknownValue } },
            changes: { name: { kind: "update", replace: true }, tags: { kind: "update", replace: false } },
            deleteBeforeReplace: false,
        },
    ];
    for (const { what, inputs, changes, deleteBeforeReplace } of table) {
        it(`finds ${what}`, () => {
            const found = provider.diff(repository, state, inputs);
            assert.deepEqual(Object.fromEntries(found.changes), changes);
            assert.equal(found.deleteBeforeReplace, deleteBeforeReplace);
        });
    }
});

describe("previews", () => {
    it("promise the inputs of a new resource and nothing of what AWS computes", async () => {
        const { id, outputs } = await provider.create(bucket, { bucket: "b", tags: { a: "1" } }, true);
        assert.equal(id, "");
        assert.deepEqual(outputs, {
            bucket: "b",
            forceDestroy: false,
            tags: { a: "1" },
            tagsAll: { a: "1" },
            region: "eu-central-1",
            arn: unknownValue,
            bucketDomainName: unknownValue,
            bucketRegion: unknownValue,
            bucketRegionalDomainName: unknownValue,
        });
    });

    it("keep what AWS computed over an update, but for what the update moves", async () => {
        const state: Properties = {
            name: "/p",
            type: "String",
            insecureValue: "1",
            arn: "arn",
            version: 1,
            tier: "Standard",
        };
        const outputs = await provider.update(
            parameter,
            "/p",
            state,
            { name: "/p", type: "String", insecureValue: "2" },
            true,
        );
        assert.deepEqual(outputs, {
            name: "/p",
            type: "String",
            insecureValue: "2",
            overwrite: false,
            tier: "Standard",
            arn: "arn",
            version: unknownValue,
            region: "eu-central-1",
            tagsAll: {},
        });
    });
});
