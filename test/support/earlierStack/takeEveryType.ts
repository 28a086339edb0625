import type { EngineWorld, TestStack } from "../engineWorld";
import { serveAwsxProvider } from "./awsxProvider";
import { serveWideProvider } from "./wideProvider";

/** Gives a stack providers that take resources of every type. @returns function that ends them */
export async function takeEveryType(stack: TestStack, engine: EngineWorld): Promise<() => void> {
    const [aws, awsx] = [await serveWideProvider(engine.world.awsProviderPort), await serveAwsxProvider()];
    Object.assign(stack.stack.workspace.envVars, {
        PULUMI_DEBUG_PROVIDERS: `aws:${aws.port},awsx:${awsx.port}`,
    });
    return () => [aws, awsx].forEach((provider) => provider.stop());
}
