import assert from "node:assert/strict";
import { keyStatements, networkStatements, proofResources } from "../../../infra/codebuild/roleStatements";

describe("networkStatements", () => {
    it("are none outside a VPC", () => assert.deepEqual(networkStatements(undefined), []));

    it("allow network interfaces in the project's subnets, for CodeBuild only", () => {
        const network = {
            networkInterfaceArns: "arn:aws:ec2:eu-central-1:123456789012:network-interface/*",
            subnetArns: ["arn:aws:ec2:eu-central-1:123456789012:subnet/subnet-1"],
            securityGroupArns: ["arn:aws:ec2:eu-central-1:123456789012:security-group/sg-1"],
        };
        assert.deepEqual(networkStatements(network), [
            {
                Sid: "FindNetwork",
                Action: [
                    "ec2:DescribeDhcpOptions",
                    "ec2:DescribeNetworkInterfaces",
                    "ec2:DescribeSecurityGroups",
                    "ec2:DescribeSubnets",
                    "ec2:DescribeVpcs",
                ],
                Resource: "*",
            },
            {
                Sid: "CreateNetworkInterfaces",
                Action: "ec2:CreateNetworkInterface",
                Resource: [network.networkInterfaceArns, ...network.subnetArns, ...network.securityGroupArns],
            },
            {
                Sid: "DeleteNetworkInterfaces",
                Action: "ec2:DeleteNetworkInterface",
                Resource: network.networkInterfaceArns,
                Condition: { ArnEquals: { "ec2:Subnet": network.subnetArns } },
            },
            {
                Sid: "LendNetworkInterfaces",
                Action: "ec2:CreateNetworkInterfacePermission",
                Resource: network.networkInterfaceArns,
                Condition: {
                    ArnEquals: { "ec2:Subnet": network.subnetArns },
                    StringEquals: { "ec2:AuthorizedService": "codebuild.amazonaws.com" },
                },
            },
        ]);
    });
});

describe("keyStatements", () => {
    const key = "arn:aws:kms:eu-central-1:123456789012:key/1";

    it("are none without a key", () => assert.deepEqual(keyStatements(undefined, "write"), []));

    it("let readers decrypt, and writers do all that AWS lists for the key of a project", () => {
        const statement = (Action: string[]) => [{ Sid: "UseEncryptionKey", Action, Resource: [key] }];
        assert.deepEqual(keyStatements(key, "read"), statement(["kms:Decrypt"]));
        assert.deepEqual(
            keyStatements(key, "write"),
            statement([
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:Encrypt",
                "kms:GenerateDataKey",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo",
            ]),
        );
    });
});

describe("proofResources", () => {
    const arn = (name: string) => `arn:aws:ecr:eu-central-1:123456789012:repository/${name}`;
    const cases: [what: string, names: string[], expected: string[]][] = [
        ["a repository", ["shop"], ["built/shop/*"]],
        ["two of a namespace", ["team/shop", "team/worker"], ["built/team/shop/*", "built/team/worker/*"]],
        ["one for those below another", ["shop", "shop/worker", "shop/deep/one"], ["built/shop/*"]],
        ["each of those that only begin alike", ["shop", "shop-worker"], ["built/shop/*", "built/shop-worker/*"]],
    ];
    for (const [what, names, expected] of cases) {
        it(`are ${what}`, () => {
            assert.deepEqual(
                proofResources("arn:aws:s3:::cache", names.map(arn)),
                expected.map((key) => `arn:aws:s3:::cache/${key}`),
            );
        });
    }
});
