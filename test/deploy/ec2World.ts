import * as fs from "node:fs";
import * as path from "node:path";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateDocumentCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { deployPolicy } from "../../infra/ci/deployPolicy";
import { composePrefix, ec2Document } from "../../infra/release/ec2/ec2Document";
import { ec2RolePolicy, ec2TrustPolicy } from "../../infra/release/ec2/ec2RolePolicy";
import { freePort } from "../../local/machine/freePort";
import { dockerRequest } from "../../local/world/services/dockerApi";
import { currentAgentVersion, openSsm } from "../../local/aws/ssm";
import { startDockerHost } from "../support/dockerHost";
import { cacheBucketName, type DeployWorld, parameterName, repositoryName, run, startDeployWorld } from "./deployWorld";

/** Application of these tests: serves its version, once its database listens; MODE=broken never answers. */
const application = `
[ "$MODE" = broken ] && exec sleep 1000
[ "$MODE" = crash ] && { echo "cannot start: no licence"; exit 3; }
nc -w 1 mysql 3306 </dev/null || { echo "no database"; exit 4; }
mkdir -p /www
echo "$VERSION" >/www/readyz
exec httpd -f -p 8080 -h /www
`;

/** Stand-in for a database, which listens. */
const database = "exec nc -ll -p 3306 -e /bin/cat\n";

const compose = (databaseImage: string) => `
name: shop
services:
  go:
    image: \${IMAGE_URI:?}
    init: true
    restart: unless-stopped
    depends_on: { mysql: { condition: service_healthy } }
    env_file: \${SECRETS_FILE:?}
    ports: ["\${HTTP_PORT:?}:8080"]
    healthcheck: { test: [CMD, wget, -q, -O, /dev/null, "http://127.0.0.1:8080/readyz"], interval: 5s }
  mysql:
    image: ${databaseImage}
    init: true
    restart: unless-stopped
    env_file: \${SECRETS_FILE:?}
    command: \${DATABASE_COMMAND:-/bin/sh /run}
    healthcheck: { test: [CMD, nc, -w, "1", 127.0.0.1, "3306"], interval: 1s, retries: 3 }
`;

/** Value that nobody but the containers may see. */
export const marker = "marker-of-a-secret-value-7f3a";

const instanceId = "i-0fedcba9876543210";
/** Name of the target's document. */
export const documentName = "shop-dev-deploy";
/** Tag of the target's instances. */
export const instanceTag = { key: "Deploy", value: "shop-dev" };
const bucket = "shop-dev-deploy";

/** Variables of deploys that describe the target. */
export const targetVariables = {
    DEPLOY_DOCUMENT: documentName,
    DEPLOY_TARGETS: `Key=tag:${instanceTag.key},Values=${instanceTag.value}`,
};

/** Emulated AWS with an instance on a real Docker daemon, as an Ec2Target declares them. */
export type Ec2World = Awaited<ReturnType<typeof startEc2World>>;

