import assert from "node:assert/strict";
import { repositoryResources } from "../../../infra/aws/repositoryResources";

const arn = (name: string) => `arn:aws:ecr:eu-central-1:123456789012:repository/${name}`;
const below = (parent: string, count: number) => Array.from({ length: count }, (_, index) => arn(`${parent}/${index}`));

describe("repositoryResources", () => {
    const cases: [what: string, arns: string[], resources: string[]][] = [
        ["one", [arn("shop-dev")], [arn("shop-dev")]],
        [
            "ten below another one",
            [arn("shop-dev"), ...below("shop-dev", 10)],
            [arn("shop-dev"), ...below("shop-dev", 10)],
        ],
        ["eleven below another one", [arn("shop-dev"), ...below("shop-dev", 11)], [arn("shop-dev"), arn("shop-dev/*")]],
        ["those of a namespace that others may use as well", below("team", 11), below("team", 11)],
        [
            "those without a namespace",
            below("x", 11).map((one) => one.replace("x/", "")),
            below("x", 11).map((one) => one.replace("x/", "")),
        ],
        [
            "others beside them",
            [arn("shop-dev"), ...below("shop-dev", 11), arn("team/tool"), arn("shop-dev/deep/one")],
            [arn("shop-dev"), arn("team/tool"), arn("shop-dev/deep/one"), arn("shop-dev/*")],
        ],
    ];
    for (const [what, arns, resources] of cases) {
        it(`names ${what}`, () => assert.deepEqual(repositoryResources(arns), resources));
    }
});
