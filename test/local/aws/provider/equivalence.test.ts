import assert from "node:assert/strict";
import { equivalent } from "../../../../local/aws/provider/equivalence";
import {
    count,
    type Field,
    flag,
    listOf,
    object,
    policy,
    type PropertyValue,
    setOf,
    stringMap,
    text,
} from "../../../../local/aws/provider/fields";

const item = { name: text(), kind: text({ default: "PLAIN" }) };

const table: { what: string; field: Field; declared: PropertyValue; actual: PropertyValue; same: boolean }[] = [
    { what: "equal texts", field: text(), declared: "a", actual: "a", same: true },
    { what: "different texts", field: text(), declared: "a", actual: "b", same: false },
    { what: "an absent and an empty text", field: text(), declared: undefined, actual: "", same: true },
    { what: "a text that is no longer declared", field: text(), declared: undefined, actual: "a", same: false },
    {
        what: "a computed text that is not declared",
        field: text({ computed: true }),
        declared: undefined,
        actual: "a",
        same: true,
    },
    {
        what: "a computed text that is declared otherwise",
        field: text({ computed: true }),
        declared: "b",
        actual: "a",
        same: false,
    },
    { what: "a default", field: flag({ default: false }), declared: undefined, actual: false, same: true },
    { what: "a change of a default", field: flag({ default: false }), declared: true, actual: undefined, same: false },
    { what: "back to a default", field: count({ default: 60 }), declared: undefined, actual: 30, same: false },
    {
        what: "tags in another order",
        field: stringMap(),
        declared: { a: "1", b: "2" },
        actual: { b: "2", a: "1" },
        same: true,
    },
    { what: "tags with another value", field: stringMap(), declared: { a: "1" }, actual: { a: "2" }, same: false },
    { what: "no tags and an empty map", field: stringMap(), declared: {}, actual: undefined, same: true },
    {
        what: "an object with a default left out",
        field: object(item),
        declared: { name: "a" },
        actual: { name: "a", kind: "PLAIN" },
        same: true,
    },
    {
        what: "an object with another member",
        field: object(item),
        declared: { name: "a" },
        actual: { name: "a", kind: "X" },
        same: false,
    },
    {
        what: "no object and one of defaults",
        field: object(item),
        declared: undefined,
        actual: { kind: "PLAIN" },
        same: true,
    },
    {
        what: "no object and one with a value of its own",
        field: object(item),
        declared: undefined,
        actual: { name: "a", kind: "PLAIN" },
        same: false,
    },
    { what: "a list in another order", field: listOf("string"), declared: ["a", "b"], actual: ["b", "a"], same: false },
    { what: "a set in another order", field: setOf("string"), declared: ["a", "b"], actual: ["b", "a"], same: true },
    { what: "a set with a repetition", field: setOf("string"), declared: ["a", "a"], actual: ["a", "b"], same: false },
    {
        what: "a set of objects in another order",
        field: setOf(item),
        declared: [{ name: "a" }, { name: "b" }],
        actual: [{ name: "b", kind: "PLAIN" }, { name: "a" }],
        same: true,
    },
    {
        what: "a policy of one meaning",
        field: policy(),
        declared: '{"Statement":[{"Action":["b","a"],"Effect":"Allow","Resource":["*"]}],"Version":"1"}',
        actual: '{ "Version": "1", "Statement": {"Effect":"Allow", "Action": ["a", "b"], "Resource": "*"} }',
        same: true,
    },
    {
        what: "a policy of another meaning",
        field: policy(),
        declared: '{"Statement":[{"Action":["a"]}]}',
        actual: '{"Statement":[{"Action":["a","b"]}]}',
        same: false,
    },
];

describe("equivalent", () => {
    for (const { what, field, declared, actual, same } of table) {
        it(`${what} ${same ? "is no difference" : "is a difference"}`, () => {
            assert.equal(equivalent(field, declared, actual), same);
        });
    }
});
