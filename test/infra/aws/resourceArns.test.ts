import assert from "node:assert/strict";
import { baseRepositoryArns, secretArn } from "../../../infra/aws/resourceArns";

describe("baseRepositoryArns", () => {
    const host = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
    const arn = "arn:aws:ecr:eu-central-1:123456789012:repository";
    const table: [what: string, baseRegistry: string, url: string, arn: string, expected: string[]][] = [
        [
            "a pull-through cache",
            `${host}/docker-hub/library`,
            `${host}/shop`,
            `${arn}/shop`,
            [`${arn}/docker-hub/library/*`],
        ],
        ["the whole registry", host, `${host}/shop`, `${arn}/shop`, [`${arn}/*`]],
        ["a repository in a folder", `${host}/base`, `${host}/a/b/c`, `${arn}/a/b/c`, [`${arn}/base/*`]],
        ["a public registry", "public.ecr.aws/docker/library", `${host}/shop`, `${arn}/shop`, []],
        ["another region", `${host.replace("eu-central-1", "us-east-1")}/base`, `${host}/shop`, `${arn}/shop`, []],
        ["another account", `${host.replace("1234", "4321")}/base`, `${host}/shop`, `${arn}/shop`, []],
        ["a host that begins alike", `${host}.example.com/base`, `${host}/shop`, `${arn}/shop`, []],
        ["a local registry", "127.0.0.1:5000/base", "127.0.0.1:5000/shop", `${arn}/shop`, [`${arn}/base/*`]],
        ["a port that begins alike", "127.0.0.1:500/base", "127.0.0.1:5000/shop", `${arn}/shop`, []],
        ["another local port", "127.0.0.1:5001/base", "127.0.0.1:5000/shop", `${arn}/shop`, []],
        [
            "another partition",
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/base",
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/shop",
            "arn:aws-cn:ecr:cn-north-1:123456789012:repository/shop",
            ["arn:aws-cn:ecr:cn-north-1:123456789012:repository/base/*"],
        ],
    ];
    for (const [what, baseRegistry, url, repository, expected] of table) {
        it(`finds ${expected.join() || "none"} for ${what}`, () => {
            assert.deepEqual(baseRepositoryArns(baseRegistry, url, repository), expected);
        });
    }
});

describe("secretArn", () => {
    const account = { partition: "aws-cn", region: "cn-north-1", accountId: "123456789012" };

    it("leaves room for the characters that Secrets Manager adds to a name", () => {
        const expected = "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:shop/npm-??????";
        assert.equal(secretArn("shop/npm", account), expected);
    });

    it("keeps an ARN as it is", () => {
        const arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/npm-AbCdEf";
        assert.equal(secretArn(arn, account), arn);
    });
});