/** Starts the world. */
export async function startEc2World() {
    // First what may have to set up tools.
    const host = await startDockerHost();
    const world = await startDeployWorld();
    const { admin, region, gateway, configuration } = world;
    const directory = path.join(host.folder, "app");
    // Two: some tests use the next one as well.
    const port = await freePort(2);
    const secrets = new SecretsManagerClient({
        endpoint: gateway.origin,
        region,
        credentials: { accessKeyId: configuration.accessKeyId, secretAccessKey: configuration.secretAccessKey },
    });

    const databaseImage = "database.example/mysql:1";
    await host.importImage(databaseImage, database, {});
    await admin.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await secrets.send(new CreateSecretCommand({ Name: "shop/dev", SecretString: "{}" }));
    for (const [leaf, Value] of Object.entries({ "directory-app": directory, "secret-name": "shop/dev" })) {
        const parameter = { Name: `/shop/dev/config/${leaf}`, Type: "String", Value } as const;
        await admin.ssm.send(new PutParameterCommand(parameter));
    }
    const role = await createRole(world);
    const deployRole = await assumeDeployRole(world);
    await admin.ssm.send(
        new CreateDocumentCommand({
            Name: documentName,
            DocumentType: "Command",
            DocumentFormat: "JSON",
            Content: ec2Document({
                region,
                repositoryUrl: world.repositoryUrl,
                bucketName: bucket,
                composeFiles: ["docker-compose.yml"],
                project: "shop-dev",
                service: "go",
                secretKeys: ["DATABASE_PASSWORD"],
                directoryAppParameter: "/shop/dev/config/directory-app",
                secretNameParameter: "/shop/dev/config/secret-name",
                healthSeconds: 8,
                keepImages: 2,
                timeoutSeconds: 120,
            }),
        }),
    );
    const node = {
        instanceId,
        computerName: "host",
        tags: { [instanceTag.key]: instanceTag.value },
        roleArn: role,
        environment: {
            ...host.environment,
            ...world.environment,
            ...{ PATH: `${world.environment.PATH?.split(":")[0]}:${host.environment.PATH}`, HOME: host.folder },
            AWS_ACCESS_KEY_ID: "",
            AWS_SECRET_ACCESS_KEY: "",
        },
        agentVersion: currentAgentVersion,
        pingStatus: "Online" as const,
    };
    const ssm = openSsm(configuration.ssmDirectory, "000000000000");
    await ssm.nodes.register(node);
    const putFile = (name: string, Body: string) =>
        admin.s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${composePrefix}/${name}`, Body }));
    const putComposeFile = (content = compose(databaseImage)) => putFile("docker-compose.yml", content);
    await putComposeFile();

    return {
        ...world,
        host,
        ssm,
        node,
        directory,
        address: `http://127.0.0.1:${port}`,
        port,
        /** Replaces the compose file, by default with that of these tests. */
        putComposeFile,
        /** Replaces the variables of the compose files. */
        putVariables: (variables: Record<string, string>) =>
            putFile(
                ".env",
                Object.entries({ HTTP_PORT: `127.0.0.1:${port}`, ...variables })
                    .map(([name, value]) => `${name}='${value}'\n`)
                    .join(""),
            ),
        putSecret: (value: unknown) =>
            secrets.send(new PutSecretValueCommand({ SecretId: "shop/dev", SecretString: JSON.stringify(value) })),
        /** Builds, pushes and proves a version of the application; returns its digest. */
        pushVersion: async (version: string, mode = "good"): Promise<string> => {
            const reference = `${world.repositoryUrl}:src-${version}`;
            await host.importImage(reference, application, { VERSION: version, MODE: mode });
            await loginAndPush(world, host, reference);
            await host.docker("rmi", reference);
            const digest = (await world.tagged(`src-${version}`)) ?? "";
            await world.prove(`src-${version}`, digest);
            return digest;
        },
        /** Runs a script of deploy/ as a deploy job does: under the declared deploy role. */
        deploy: (script: string, ...args: string[]) =>
            run(["sh", `deploy/${script}`, ...args], {
                ...world.environment,
                ...deployRole,
                ...targetVariables,
                DEPLOY_DEADLINE: "100",
            }),
        /** Lists the ids of the service's containers, the stopped ones included. */
        containers: async () => {
            const filters = JSON.stringify({ label: ["com.docker.compose.service=go"] });
            const query = `/containers/json?all=true&filters=${encodeURIComponent(filters)}`;
            const list = await dockerRequest(path.join(host.folder, "run/docker.sock"), "GET", query);
            return (JSON.parse(list ?? "[]") as { Id: string; State: string; Image: string }[]).map(
                ({ Id, State, Image }) => ({ id: Id, state: State, digest: Image.replace(/^.*@/, "") }),
            );
        },
        /** Reads the application's answer; undefined without one. */
        version: async () => {
            try {
                return (await (await fetch(`http://127.0.0.1:${port}/readyz`)).text()).trim();
            } catch {
                return undefined;
            }
        },
        stop: async () => {
            secrets.destroy();
            await host.stop();
            await world.stop();
        },
    };
}

/** Makes the variables of a job that runs under a role with exactly the declared permissions of deploys. */
export async function assumeDeployRole(world: DeployWorld): Promise<Record<string, string>> {
    const parameterArn = arnIn(world, "ssm", `parameter${parameterName}`);
    const policy = deployPolicy({
        release: { parameterArn, repositoryArn: arnIn(world, "ecr", `repository/${repositoryName}`) },
        // Releases of this environment are promoted within its repository.
        promotion: { parameterArn, proofs: { bucketArn: `arn:aws:s3:::${cacheBucketName}` } },
        ec2: {
            documentArn: arnIn(world, "ssm", `document/${documentName}`),
            instanceArn: arnIn(world, "ec2", "instance/*"),
            instanceTag,
        },
    });
    const { sts } = await world.assumeRole("deploy", (JSON.parse(policy) as { Statement: object[] }).Statement);
    const { accessKeyId, secretAccessKey, sessionToken = "" } = await sts.config.credentials();
    return {
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
    };
}

function arnIn({ region }: DeployWorld, service: string, resource: string): string {
    return `arn:aws:${service}:${region}:000000000000:${resource}`;
}

/** Creates the role of the instance with exactly the declared permissions. */
async function createRole(world: DeployWorld): Promise<string> {
    const { admin } = world;
    const RoleName = "shop-dev-instance";
    const { Role } = await admin.iam.send(
        new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: ec2TrustPolicy() }),
    );
    const arn = (service: string, resource: string) => arnIn(world, service, resource);
    const PolicyDocument = ec2RolePolicy({
        repositoryArns: [arn("ecr", `repository/${repositoryName}`)],
        bucketArn: `arn:aws:s3:::${bucket}`,
        parameterArns: ["directory-app", "secret-name"].map((leaf) => arn("ssm", `parameter/shop/dev/config/${leaf}`)),
        secretArn: arn("secretsmanager", "secret:shop/dev-??????"),
        instanceArn: arn("ec2", "instance/*"),
    });
    await admin.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "deploy", PolicyDocument }));
    return Role?.Arn ?? "";
}

async function loginAndPush(
    world: DeployWorld,
    host: Awaited<ReturnType<typeof startDockerHost>>,
    reference: string,
): Promise<void> {
    const { stdout } = await run(["aws", "ecr", "get-login-password"], {
        ...world.environment,
        AWS_DEFAULT_REGION: world.region,
    });
    const auth = Buffer.from(`AWS:${stdout.trim()}`).toString("base64");
    const folder = fs.mkdtempSync(path.join(host.folder, "login-"));
    const registry = reference.split("/")[0]!;
    fs.writeFileSync(path.join(folder, "config.json"), JSON.stringify({ auths: { [registry]: { auth } } }));
    await host.docker("--config", folder, "push", "--quiet", reference);
    fs.rmSync(folder, { recursive: true });
}
