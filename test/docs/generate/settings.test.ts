import assert from "node:assert/strict";
import { type Declaration, describeSetting, type JsonSchema } from "../../../docs/generate/settings";

const declaration = (description: string, value: unknown = "", type = "string"): Declaration => ({
    type,
    default: value,
    description,
});

/** Describes values and default of a plain setting. */
const plain = (description: string, value: unknown, schema: JsonSchema) => {
    const { type, default: shown } = describeSetting("one", declaration(description, value), schema);
    return [type, shown];
};

describe("docs: a setting", () => {
    const cases: [title: string, description: string, value: unknown, schema: JsonSchema, expected: string[]][] = [
        ["without a default", "Text.", "", { type: "string" }, ["text", "none"]],
        ["with a default", "Text.", "main", { type: "string" }, ["text", "`main`"]],
        ["whose default is prose", "Text. Default: a new one.", "", { type: "string" }, ["text", "a new one"]],
        ["with some values", "Text.", "max", { type: "string", enum: ["max", "off"] }, ["`max`, `off`", "`max`"]],
        ["that is on or off", "Text.", false, { type: "boolean" }, ["`true`, `false`", "`false`"]],
        [
            "that is a number within bounds",
            "Text.",
            4,
            { type: "integer", minimum: 1, maximum: 9 },
            ["integer, 1 to 9", "`4`"],
        ],
        [
            "that is a number without an upper bound",
            "Text.",
            4,
            { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
            ["integer, at least 1", "`4`"],
        ],
        ["that is a list", "Text.", [], { type: "array", items: { type: "string" } }, ["list: text", "none"]],
        [
            "whose names are free",
            "Text.",
            {},
            { type: "object", additionalProperties: { type: "string" } },
            ["texts by name", "none"],
        ],
        ["without a schema of its own", "Text.", "", {}, ["text", "none"]],
    ];
    for (const [title, description, value, schema, expected] of cases) {
        it(`${title} has its values and its default`, () => {
            assert.deepEqual(plain(description, value, schema), expected);
        });
    }

    const network: JsonSchema = {
        type: "object",
        properties: { vpcId: { type: "string" } },
        required: ["vpcId"],
        additionalProperties: false,
    };
    const schema: JsonSchema = {
        type: "object",
        properties: { port: { type: "integer" }, mode: { type: "string", default: "on" }, network },
        required: ["port", "mode"],
        additionalProperties: false,
    };
    const text =
        "A service.\n- port: Port of the\n  service.\n- mode: Mode.\n- network: Network.\n- network.vpcId: The VPC.";

    it("that is structured has a row for each field, with those of inner objects", () => {
        const { description, isStructured, fields } = describeSetting("ecs", declaration(text, {}, "object"), schema);
        assert.deepEqual([description, isStructured], ["A service.", true]);
        assert.deepEqual(
            fields.map((field) => [field.name, field.type, field.default, field.description]),
            [
                ["port", "integer", "required", "Port of the service."],
                ["mode", "text", "`on`", "Mode."],
                ["network", "object", "none", "Network."],
                ["network.vpcId", "text", "required", "The VPC."],
            ],
        );
    });

    it("that is a list of objects has a row for each of their fields", () => {
        const list: JsonSchema = { type: "array", items: { type: "object", properties: { name: { type: "string" } } } };
        const { type, fields } = describeSetting("images", declaration("Images.\n- name: Its name.", []), list);
        assert.deepEqual([type, fields.map(({ name }) => name)], ["list", ["name"]]);
    });

    const faults: [title: string, description: string, message: string][] = [
        [
            "a field that is not described",
            text.replace("\n- mode: Mode.", ""),
            'Pulumi.yaml does not describe ecs.mode: add "- mode: …".',
        ],
        [
            "a described field that does not exist",
            `${text}\n- colour: Red.`,
            "Pulumi.yaml describes ecs.colour, which is not a setting.",
        ],
        [
            "a line of another form",
            `${text}\n- red or green`,
            'Pulumi.yaml describes ecs by "- red or green"; allowed: "- field: prose".',
        ],
    ];
    for (const [title, description, message] of faults) {
        it(`is refused with ${title}`, () => {
            assert.throws(() => describeSetting("ecs", declaration(description), schema), { message });
        });
    }
});
