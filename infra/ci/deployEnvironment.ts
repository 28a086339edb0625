/** Values by output name; absent values are left out. */
type Outputs = Record<string, string | undefined>;

/** Image with its outputs. */
export interface NamedOutputs {
    /** Name of the image. */
    name: string;
    /** Values by output name. */
    outputs: Outputs;
}

/**
 * Renders the stack's outputs as lines of a dotenv file for deploy jobs (GitLab's `artifacts:reports:dotenv`, `source`): `imageUri` becomes
 * `IMAGE_URI=…`. The first image's outputs keep their plain names, those of further images end in the image's name: `IMAGE_URI_WORKER`.
 *
 * @throws Error when a value would need quoting, which readers of such files do differently
 * @see https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsdotenv
 */
export function deployEnvironment(images: NamedOutputs[], shared: Outputs): string {
    const variables = images.flatMap(({ name: image, outputs }, index) =>
        Object.entries(outputs).map(([name, value]) => [index === 0 ? name : `${name}-${image}`, value] as const),
    );
    return [...variables, ...Object.entries(shared)]
        .filter((entry): entry is [string, string] => entry[1] !== undefined)
        .map(([name, value]) => `${variableName(name)}=${plain(name, value)}\n`)
        .join("");
}

/** Converts `imageTagParameter` and `image-tag-parameter` to `IMAGE_TAG_PARAMETER`. */
function variableName(name: string): string {
    return name
        .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
        .replace(/-/g, "_")
        .toUpperCase();
}

function plain(name: string, value: string): string {
    if (/^[A-Za-z0-9_@%+=:,./-]*$/.test(value)) return value;
    throw new Error(
        `Output ${name} is ${JSON.stringify(value)}; a dotenv line takes letters, digits and _ @ % + = : , . / - only.`,
    );
}
