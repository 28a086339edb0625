// Serves the local aws provider: node local/bootstrap.js local/aws/provider/main.ts
// Prints its port, to which an engine attaches with PULUMI_DEBUG_PROVIDERS=aws:<port>. Settings: settings.ts.
import { createAwsContext } from "./awsContext";
import { AwsProvider } from "./provider";
import { serve } from "./server";
import { settingsFromEnvironment } from "./settings";

// Node 20 is supported, with AWS SDK versions that are pinned; the SDK's notice of its end there helps nobody here.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

async function main(): Promise<void> {
    const aws = createAwsContext(settingsFromEnvironment(process.env));
    const server = await serve(new AwsProvider(aws), aws.region);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => server.stop());
    console.log(String(server.port));
}

main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
});
