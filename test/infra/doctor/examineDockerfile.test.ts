import assert from "node:assert/strict";
import * as path from "node:path";
import { explainFindings, summarizeFindings } from "../../../infra/doctor/describe";
import { DockerfileError } from "../../../infra/plan/dockerfile/dockerfile";
import { examineDockerfile, type Examination } from "../../../infra/doctor/examine";
import { temporaryFolder, writeTree } from "../temporaryFolder";

describe("a Dockerfile is examined", () => {
    const folder = temporaryFolder();

    function examination(files: Record<string, string>, extra: Partial<Examination> = {}): Examination {
        writeTree(folder.path, files);
        return { dockerfile: path.join(folder.path, "Dockerfile"), context: folder.path, ...extra };
    }

    function found(files: Record<string, string>, extra: Partial<Examination> = {}): string[] {
        return examineDockerfile(examination(files, extra)).map(({ rule, line }) => `${line}: ${rule.id}`);
    }

    const everything = "FROM scratch\nCOPY . /\n";

    const contexts: Record<string, { files: Record<string, string>; findings: string[] }> = {
        "without an ignore file": { files: {}, findings: ["2: missing-dockerignore"] },
        "with one": { files: { ".dockerignore": "docs\n" }, findings: [] },
        "with one of the Dockerfile's own": { files: { "Dockerfile.dockerignore": "docs\n" }, findings: [] },
        "with one that lets .git through": {
            files: { ".dockerignore": "docs\n", ".git/HEAD": "x" },
            findings: ["2: missing-dockerignore"],
        },
        "with one that excludes .git": { files: { ".dockerignore": "**/.git\n", ".git/HEAD": "x" }, findings: [] },
        "with one that excludes everything but some": {
            files: { ".dockerignore": "*\n!src\n", ".git/HEAD": "x" },
            findings: [],
        },
    };
    for (const [title, { files, findings }] of Object.entries(contexts)) {
        it(`in a context ${title}`, () => assert.deepEqual(found({ Dockerfile: everything, ...files }), findings));
    }

    it("with the folders of its context, which is not always its own folder", () => {
        const Dockerfile = "FROM alpine:3.22\nCOPY code /code/\nCOPY list /list\n";
        const context = writeTree(path.join(folder.path, "context"), { "code/x": "1", list: "1" });
        assert.deepEqual(found({ Dockerfile, code: "a file here" }, { context }), [
            "2: plain-copy-of-code",
            "3: plain-copy-of-code",
        ]);
        assert.deepEqual(found({ Dockerfile }), []);
    });

    it("unless there is nothing to examine", () => {
        const refused = (extra: Partial<Examination>, message: string) =>
            assert.throws(
                () => examineDockerfile(examination({ Dockerfile: everything }, extra)),
                new DockerfileError(message),
            );
        refused({ dockerfile: path.join(folder.path, "none") }, "there is no such file");
        refused({ dockerfile: folder.path }, "it is a folder; name the file in it");
        refused(
            { context: path.join(folder.path, "none") },
            `its context ${path.join(folder.path, "none")} is no folder`,
        );
        refused({ target: "app" }, 'it has no stage "app"; there are 0');
    });

    it("and the findings are explained, or summed up in a sentence with the command that explains them", () => {
        const one = examination({ Dockerfile: everything }, { target: "0", context: path.join(folder.path, "x") });
        writeTree(one.context, {});
        const findings = examineDockerfile(one);
        assert.equal(
            explainFindings(findings, everything),
            [
                "line 2: missing-dockerignore",
                "    COPY . /",
                `  ${findings[0]!.rule.consequence}`,
                `  Instead: ${findings[0]!.rule.remedy}`,
                "  Measured: 1 RUN executed instead of 0, after a changed README.",
            ].join("\n"),
        );
        assert.equal(
            summarizeFindings(findings, one),
            `${one.dockerfile} could be better: missing-dockerignore (line 2). \`npm run doctor -- ${one.dockerfile} --context ${one.context} --target 0\` says why and what to do; see also docs/doctor.md.`,
        );
    });

    it("and the sample application's has no findings", () => {
        const context = path.resolve(__dirname, "../../../app");
        assert.deepEqual(examineDockerfile({ dockerfile: path.join(context, "Dockerfile"), context }), []);
    });
});
