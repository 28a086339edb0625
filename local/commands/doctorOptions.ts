import * as path from "node:path";
import { parseArgs } from "node:util";
import type { Examination } from "../../infra/doctor/examine";
import { Fault } from "./command";

const usage = "npm run doctor -- <Dockerfile> [--context <folder>] [--target <stage>] [--build-arg <NAME>=<value>]…";

/**
 * Parses the arguments after `npm run doctor --`.
 *
 * @throws Fault with exit code 2 for an unknown option, no Dockerfile or several
 */
export function parseDoctorOptions(args: string[]): Examination {
    // npm runs scripts in the folder of package.json; a path means the folder that npm was called in.
    const resolve = (file: string) => path.resolve(process.env.INIT_CWD ?? ".", file);
    const { values, positionals } = parsed(args);
    const [file, ...others] = positionals;
    if (file === undefined || others.length > 0) {
        throw new Fault(
            `${positionals.length === 0 ? "No" : "More than one"} Dockerfile is named; allowed: ${usage}`,
            2,
        );
    }
    const dockerfile = resolve(file);
    return {
        dockerfile,
        context: values.context === undefined ? path.dirname(dockerfile) : resolve(values.context),
        target: values.target,
        buildArgs: Object.fromEntries((values["build-arg"] ?? []).map(buildArgument)),
    };
}

function parsed(args: string[]) {
    const option = { type: "string" } as const;
    try {
        return parseArgs({
            args,
            allowPositionals: true,
            options: { context: option, target: option, "build-arg": { ...option, multiple: true } },
        });
    } catch (error) {
        throw new Fault(`${(error as Error).message}; allowed: ${usage}`, 2);
    }
}

function buildArgument(text: string): [string, string] {
    const [name = "", ...value] = text.split("=");
    if (name === "" || value.length === 0) throw new Fault(`--build-arg is "${text}"; allowed: <NAME>=<value>`, 2);
    return [name, value.join("=")];
}
