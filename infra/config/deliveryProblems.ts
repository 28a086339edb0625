import { commonStages } from "../delivery/deliveryNames";
import type { Settings } from "./settings";

/** Settings that a delivery pipeline depends on. */
type DeliverySettings = Pick<
    Settings,
    "delivery" | "deliveredBy" | "source" | "image" | "nativeBuilds" | "infrastructure" | "ec2" | "ecs" | "lambda"
>;

/** Setting that may be wrong: its name, its value as it is told, and which values are allowed. */
type Row = [isWrong: boolean, setting: string, value: string, allowed: string];

/**
 * Lists what is wrong with the settings of delivery pipelines before anything is created.
 *
 * @returns one sentence for each setting
 */
export function deliveryProblems(project: string, environment: string, settings: DeliverySettings): string[] {
    return [...receiverRows(settings), ...senderRows(environment, settings)]
        .filter(([isWrong]) => isWrong)
        .map(([, setting, value, allowed]) => `${project}:${setting} is ${value}; allowed: ${allowed}`);
}

/** Lists what an environment has to have that another one's pipeline releases to. */
function receiverRows({ deliveredBy, ec2, ecs, lambda }: DeliverySettings): Row[] {
    if (deliveredBy === undefined) return [];
    const hasTarget = [ec2, ecs, lambda].some((target) => target !== undefined);
    return [[!hasTarget, "deliveredBy", `"${deliveredBy.environment}"`, "a value with a target: ec2, ecs or lambda"]];
}

/** Lists what excludes a pipeline, and what it has to have. */
function senderRows(environment: string, settings: DeliverySettings): Row[] {
    const { delivery, deliveredBy, source, image, nativeBuilds, infrastructure } = settings;
    if (delivery === undefined) return [];
    const hasSource = source.type !== "NO_SOURCE" && source.type !== "CODEPIPELINE";
    const { target, promoteTo } = delivery;
    return [
        [settings[target] === undefined, "delivery.target", `"${target}"`, `a target of this stack; set ${target}`],
        [image.source !== "build", "image.source", `"${image.source}"`, "build, with delivery"],
        [
            source.type === "CODEPIPELINE",
            "source.type",
            `"${source.type}"`,
            "another type, with delivery, since a project has one pipeline",
        ],
        [
            source.tagPattern !== undefined,
            "source.tagPattern",
            `"${source.tagPattern}"`,
            "no value with delivery, which has source.tags",
        ],
        [
            hasSource && !source.webhooks,
            "source.webhooks",
            "false",
            "true, with delivery, whose own source builds all but pull requests",
        ],
        [
            nativeBuilds,
            "nativeBuilds",
            "true",
            "false, with delivery: AWS documents no variables of batches in pipelines",
        ],
        [
            infrastructure !== undefined,
            "infrastructure",
            "a value",
            "no value with delivery, whose roles it cannot update",
        ],
        [deliveredBy !== undefined, "deliveredBy", `"${deliveredBy?.environment}"`, "no value with delivery"],
        ...environmentRows(
            environment,
            promoteTo.map((to) => to.environment),
        ),
    ];
}

/** Lists what is wrong with the names of environments, which are names of stages. */
function environmentRows(environment: string, further: string[]): Row[] {
    const common: string[] = Object.values(commonStages);
    return [
        ...[environment, ...further].map((name): Row => [
            common.includes(name),
            "delivery",
            `for the environment "${name}"`,
            `names that are no stage of every pipeline (${common.join(", ")})`,
        ]),
        ...further.map((name, index): Row => [
            name === environment || further.indexOf(name) < index,
            "delivery.promoteTo",
            `"${name}" twice`,
            "each environment once, this stack's left out",
        ]),
    ];
}
