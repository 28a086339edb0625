import assert from "node:assert/strict";
import type { PackageSpec } from "@pulumi/pulumi/provider/experimental/schema";
import { breakingChanges } from "../../../docs/generate/breakingChanges";

const type = (name: string) => ({ $ref: `#/types/shop:index:${name}` });

/** Makes a schema with one component, one type of each direction and one enumeration. */
function schema(): PackageSpec {
    return {
        name: "shop",
        resources: {
            "shop:index:Shop": {
                type: "object",
                inputProperties: {
                    name: { type: "string", plain: true },
                    tags: { type: "object", additionalProperties: { type: "string" } },
                    shelves: { type: "array", items: type("Shelf") },
                },
                requiredInputs: ["name"],
                properties: { address: { type: "string" }, door: type("Door") },
                required: ["address"],
            },
        },
        types: {
            "shop:index:Shelf": {
                type: "object",
                properties: { width: { type: "number" }, colour: type("Colour") },
                required: ["width"],
            },
            "shop:index:Door": { type: "object", properties: { width: { type: "number" } }, required: ["width"] },
            "shop:index:Colour": {
                type: "string",
                enum: [
                    { name: "Red", value: "red" },
                    { name: "Blue", value: "blue" },
                ],
            },
        },
    };
}

/** Cases: what is changed, the change, and the sentences. */
const cases: [what: string, change: (schema: PackageSpec) => void, expected: string[]][] = [
    ["nothing", () => undefined, []],
    ["a component that is gone", ({ resources }) => delete resources["shop:index:Shop"], ["Component Shop is gone."]],
    ["a type that is gone", ({ types }) => delete types["shop:index:Colour"], ["Type Colour is gone."]],
    ["an input that is gone", (one) => delete shop(one).inputProperties!["tags"], ["Input tags of Shop is gone."]],
    ["an output that is gone", (one) => delete shop(one).properties!["address"], ["Output address of Shop is gone."]],
    [
        "a property of a type that is gone",
        (one) => delete shelf(one).properties!["colour"],
        ["Property colour of Shelf is gone."],
    ],
    [
        "an input of another type",
        (one) => (shop(one).inputProperties!["tags"] = { type: "array", items: { type: "string" } }),
        ["Input tags of Shop is list of string; it was map of string."],
    ],
    [
        "an input that takes no outputs of other resources any more",
        (one) => (shop(one).inputProperties!["shelves"] = { type: "array", items: type("Shelf"), plain: true }),
        ["Input shelves of Shop is plain list of Shelf; it was list of Shelf."],
    ],
    [
        "an input that became required",
        (one) => shop(one).requiredInputs!.push("tags"),
        ["Input tags of Shop is required."],
    ],
    [
        "a new input that is required",
        (one) => {
            shop(one).inputProperties!["owner"] = { type: "string" };
            shop(one).requiredInputs!.push("owner");
        },
        ["Input owner of Shop is required."],
    ],
    [
        "a property that became required, of a type of inputs",
        (one) => shelf(one).required!.push("colour"),
        ["Property colour of Shelf is required."],
    ],
    ["an output that may be absent", (one) => (shop(one).required = []), ["Output address of Shop may be absent."]],
    [
        "a property that may be absent, of a type of outputs",
        (one) => (one.types["shop:index:Door"]!.required = []),
        ["Property width of Door may be absent."],
    ],
    ["a value that is gone", ({ types }) => types["shop:index:Colour"]!.enum!.pop(), ["Value blue of Colour is gone."]],
    ["a new input that is not required", (one) => (shop(one).inputProperties!["owner"] = { type: "string" }), []],
    ["an input that is not required any more", (one) => (shop(one).requiredInputs = []), []],
    ["a property that is not required any more, of a type of inputs", (one) => (shelf(one).required = []), []],
    [
        "a property that is always present, of a type of outputs",
        (one) => {
            one.types["shop:index:Door"]!.properties!["height"] = { type: "number" };
            one.types["shop:index:Door"]!.required!.push("height");
        },
        [],
    ],
    ["a new component", ({ resources }) => (resources["shop:index:Bank"] = { type: "object" }), []],
    ["a new text", (one) => (shop(one).description = "Sells things."), []],
];

const shop = ({ resources }: PackageSpec) => resources["shop:index:Shop"]!;
const shelf = ({ types }: PackageSpec) => types["shop:index:Shelf"]!;

describe("breaking changes of a schema", () => {
    for (const [what, change, expected] of cases) {
        it(`${expected.length > 0 ? "name" : "do not name"} ${what}`, () => {
            const after = schema();
            change(after);
            assert.deepEqual(breakingChanges(schema(), after), expected);
        });
    }
});
