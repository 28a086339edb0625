import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { projectRoot } from "../../../../local/paths";
import { importedSources } from "../../../../local/world/services/importedSources";

describe("the sources of a TypeScript program", () => {
    let folder: string;
    before(() => void (folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "sources-")))));
    after(() => fs.rmSync(folder, { recursive: true }));

    it("are its entry and what it imports, from other folders too, and neither packages nor types", async () => {
        const files: Record<string, string> = {
            "program/main.ts":
                'import { a } from "../other/a";\nimport type { B } from "./b";\nexport const c: B = a;\n',
            "program/b.ts": "export type B = string;\n",
            "program/unused.ts": "export {};\n",
            "other/a.ts":
                'import * as fs from "node:fs";\nimport ts from "typescript";\nexport const a = String([fs, ts]);\n',
        };
        for (const [name, content] of Object.entries(files)) {
            fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
            fs.writeFileSync(path.join(folder, name), content);
        }
        const expected = ["other/a.ts", "program/main.ts"].map((name) => path.join(folder, name));
        assert.deepEqual(await importedSources([path.join(folder, "program/main.ts")]), expected);
    });

    it("of several are those of each, as of the gateway and the runner of commands that it bundles", async () => {
        const entries = ["gateway", "ssm"].map((name) => path.join(projectRoot, "local/aws", name, "main.ts"));
        const sources = await importedSources(entries);
        for (const name of ["gateway/server.ts", "ssm/runCommand.ts", "codebuild/buildStore.ts"]) {
            assert.ok(sources.includes(path.join(projectRoot, "local/aws", name)), name);
        }
    });
});
