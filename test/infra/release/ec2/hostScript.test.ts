import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { ec2Document } from "../../../../infra/release/ec2/ec2Document";

/** Value that no output may hold. */
const marker = "marker-of-a-secret-value";

const aws = `
echo "$*" >>"$HOST/aws.log"
case "$*" in
    *get-parameters*) printf '%s\\t%s\\n' /shop/dev/config/directory-app "$HOST/app" /shop/dev/config/secret-name shop/dev ;;
    *get-secret-value*) cat "$HOST/secret.json" ;;
    *"s3 cp"*) [ -e "$HOST/no-files" ] || echo "services: {}" >"$HOST/app/.deploy/next/compose.yml" ;;
esac
`;

/** Stand-in for compose that refuses the settings and quotes them, as compose does. */
const docker = `
case "$*" in
    *"image inspect"*) [ -e "$HOST/has-image" ] ;;
    *" pull "*) [ ! -e "$HOST/has-image" ] ;;
    *" compose "*) echo "$SECRETS_FILE" >>"$HOST/compose.log"; cat "$SECRETS_FILE"; [ ! -s "$SECRETS_FILE" ] ;;
esac
`;

describe("the script on a target host", function () {
    this.timeout(20_000);
    let host: string;

    before(() => {
        host = fs.mkdtempSync(path.join(os.tmpdir(), "target-host-"));
        fs.mkdirSync(path.join(host, "tmp"));
        for (const [name, script] of Object.entries({ aws, docker })) {
            fs.writeFileSync(path.join(host, name), `#!/bin/sh\n${script}`, { mode: 0o755 });
        }
    });
    after(() => fs.rmSync(host, { recursive: true }));

    /** Deploys with this text as the settings' secret. */
    function deploy(secret: string) {
        for (const log of ["compose.log", "aws.log"]) fs.rmSync(path.join(host, log), { force: true });
        fs.writeFileSync(path.join(host, "secret.json"), secret);
        const result = spawnSync("sh", {
            input: hostScript(),
            encoding: "utf8",
            env: {
                PATH: `${host}:${process.env.PATH}`,
                HOST: host,
                TMPDIR: path.join(host, "tmp"),
                SSM_Digest: `sha256:${"a".repeat(64)}`,
            },
        });
        return {
            code: result.status,
            output: result.stdout + result.stderr,
            composeRan: fs.existsSync(path.join(host, "compose.log")),
            /** The first words of each start of the AWS CLI; reads that run at once in the order of their names. */
            starts: fs
                .readFileSync(path.join(host, "aws.log"), "utf8")
                .trim()
                .split("\n")
                .map((line) => /[a-z0-9]+ (get-|cp)[a-z-]*/.exec(line)?.[0])
                .sort(),
        };
    }

    const unfit =
        "has what an env file cannot hold (single quotes, line breaks, NUL, a backslash at the end, odd names) in";
    const refused: [what: string, secret: unknown, problem: string][] = [
        ["ends in a backslash", { A: "ends in \\", B: marker }, `${unfit} "A"`],
        ["ends in a backslash and a line break", { A: "ends in \\\n", B: marker }, `${unfit} "A"`],
        ["holds NUL", { A: `${marker}\u0000`, B: "b" }, `${unfit} "A"`],
        ["holds a single quote", { A: "it's", B: marker }, `${unfit} "A"`],
        ["has a key with a line break at its end", { "A\n": "a", B: marker }, `${unfit} "A\\n"`],
        ["has keys with a space", { "A B": "a", B: marker, "C D": "c" }, `${unfit} "A B", "C D"`],
        ["is no object", marker, "is not a JSON object"],
    ];
    for (const [what, secret, problem] of refused) {
        it(`refuses a secret that ${what}, before compose reads it, and shows no value of it`, () => {
            const { code, output, composeRan } = deploy(JSON.stringify(secret));
            assert.deepEqual(
                [code, output, composeRan],
                [1, `error: the secret shop/dev ${problem}; nothing was changed.\n`, false],
            );
        });
    }

    it("refuses a secret that is not JSON", () => {
        const { output } = deploy(marker);
        assert.equal(output, "error: the secret shop/dev is not JSON; nothing was changed.\n");
    });

    for (const value of ["a\\b", "\\\\server", "$HOME `id` #", "tab\t"]) {
        it(`takes the value ${JSON.stringify(value)}`, () => {
            assert.ok(deploy(JSON.stringify({ A: value })).composeRan);
        });
    }

    it("starts the AWS CLI four times, and three times where the host has the image", () => {
        const files = ["s3 cp", "secretsmanager get-secret-value", "ssm get-parameters"];
        assert.deepEqual(deploy('{"A":"a"}').starts, ["ecr get-login-password", ...files]);
        fs.writeFileSync(path.join(host, "has-image"), "");
        const { starts } = deploy('{"A":"a"}');
        fs.rmSync(path.join(host, "has-image"));
        assert.deepEqual(starts, files);
    });

    it("says one thing where several fail at once, and leaves neither settings nor login outside its folder", () => {
        fs.writeFileSync(path.join(host, "no-files"), "");
        const { code, output } = deploy(marker);
        fs.rmSync(path.join(host, "no-files"));
        const error = "error: the compose file compose.yml is not in s3://bucket/compose/; nothing was changed.\n";
        assert.deepEqual([code, output], [1, error]);
        assert.deepEqual(fs.readdirSync(path.join(host, "tmp")), []);
        assert.equal(fs.existsSync(path.join(host, "app/.deploy/login")), false);
    });

    it("shows nothing of what compose says about the settings", () => {
        const { code, output, composeRan } = deploy(JSON.stringify({ A: marker }));
        assert.deepEqual(
            [code, output, composeRan],
            [
                1,
                "error: compose takes the compose files, but not with the settings of shop/dev; what runs was not touched.\n",
                true,
            ],
        );
    });
});

function hostScript(): string {
    const document = JSON.parse(
        ec2Document({
            region: "eu-central-1",
            repositoryUrl: "registry/shop",
            bucketName: "bucket",
            composeFiles: ["compose.yml"],
            project: "shop",
            service: "go",
            secretKeys: [],
            directoryAppParameter: "/shop/dev/config/directory-app",
            secretNameParameter: "/shop/dev/config/secret-name",
            healthSeconds: 1,
            keepImages: 2,
            timeoutSeconds: 1,
        }),
    ) as { mainSteps: { inputs: { runCommand: string[] } }[] };
    return document.mainSteps[0]!.inputs.runCommand.join("\n");
}
