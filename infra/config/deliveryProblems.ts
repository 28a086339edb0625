import { commonStages } from "../delivery/deliveryNames";
import type { Settings } from "./settings";

/** Settings that a delivery pipeline depends on. */
type DeliverySettings = Pick<
    Settings,
    "delivery" | "deliveredBy" | "source" | "image" | "nativeBuilds" | "infrastructure" | "ec2" | "ecs" | "lambda"
>;

/**
 * Lists what is wrong with the settings of delivery pipelines before anything is created.
 *
 * @returns one sentence for each setting
 */
export function deliveryProblems(project: string, environment: string, settings: DeliverySettings): string[] {
    const { delivery, deliveredBy, source, ...rest } = settings;
    const problem = (setting: string, value: string, allowed: string) =>
        `${project}:${setting} is ${value}; allowed: ${allowed}`;
    const names = (delivery?.promoteTo ?? []).map((to) => to.environment);
    const stages: string[] = Object.values(commonStages);
    const repeated = names.filter((name, index) => name === environment || names.indexOf(name) < index);
    return [
        ...(deliveredBy === undefined || hasTarget(rest)
            ? []
            : [problem("deliveredBy", `"${deliveredBy.environment}"`, "a value with a target: ec2, ecs or lambda")]),
        ...(delivery === undefined
            ? []
            : [
                  ...(rest[delivery.target] === undefined
                      ? [
                            problem(
                                "delivery.target",
                                `"${delivery.target}"`,
                                `a target of this stack; set ${delivery.target}`,
                            ),
                        ]
                      : []),
                  ...(rest.image.source === "build"
                      ? []
                      : [problem("image.source", `"${rest.image.source}"`, "build, with delivery")]),
                  ...(source.type === "CODEPIPELINE"
                      ? [
                            problem(
                                "source.type",
                                '"CODEPIPELINE"',
                                "another type, with delivery, since a project has one pipeline",
                            ),
                        ]
                      : []),
                  ...(source.tagPattern === undefined
                      ? []
                      : [
                            problem(
                                "source.tagPattern",
                                `"${source.tagPattern}"`,
                                "no value with delivery, which has source.tags",
                            ),
                        ]),
                  ...(source.type === "NO_SOURCE" || source.type === "CODEPIPELINE" || source.webhooks
                      ? []
                      : [
                            problem(
                                "source.webhooks",
                                "false",
                                "true, with delivery, whose own source builds all but pull requests",
                            ),
                        ]),
                  ...(rest.nativeBuilds
                      ? [
                            problem(
                                "nativeBuilds",
                                "true",
                                "false, with delivery: AWS documents no variables of batches in pipelines",
                            ),
                        ]
                      : []),
                  ...(rest.infrastructure === undefined
                      ? []
                      : [problem("infrastructure", "a value", "no value with delivery, whose roles it cannot update")]),
                  ...(deliveredBy === undefined
                      ? []
                      : [problem("deliveredBy", `"${deliveredBy.environment}"`, "no value with delivery")]),
                  ...[environment, ...names]
                      .filter((name) => stages.includes(name))
                      .map((name) =>
                          problem(
                              "delivery",
                              `for the environment "${name}"`,
                              `names that are no stage of every pipeline (${stages.join(", ")})`,
                          ),
                      ),
                  ...repeated.map((name) =>
                      problem("delivery.promoteTo", `"${name}" twice`, "each environment once, this stack's left out"),
                  ),
              ]),
    ];
}

function hasTarget({ ec2, ecs, lambda }: Pick<Settings, "ec2" | "ecs" | "lambda">): boolean {
    return [ec2, ecs, lambda].some((target) => target !== undefined);
}
