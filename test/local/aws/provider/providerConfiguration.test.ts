import assert from "node:assert/strict";
import type { Properties } from "../../../../local/aws/provider/fields";
import { providerConfigurationProblem } from "../../../../local/aws/provider/providerConfiguration";
import { settingsFromEnvironment } from "../../../../local/aws/provider/settings";

describe("configuration", () => {
    const table: { configuration: Properties; problem: string | undefined }[] = [
        {
            configuration: { region: "eu-central-1", skipRegionValidation: "true", version: "7.48.0" },
            problem: undefined,
        },
        {
            configuration: { region: "us-east-1" },
            problem:
                'aws:region is "us-east-1", but the local aws provider runs in eu-central-1; set aws:region to eu-central-1.',
        },
        {
            configuration: { defaultTags: "{}", profile: "p" },
            problem:
                "The local aws provider does not support the configuration aws:defaultTags, aws:profile; leave it out of this stack.",
        },
    ];
    for (const { configuration, problem } of table) {
        it(JSON.stringify(configuration), () => {
            assert.equal(providerConfigurationProblem(configuration, "eu-central-1"), problem);
        });
    }

    it("needs its environment", () => {
        assert.throws(() => settingsFromEnvironment({ AWS_REGION: "eu-central-1", AWS_ACCESS_KEY_ID: "a" }), {
            message:
                "The local aws provider needs the environment variables AWS_ENDPOINT_URL, AWS_SECRET_ACCESS_KEY, AWS_API_MODELS; " +
                "set them and start it again.",
        });
    });
});
