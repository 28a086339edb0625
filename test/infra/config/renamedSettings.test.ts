import assert from "node:assert/strict";
import { renamedSettings } from "../../../infra/config/renamedSettings";
import { parseSettings } from "../../../infra/config/settings";

const project = "shop";

/** Makes the configuration that has a setting at a path, with the fields that its object must have. */
function configWith(setting: string): Record<string, string> {
    const [name, ...below] = setting.split(".") as [string, ...string[]];
    if (below.length === 0) return { [`${project}:${name}`]: "old" };
    const required = name === "ec2" ? { service: "go", composeFiles: ["compose.yml"] } : {};
    const value = below.reduceRight<unknown>((inner, field) => ({ [field]: inner }), "old") as object;
    return { [`${project}:${name}`]: JSON.stringify({ ...required, ...value }) };
}

/** Lists the lines by which the settings refuse a configuration; the values of these tests are never right. */
function refusalOf(config: Record<string, string>): string[] {
    let lines: string[] = [];
    const refuse = (problems: string[]): never => {
        lines = problems;
        throw new Error("refused");
    };
    try {
        parseSettings(project, config, refuse);
    } catch (error) {
        assert.equal((error as Error).message, "refused");
    }
    return lines;
}

describe("a setting by the name it had before", () => {
    for (const [old, today] of Object.entries(renamedSettings)) {
        it(`is refused with the name of today: ${old}`, () => {
            assert.deepEqual(refusalOf(configWith(old)), [
                `${project}:${old} is not a setting; its name is ${project}:${today} now`,
            ]);
        });

        it(`has a name of today that is a setting: ${today}`, () => {
            const lines = refusalOf(configWith(today.split(" ")[0]!));
            assert.equal(lines.join("\n").includes("is not a setting"), false);
        });
    }
});
