import * as assert from "node:assert/strict";
import { StartBuildCommand } from "@aws-sdk/client-codebuild";
import {
    CreateRepositoryCommand,
    DeleteRepositoryCommand,
    DescribeRepositoriesCommand,
    GetAuthorizationTokenCommand,
} from "@aws-sdk/client-ecr";
import {
    CreateAccessKeyCommand,
    CreatePolicyCommand,
    CreateUserCommand,
    DeleteRolePermissionsBoundaryCommand,
    PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { errorsOf, RegistryClient } from "./registry/registryClient";
import { clientsOf, policy, registryToken, startWorld, type World } from "./world";

const root = "arn:aws:iam::000000000000:root";

describe("gateway: AWS APIs", function () {
    this.timeout(60_000);
    let world: World;
    /** Function that reads the log's lines since its last call, without the times. */
    let newLines: () => object[];

    before(async () => {
        world = await startWorld();
        let seen = 0;
        newLines = () => {
            const lines = world.log();
            const fresh = lines.slice(seen);
            seen = lines.length;
            return fresh.map((line) => Object.fromEntries(Object.entries(line).filter(([name]) => name !== "time")));
        };
    });
    after(() => world.stop());

    it("names itself as the registry", async () => {
        // GIVEN a repository WHEN it is described THEN its address is the gateway's
        const uri = `${world.gateway.host}/team/named`;
        const { repository } = await world.admin.ecr.send(
            new CreateRepositoryCommand({ repositoryName: "team/named" }),
        );
        assert.equal(repository?.repositoryUri, uri);
        const { repositories } = await world.admin.ecr.send(new DescribeRepositoriesCommand({}));
        assert.deepEqual(
            repositories?.map(({ repositoryUri }) => repositoryUri),
            [uri],
        );
        // AND so is the address that the token is for, which ends in 12 hours
        const { authorizationData } = await world.admin.ecr.send(new GetAuthorizationTokenCommand({}));
        assert.equal(authorizationData?.[0]?.proxyEndpoint, world.gateway.origin);
        const hours = ((authorizationData[0].expiresAt?.getTime() ?? 0) - Date.now()) / 3_600_000;
        assert.ok(hours > 11.99 && hours <= 12, `${hours} hours`);
        await world.admin.ecr.send(new DeleteRepositoryCommand({ repositoryName: "team/named" }));
    });

    it("refuses callers that the emulator would take for its administrator", async () => {
        newLines();
        // GIVEN the key "test" and an account id
        for (const accessKeyId of ["test", "000000000000"]) {
            const caller = clientsOf(world.gateway.origin, world.region, { accessKeyId, secretAccessKey: "test" });
            // WHEN they call THEN each service refuses in its own way
            await assert.rejects(caller.ecr.send(new DescribeRepositoriesCommand({})), {
                name: "UnrecognizedClientException",
            });
            await assert.rejects(caller.sts.send(new GetCallerIdentityCommand({})), { name: "InvalidClientTokenId" });
            await assert.rejects(caller.s3.send(new CreateBucketCommand({ Bucket: "stolen" })), {
                name: "InvalidAccessKeyId",
            });
        }
        // AND unsigned requests are refused, but for the one that AWS takes
        const form = (body: string) => fetch(world.gateway.origin, { method: "POST", body: new URLSearchParams(body) });
        assert.equal((await fetch(`${world.gateway.origin}/stolen`, { method: "PUT" })).status, 403);
        assert.equal((await form("Action=ListRoles&Version=2010-05-08")).status, 403);
        const webIdentity = await form(
            "Action=AssumeRoleWithWebIdentity&RoleArn=arn:aws:iam::000000000000:role/none&RoleSessionName=s&WebIdentityToken=t",
        );
        assert.match(await webIdentity.text(), /AccessDenied|NoSuchEntity|InvalidIdentityToken/);
        assert.equal((await fetch(`${world.gateway.origin}/_ministack/reset`, { method: "POST" })).status, 404);
        const line = (principal: string, action: string, resource = "*") => ({
            principal,
            action,
            resource,
            allowed: false,
            status: 403,
        });
        const stolen = "arn:aws:s3:::stolen";
        const foreign = [
            { ...line("unknown", "ecr:DescribeRepositories"), status: 400 },
            line("unknown", "sts:GetCallerIdentity"),
            line("unknown", "s3:CreateBucket", stolen),
        ];
        assert.deepEqual(newLines().slice(0, 8), [
            ...foreign,
            ...foreign,
            line("anonymous", "s3:CreateBucket", stolen),
            line("anonymous", "sts:ListRoles"),
        ]);
    });

    it("does not let a signature open what the emulator serves without credentials", async () => {
        // GIVEN requests signed with a key that nobody has, which the emulator would not look at
        const headers = { authorization: "AWS4-HMAC-SHA256 Credential=AKIAX/20261121/eu-central-1/ecr/aws4_request" };
        const ask = async (method: string, path: string) =>
            (await fetch(`${world.gateway.origin}${path}`, { method, headers })).status;
        // WHEN they name the registry or the emulator's switches THEN they do not get there
        assert.equal(await ask("GET", "/v2/race/manifests/v1"), 401);
        assert.equal(await ask("GET", "/%76%32/race/manifests/v1"), 401);
        assert.equal(await ask("POST", "/_ministack/reset"), 404);
        assert.equal(await ask("POST", "/%5fministack/reset"), 404);
        // AND not with an escape that the gateway cannot decode and the emulator passes over
        assert.equal(await ask("PUT", "/%76%32/race/manifests/v1%zz"), 400);
        assert.equal(await ask("GET", "/%5fministack/lambda-code/api/%ff"), 400);
    });

    it("lets a role do what its own policies say, and logs who did what on which resource", async () => {
        // GIVEN a role that may read one parameter
        const arn = "arn:aws:ssm:eu-central-1:000000000000:parameter/app/tag";
        for (const Name of ["/app/tag", "/other"]) {
            await world.admin.ssm.send(new PutParameterCommand({ Name, Value: "value", Type: "String" }));
        }
        newLines();
        const role = await world.assumeRole("reader", [{ Effect: "Allow", Action: "ssm:GetParameter", Resource: arn }]);
        // WHEN it reads that one, another one, and asks for a registry token
        const { Parameter } = await role.ssm.send(new GetParameterCommand({ Name: "/app/tag" }));
        await assert.rejects(role.ssm.send(new GetParameterCommand({ Name: "/other" })), {
            name: "AccessDeniedException",
        });
        await assert.rejects(role.ecr.send(new GetAuthorizationTokenCommand({})), { name: "AccessDeniedException" });
        const { Arn } = await role.sts.send(new GetCallerIdentityCommand({}));
        // THEN only the first is allowed
        assert.equal(Parameter?.Value, "value");
        const principal = "arn:aws:sts::000000000000:assumed-role/reader/session";
        assert.equal(Arn, principal);
        const roleArn = "arn:aws:iam::000000000000:role/reader";
        assert.deepEqual(newLines(), [
            { principal: root, action: "iam:CreateRole", resource: roleArn, allowed: true, status: 200 },
            { principal: root, action: "iam:PutRolePolicy", resource: roleArn, allowed: true, status: 200 },
            { principal: root, action: "sts:AssumeRole", resource: roleArn, allowed: true, status: 200 },
            { principal, action: "ssm:GetParameter", resource: arn, allowed: true, status: 200 },
            {
                principal,
                action: "ssm:GetParameter",
                resource: arn.replace("app/tag", "other"),
                allowed: false,
                status: 400,
            },
            { principal, action: "ecr:GetAuthorizationToken", resource: "*", allowed: false, status: 403 },
            { principal, action: "sts:GetCallerIdentity", resource: "*", allowed: true, status: 200 },
        ]);
    });

    it("lets a permissions boundary hold back what the role's policies allow, in the emulator's own APIs too", async () => {
        // GIVEN a role that may do everything, and a boundary of reading one parameter
        const Resource = `arn:aws:ssm:${world.region}:000000000000:parameter/bounded/read`;
        const PolicyDocument = policy([{ Effect: "Allow", Action: "ssm:GetParameter", Resource }]);
        const { Policy } = await world.admin.iam.send(
            new CreatePolicyCommand({ PolicyName: "narrow", PolicyDocument }),
        );
        for (const Name of ["/bounded/read", "/bounded/other"]) {
            await world.admin.ssm.send(new PutParameterCommand({ Name, Value: "value", Type: "String" }));
        }
        await world.admin.s3.send(new CreateBucketCommand({ Bucket: "bounded" }));
        const all = [{ Effect: "Allow", Action: "*", Resource: "*" }];
        const role = await world.assumeRole("bounded", all, { boundary: Policy?.Arn });
        // WHEN it reads that parameter THEN it may, AND nothing else
        const { Parameter } = await role.ssm.send(new GetParameterCommand({ Name: "/bounded/read" }));
        assert.equal(Parameter?.Value, "value");
        const denied = [
            () => role.ssm.send(new GetParameterCommand({ Name: "/bounded/other" })),
            () => role.ssm.send(new PutParameterCommand({ Name: "/bounded/read", Value: "other", Overwrite: true })),
            () => role.s3.send(new PutObjectCommand({ Bucket: "bounded", Key: "key", Body: "value" })),
            () => role.iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: "bounded" })),
            () => role.ecr.send(new CreateRepositoryCommand({ repositoryName: "bounded" })),
            () => role.codebuild.send(new StartBuildCommand({ projectName: "bounded" })),
        ];
        for (const call of denied) await assert.rejects(call(), { name: /^AccessDenied(Exception)?$/ });
    });

    it("knows users by the access keys they were given", async () => {
        // GIVEN a user with a key that may list tags
        await world.admin.ecr.send(new CreateRepositoryCommand({ repositoryName: "listed" }));
        await world.admin.iam.send(new CreateUserCommand({ UserName: "ci" }));
        const statement = { Effect: "Allow", Action: ["ecr:GetAuthorizationToken", "ecr:ListImages"], Resource: "*" };
        await world.admin.iam.send(
            new PutUserPolicyCommand({ UserName: "ci", PolicyName: "p", PolicyDocument: policy([statement]) }),
        );
        const { AccessKey } = await world.admin.iam.send(new CreateAccessKeyCommand({ UserName: "ci" }));
        const user = clientsOf(world.gateway.origin, world.region, {
            accessKeyId: AccessKey?.AccessKeyId ?? "",
            secretAccessKey: AccessKey?.SecretAccessKey ?? "",
        });
        // WHEN it uses the registry THEN its own policies hold
        const registry = new RegistryClient(world.gateway.origin, await registryToken(user.ecr));
        assert.equal((await registry.request("GET", "listed/tags/list")).status, 200);
        const denied = await registry.request("GET", "listed/manifests/v1");
        assert.match((await errorsOf(denied))[0]?.message ?? "", /^User: arn:aws:iam::000000000000:user\/ci is not/);
        // AND a wrong secret is refused by the emulator
        const thief = clientsOf(world.gateway.origin, world.region, {
            accessKeyId: AccessKey?.AccessKeyId ?? "",
            secretAccessKey: "guessed",
        });
        await assert.rejects(thief.ecr.send(new GetAuthorizationTokenCommand({})), {
            name: "InvalidSignatureException",
        });
    });

    it("passes objects through unchanged", async () => {
        // GIVEN a bucket and a role that may write below one prefix
        await world.admin.s3.send(new CreateBucketCommand({ Bucket: "objects" }));
        const role = await world.assumeRole("writer", [
            { Effect: "Allow", Action: ["s3:PutObject", "s3:GetObject"], Resource: "arn:aws:s3:::objects/cache/*" },
        ]);
        newLines();
        const Body = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
        // WHEN it writes and reads
        const Key = "cache/a b+ü.tar";
        await role.s3.send(new PutObjectCommand({ Bucket: "objects", Key, Body }));
        const read = await role.s3.send(new GetObjectCommand({ Bucket: "objects", Key }));
        // THEN the bytes are the same, and other prefixes are denied
        assert.ok(Body.equals(Buffer.from((await read.Body?.transformToByteArray()) ?? [])));
        await assert.rejects(role.s3.send(new PutObjectCommand({ Bucket: "objects", Key: "x", Body })), {
            name: "AccessDenied",
        });
        const principal = "arn:aws:sts::000000000000:assumed-role/writer/session";
        const object = `arn:aws:s3:::objects/${Key}`;
        assert.deepEqual(newLines(), [
            { principal, action: "s3:PutObject", resource: object, allowed: true, status: 200 },
            { principal, action: "s3:GetObject", resource: object, allowed: true, status: 200 },
            { principal, action: "s3:PutObject", resource: "arn:aws:s3:::objects/x", allowed: false, status: 403 },
        ]);
    });
});
