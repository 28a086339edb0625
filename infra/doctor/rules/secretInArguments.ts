import type { Rule } from "../rule";

/** Words in the name of a secret, taken from BuildKit's own check SecretsUsedInArgOrEnv. */
const secretWords = new Set("APIKEY AUTH CREDENTIAL CREDENTIALS KEY PASSWORD PASSWD PWORD SECRET TOKEN".split(" "));

/** Words that make a name refer to something else, such as the path of a secret. */
const harmlessWords = new Set("PUBLIC FILE PATH DIR URL ID NAME".split(" "));

/**
 * Rule against passing a secret as an argument or a variable.
 *
 * @see https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/
 */
export const secretInArguments: Rule = {
    id: "secret-in-arguments",
    consequence:
        "Its value is kept in plain: in the history of the image, for everybody who may pull it, and in the inputs of the build.",
    remedy: "Name it in the setting buildSecrets and read it in the step that needs it: RUN --mount=type=secret,id=<id>,env=<NAME>.",
    measured: {
        what: "copies of it in the configuration of the image",
        when: "after a build with the secret",
        against: 2,
        following: 0,
    },
    find: (build) =>
        build.stages.flatMap((stage) =>
            stage.steps.flatMap((step) =>
                (step.keyword === "ARG" || step.keyword === "ENV") && step.variables.some(({ name }) => isSecret(name))
                    ? [step.line]
                    : [],
            ),
        ),
};

function isSecret(name: string): boolean {
    const words = name.toUpperCase().split("_");
    return words.some((word) => secretWords.has(word)) && !words.some((word) => harmlessWords.has(word));
}
