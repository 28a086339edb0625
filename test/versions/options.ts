import { parseArgs } from "node:util";
import { type Combination, titleOf } from "./combinations";
import { type Suite, suites } from "./results";

/** Options after `npm run versions --`. */
export interface VersionsOptions {
    /** Text in the names of the combinations to run, in lower case. @default - all combinations */
    only: string;
    /** Suites to run. @default - all suites */
    suites: Suite[];
}

/** Parses the command line. @throws one sentence with the option, its value and the allowed values */
export function parseVersionsOptions(args: string[]): VersionsOptions {
    const { values } = parseArgs({
        args,
        options: { only: { type: "string", default: "" }, suite: { type: "string", multiple: true, default: [] } },
    });
    const known = Object.keys(suites) as Suite[];
    const unknown = values.suite.find((name) => !(name in suites));
    if (unknown !== undefined) throw new Error(`--suite is "${unknown}"; allowed: ${known.join(", ")}.`);
    const isChosen = (name: Suite) => values.suite.length === 0 || values.suite.includes(name);
    return { only: values.only.toLowerCase(), suites: known.filter(isChosen) };
}

/** Chooses the combinations whose names contain a text in lower case. @throws one sentence when there is none */
export function chosenCombinations(combinations: Combination[], only: string): Combination[] {
    const found = combinations.filter((one) => titleOf(one).toLowerCase().includes(only));
    if (found.length > 0) return found;
    throw new Error(`--only is "${only}"; allowed: a part of one of these:\n${combinations.map(titleOf).join("\n")}`);
}
