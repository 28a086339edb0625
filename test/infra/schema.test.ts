import assert from "node:assert/strict";
import * as fs from "node:fs";
import type { AnalyzeResult } from "@pulumi/pulumi/provider/experimental/analyzer";
import type { PackageSpec } from "@pulumi/pulumi/provider/experimental/schema";
import { breakingChanges } from "../../docs/generate/breakingChanges";
import {
    analyzeComponents,
    components,
    packageSchema,
    readSchema,
    renderSchema,
    schemaFile,
} from "../../docs/generate/packageSchema";
import { name } from "../../package.json";

/** The schema that `pulumi package get-schema` makes, by which components are used in other languages. */
describe("Pulumi's schema of the components", function () {
    // The compiler reads the types of all AWS resources.
    this.timeout(120_000);
    let analyzed: AnalyzeResult;
    let schema: PackageSpec;

    before(async () => {
        analyzed = analyzeComponents();
        schema = await packageSchema(analyzed);
    });

    const resource = (component: string) => schema.resources[`${name}:index:${component}`]!;
    const type = (of: string) => schema.types[`${name}:index:${of}`]!;

    it("breaks nothing of schema.json that CHANGELOG.md would have to name", async () => {
        assert.deepEqual(breakingChanges(await readSchema(), schema), [], "`npm run docs` writes schema.json anew");
    });

    it("is schema.json, which `npm run docs` writes", () => {
        assert.equal(fs.readFileSync(schemaFile, "utf8"), renderSchema(schema));
    });

    it("has every component that the library exports", () => {
        assert.ok(components.includes("ImagePipeline"));
        assert.deepEqual(
            Object.keys(schema.resources).sort(),
            components.map((component) => `${name}:index:${component}`),
        );
    });

    for (const component of components) {
        it(`knows the type of every argument and output of ${component}`, () => {
            const { inputs, outputs } = analyzed.components[component]!;
            assert.ok(Object.keys(inputs).length > 0 && Object.keys(outputs).length > 0);
            // The analyzer takes properties of mapped types (Partial, Omit, Pick) for values of any type.
            assert.deepEqual(anyProperties({ inputs, outputs }), []);
        });
    }

    it("knows the type of every property of the types that components share", () => {
        assert.deepEqual(anyProperties(schema.types), []);
    });

    it("needs the names of images only", () => {
        assert.deepEqual(resource("ImagePipeline").requiredInputs, ["images"]);
        assert.deepEqual(type("PipelineImage").required, ["name"]);
    });

    it("offers texts with few values as enumerations, in lists as well", () => {
        const values = Object.entries(schema.types).flatMap(([token, { enum: members }]) =>
            members === undefined ? [] : [[token.split(":").at(-1), members.map(({ value }) => value)]],
        );
        assert.deepEqual(Object.fromEntries(values), {
            CacheMode: ["max", "min", "off"],
            Compression: ["zstd", "gzip"],
            Platform: ["linux/amd64", "linux/arm64"],
            Severity: ["INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"],
            TargetKind: ["ec2", "ecs", "lambda"],
        });
        assert.deepEqual(type("PipelineImage").properties!["platforms"]!.items, {
            $ref: `#/types/${name}:index:Platform`,
            plain: true,
        });
    });
});

/** Lists the paths of properties that may have a value of any type. */
function anyProperties(value: unknown, at = ""): string[] {
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) =>
        key === "$ref" && inner === "pulumi.json#/Any" ? [at] : anyProperties(inner, `${at}/${key}`),
    );
}
