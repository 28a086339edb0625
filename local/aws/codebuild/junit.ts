import type { TestCase as ApiTestCase } from "@aws-sdk/client-codebuild";
import { XMLParser, XMLValidator } from "fast-xml-parser";

/** Test case of a report, with the class or file of the test as its prefix. */
export type TestCase = Pick<ApiTestCase, "name" | "prefix" | "status" | "durationInNanoSeconds" | "message">;

/** Error for a file of test results that cannot be read; the message is one line. */
export class JunitError extends Error {}

/** Element: its attributes as text, its children as lists. */
interface Element {
    attributes?: Partial<Record<string, string>>;
    testsuites?: Element[];
    testsuite?: Element[];
    testcase?: Element[];
    failure?: Element[];
    error?: Element[];
    skipped?: Element[];
}

const parser = new XMLParser({
    ignoreAttributes: false,
    attributesGroupName: "attributes",
    attributeNamePrefix: "",
    parseAttributeValue: false,
    parseTagValue: false,
    alwaysCreateTextNode: true,
    htmlEntities: true,
    isArray: (_name, _path, _isLeaf, isAttribute) => !isAttribute,
});

/** Elements within a test case that report a failure, the gravest first. */
const outcomes = [
    ["error", "ERROR"],
    ["failure", "FAILED"],
    ["skipped", "SKIPPED"],
] as const;

/**
 * Parses the test cases of a JUnit XML file.
 *
 * @throws JunitError for another kind of file
 */
export function parseJunit(xml: string): TestCase[] {
    const validity = XMLValidator.validate(xml);
    if (validity !== true) throw new JunitError(`line ${validity.err.line}: ${validity.err.msg}`);
    const { testsuites = [], testsuite = [] } = parser.parse(xml) as Element;
    if (testsuites.length + testsuite.length === 0)
        throw new JunitError("its root is neither testsuites nor testsuite.");
    return [...testsuites, ...testsuite].flatMap(casesIn);
}

/** Lists the test cases of a suite and of the suites within it. */
function casesIn({ testsuite = [], testcase = [] }: Element): TestCase[] {
    return [...testcase.map(testCase), ...testsuite.flatMap(casesIn)];
}

function testCase(element: Element): TestCase {
    const { name = "", classname = "", time = "0" } = element.attributes ?? {};
    const [outcome, status = "SUCCEEDED"] = outcomes.find(([one]) => element[one] !== undefined) ?? [];
    const message = outcome && element[outcome]?.[0]?.attributes?.message;
    return {
        name,
        prefix: classname,
        status,
        durationInNanoSeconds: Math.round(Number(time) * 1e9) || 0,
        ...(message !== undefined && { message }),
    };
}
