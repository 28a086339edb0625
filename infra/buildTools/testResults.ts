import { XMLParser, XMLValidator } from "fast-xml-parser";

/** Numbers of test cases. */
export interface TestCounts {
    /** Number of all test cases. */
    tests: number;
    /** Number of test cases that failed or broke. */
    failed: number;
}

/** Element of JUnit XML; all children are lists. */
interface Element {
    testsuites?: Element[];
    testsuite?: Element[];
    testcase?: { failure?: unknown; error?: unknown }[];
}

const parser = new XMLParser({ isArray: () => true, alwaysCreateTextNode: true, ignoreAttributes: true });

/**
 * Counts the test cases of a JUnit XML file.
 *
 * @throws Error for a text that is no JUnit XML
 */
export function testCounts(xml: string): TestCounts {
    const validity = XMLValidator.validate(xml);
    if (validity !== true) throw new Error(`line ${validity.err.line}: ${validity.err.msg}`);
    const { testsuites = [], testsuite = [] } = parser.parse(xml) as Element;
    if (testsuites.length + testsuite.length === 0) throw new Error("its root is neither testsuites nor testsuite.");
    return total([...testsuites, ...testsuite].map(countsOf));
}

/** Adds counts up. */
export function total(counts: TestCounts[]): TestCounts {
    return {
        tests: counts.reduce((sum, { tests }) => sum + tests, 0),
        failed: counts.reduce((sum, { failed }) => sum + failed, 0),
    };
}

/**
 * Renders the report of an image whose tests do not run in this build. CodeBuild fails a build whose report finds no file.
 *
 * @param reason reason why no test runs, as a sentence
 */
export function skippedReport(image: string, tag: string, reason: string): string {
    const testCase = `<testcase classname="${image}" name="${tag}"><skipped message="${reason}"/></testcase>`;
    return `<testsuites><testsuite name="${image}" tests="1" skipped="1">${testCase}</testsuite></testsuites>\n`;
}

function countsOf({ testsuite = [], testcase = [] }: Element): TestCounts {
    const failed = testcase.filter(({ failure, error }) => failure !== undefined || error !== undefined).length;
    return total([{ tests: testcase.length, failed }, ...testsuite.map(countsOf)]);
}
