import assert from "node:assert/strict";
import { parseSmokeOptions } from "../../../../local/commands/smoke/options";

const connectionArn = "arn:aws:codeconnections:eu-central-1:111122223333:connection/1";
const pullRequests = (repository: string) => [
    "--stack",
    "smoke",
    "--connection",
    connectionArn,
    "--repository",
    repository,
];
const parse = (args: string[]) => parseSmokeOptions(args, (name) => name === "dev");

describe("smoke: options", () => {
    const repository = "https://github.com/example/app.git";
    const read: [args: string[], expected: object][] = [
        [["--stack", "smoke"], { stackName: "smoke", yes: false }],
        [["--stack", "s-1", "--yes"], { stackName: "s-1", yes: true }],
        [
            pullRequests(repository),
            { stackName: "smoke", yes: false, pullRequests: { type: "GITHUB", repository, connectionArn } },
        ],
    ];
    for (const [args, expected] of read) {
        it(`reads ${args.join(" ")}`, () => assert.deepEqual(parse(args), expected));
    }

    const name = "1 to 30 lower-case letters, digits and -, beginning with a letter";
    const address = "an https address at one of github.com, gitlab.com, bitbucket.org";
    const refusals: [args: string[], message: string][] = [
        [[], `--stack is ""; allowed: ${name}.`],
        [["--stack", "../x"], `--stack is "../x"; allowed: ${name}.`],
        [["--stack", "dev"], '--stack is "dev", an environment with a Pulumi.dev.yaml; allowed: a new name.'],
        [
            ["--stack", "smoke", "--repository", repository],
            "--connection and --repository go together; give both or neither.",
        ],
        [
            pullRequests("https://git.example.com/a"),
            `--repository is "https://git.example.com/a"; allowed: ${address}.`,
        ],
        [pullRequests("git@github.com:a/b"), `--repository is "git@github.com:a/b"; allowed: ${address}.`],
    ];
    for (const [args, message] of refusals) {
        it(`refuses ${args.join(" ") || "no option"} in one sentence`, () =>
            assert.throws(() => parse(args), { message }));
    }
});
