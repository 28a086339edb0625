import { configurationFromEnvironment } from "./configuration";
import { startGateway } from "./server";

/** Time that requests in flight may take to end after SIGTERM, in milliseconds. */
const graceMilliseconds = 5000;

async function main(): Promise<void> {
    const gateway = await startGateway(configurationFromEnvironment(process.env));
    console.log(`gateway listening on ${gateway.origin}`);
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
        process.once(signal, () => void gateway.close(graceMilliseconds));
    }
}

main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
});
