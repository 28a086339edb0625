import { type EngineWorld, TestStack } from "../engineWorld";
import { recordedSettings } from "./settings";
import { serveAwsxProvider } from "./awsxProvider";
import { serveWideProvider } from "./wideProvider";

/** Stack with the settings of a record, on providers that take resources of every type. */
export interface RecordedStack {
    stack: TestStack;
    stop(): void;
}

/** Opens a stack with the settings of a record, and the provider that takes every type. */
export async function openRecorded(engine: EngineWorld, name: string): Promise<RecordedStack> {
    const [aws, awsx] = [await serveWideProvider(engine.world.awsProviderPort), await serveAwsxProvider()];
    const stack = await TestStack.open(engine, `earlier-${name}`, recordedSettings[name]!);
    Object.assign(stack.stack.workspace.envVars, {
        PULUMI_DEBUG_PROVIDERS: `aws:${aws.port},awsx:${awsx.port}`,
    });
    return { stack, stop: () => [aws, awsx].forEach((provider) => provider.stop()) };
}
