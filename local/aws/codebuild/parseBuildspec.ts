import { parseDocument } from "yaml";
import { problemOfTasks } from "./batch";
import type { ArtifactSpec, Buildspec, CacheSpec, PhaseSpec } from "./buildspec";
import { variableName, variableNameRule } from "./environmentVariables";
import { buildspecPhases, type BuildspecPhase, keyRules } from "./buildspecKeys";

/** Error for a buildspec that cannot be run; the message is one line. */
export class BuildspecError extends Error {}

/**
 * Parses and checks a buildspec. All scalars are text, as written: `1.10` and `yes` stay unchanged.
 *
 * @throws BuildspecError naming the place and the allowed values
 */
export function parseBuildspec(source: string): Buildspec {
    const document = parseDocument(source, { schema: "failsafe" });
    const [error] = document.errors;
    if (error !== undefined) throw new BuildspecError(`The buildspec is not valid YAML: ${firstLine(error.message)}`);
    const root: unknown = document.toJS();
    check(root, "", "");
    const buildspec = new Reader(root as Mapping).buildspec();
    checkVariableNames(buildspec);
    const problem = buildspec.batch && problemOfTasks(buildspec.batch.tasks);
    if (problem !== undefined) throw new BuildspecError(problem);
    return buildspec;
}

function checkVariableNames({ variables, parameterStore, secretsManager, exportedVariables }: Buildspec): void {
    const names = [variables, parameterStore, secretsManager].flatMap((group) => Object.keys(group));
    for (const name of [...names, ...exportedVariables]) {
        if (!variableName.test(name)) throw new BuildspecError(`env names a variable "${name}"; ${variableNameRule}.`);
    }
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new BuildspecError(`env defines ${twice} twice; keep one of the definitions.`);
}

type Mapping = { [key: string]: Value };
type Value = string | Value[] | Mapping;

function check(value: unknown, place: string, pattern: string): void {
    const rule = keyRules[pattern];
    if (rule === undefined || "refused" in rule) {
        throw new BuildspecError(`${place} ${rule?.refused ?? "is no key of the buildspec language"}.`);
    }
    const name = place === "" ? "The buildspec" : place;
    if (formOf(value) !== rule.form) {
        const hint = rule.form === "text" && place.endsWith("]") ? ' (quote a command that contains ": ")' : "";
        throw new BuildspecError(`${name} is ${described(value)}; it must be ${articles[rule.form]}${hint}.`);
    }
    if (rule.pattern !== undefined && !rule.pattern.test(value as string)) {
        throw new BuildspecError(`${name} is "${firstLine(value as string)}"; allowed: ${rule.allowed}.`);
    }
    if (Array.isArray(value)) {
        if (rule.most !== undefined && value.length > rule.most) {
            throw new BuildspecError(`${name} has ${value.length} entries; at most ${rule.most} are allowed.`);
        }
        value.forEach((entry, index) => check(entry, `${place}[${index}]`, `${pattern}[]`));
    } else if (typeof value === "object") {
        for (const key of rule.required ?? []) {
            if (!(key in (value as object))) throw new BuildspecError(`${name} has no ${key}, which is required.`);
        }
        for (const [key, entry] of Object.entries(value as object)) {
            check(entry, join(place, key), patternOf(pattern, key, join(place, key)));
        }
    }
}

function patternOf(parent: string, key: string, place: string): string {
    const candidates = [join(parent, key), join(parent, "*")];
    const found = candidates.find((candidate) => candidate in keyRules);
    if (found !== undefined) return found;
    const allowed = Object.keys(keyRules)
        .filter((pattern) => pattern !== "" && join(parent, pattern.split(".").pop() ?? "") === pattern)
        .map((pattern) => pattern.split(".").pop());
    throw new BuildspecError(`${place} is no key of the buildspec language; allowed here: ${allowed.join(", ")}.`);
}

function join(parent: string, key: string): string {
    return parent === "" ? key : `${parent}.${key}`;
}

const articles = { mapping: "a mapping", list: "a list", text: "text" };

function formOf(value: unknown): "mapping" | "list" | "text" | "nothing" {
    if (typeof value === "string") return "text";
    if (Array.isArray(value)) return "list";
    return value === null || value === undefined ? "nothing" : "mapping";
}

function described(value: unknown): string {
    const form = formOf(value);
    if (form === "text") return value === "" ? "empty" : `"${firstLine(value as string)}"`;
    return form === "nothing" ? "empty" : articles[form];
}

function firstLine(message: string): string {
    return (message.split("\n")[0] ?? "").trim().replace(/:$/, "");
}

/** Reader of the values in a checked buildspec. */
class Reader {
    constructor(private readonly root: Mapping) {}

    buildspec(): Buildspec {
        const env = mappingAt(this.root, "env");
        return {
            shell: textAt(env, "shell") === "bash" ? "bash" : "sh",
            variables: textsOf(env, "variables"),
            parameterStore: textsOf(env, "parameter-store"),
            secretsManager: textsOf(env, "secrets-manager"),
            exportedVariables: listAt(env, "exported-variables"),
            runtimeVersions: textsOf(mappingAt(mappingAt(this.root, "phases"), "install"), "runtime-versions"),
            phases: this.phases(),
            reports: mapValues(mappingAt(this.root, "reports"), (report) => ({
                files: listAt(report, "files"),
                baseDirectory: textAt(report, "base-directory"),
            })),
            ...this.artifacts(),
            cache: "cache" in this.root ? cacheOf(mappingAt(this.root, "cache")) : undefined,
            batch: "batch" in this.root ? batchOf(mappingAt(this.root, "batch")) : undefined,
        };
    }

    private phases(): Partial<Record<BuildspecPhase, PhaseSpec>> {
        const phases = mappingAt(this.root, "phases");
        const present = buildspecPhases.filter((phase) => phase in phases);
        return Object.fromEntries(
            present.map((phase) => {
                const spec = mappingAt(phases, phase);
                const onFailure = textAt(spec, "on-failure") as PhaseSpec["onFailure"];
                return [phase, { commands: listAt(spec, "commands"), finally: listAt(spec, "finally"), onFailure }];
            }),
        );
    }

    private artifacts(): Pick<Buildspec, "artifacts" | "secondaryArtifacts"> {
        if (!("artifacts" in this.root)) return { secondaryArtifacts: {} };
        const artifacts = mappingAt(this.root, "artifacts");
        return {
            artifacts: artifactOf(artifacts),
            secondaryArtifacts: mapValues(mappingAt(artifacts, "secondary-artifacts"), artifactOf),
        };
    }
}

function artifactOf(artifact: Mapping): ArtifactSpec {
    return {
        files: listAt(artifact, "files"),
        excludePaths: listAt(artifact, "exclude-paths"),
        baseDirectory: textAt(artifact, "base-directory"),
        discardPaths: isYes(textAt(artifact, "discard-paths")),
        name: textAt(artifact, "name"),
        s3Prefix: textAt(artifact, "s3-prefix"),
    };
}

function cacheOf(cache: Mapping): CacheSpec {
    return {
        paths: listAt(cache, "paths"),
        key: textAt(cache, "key"),
        fallbackKeys: listAt(cache, "fallback-keys"),
        action: textAt(cache, "action") as CacheSpec["action"],
    };
}

function batchOf(batch: Mapping): NonNullable<Buildspec["batch"]> {
    const graph = (batch["build-graph"] ?? []) as Mapping[];
    return {
        fastFail: isYes(textAt(batch, "fast-fail")),
        tasks: graph.map((task) => {
            const env = mappingAt(task, "env");
            return {
                identifier: textAt(task, "identifier") ?? "",
                dependOn: listAt(task, "depend-on"),
                ignoreFailure: isYes(textAt(task, "ignore-failure")),
                buildspec: textAt(task, "buildspec"),
                environment: {
                    computeType: textAt(env, "compute-type"),
                    image: textAt(env, "image"),
                    type: textAt(env, "type"),
                    // Of a task that has an env, the default is false, whatever the project says.
                    privilegedMode: task.env === undefined ? undefined : isYes(textAt(env, "privileged-mode")),
                },
                variables: textsOf(env, "variables"),
            };
        }),
    };
}

function mappingAt(mapping: Mapping, key: string): Mapping {
    return (mapping[key] ?? {}) as Mapping;
}

function textAt(mapping: Mapping, key: string): string | undefined {
    return mapping[key] as string | undefined;
}

function listAt(mapping: Mapping, key: string): string[] {
    return (mapping[key] ?? []) as string[];
}

function textsOf(mapping: Mapping, key: string): Record<string, string> {
    return (mapping[key] ?? {}) as Record<string, string>;
}

function mapValues<T>(mapping: Mapping, convert: (value: Mapping) => T): Record<string, T> {
    return Object.fromEntries(Object.entries(mapping).map(([key, value]) => [key, convert(value as Mapping)]));
}

function isYes(value: string | undefined): boolean {
    return value === "yes" || value === "true";
}
