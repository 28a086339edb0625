import type { Statement } from "../../infra/aws/policyDocument";
import { run, type ScriptRun, startDeployWorld } from "./deployWorld";
import { refuseCall } from "./permissions";
import { type Call, ScriptedAws } from "./scriptedAws";

/** Deploy world whose scripts call the emulator through a server that can answer in its place. */
export type ScriptedWorld = Awaited<ReturnType<typeof startScriptedWorld>>;

/** Starts the world. */
export async function startScriptedWorld() {
    const world = await startDeployWorld();
    const scripted = await ScriptedAws.start(world.gateway.origin);
    return {
        ...world,
        scripted,

        /** Runs the AWS CLI as the administrator; returns its JSON answer. */
        aws: async (...args: string[]): Promise<unknown> => {
            const { code, stdout, stderr } = await run(
                ["aws", ...args, "--region", world.region, "--output", "json"],
                world.environment,
            );
            if (code !== 0) throw new Error(stderr);
            return JSON.parse(stdout || "null");
        },

        /** Creates a role with these permissions; returns variables with which a script runs under it. */
        assumeDeployRole: async (statements: Statement[]): Promise<Record<string, string>> => {
            const allowed = statements.map((statement) => ({ Effect: "Allow", ...statement }));
            const { sts } = await world.assumeRole("deploy", allowed);
            const refuse = (call: Call) => refuseCall(statements, call);
            scripted.guard = { refuse, administrator: world.configuration };
            const { accessKeyId, secretAccessKey, sessionToken = "" } = await sts.config.credentials();
            return {
                AWS_ACCESS_KEY_ID: accessKeyId,
                AWS_SECRET_ACCESS_KEY: secretAccessKey,
                AWS_SESSION_TOKEN: sessionToken,
            };
        },

        /** Runs a script of deploy/ through the scripted server. */
        deploy: (script: string, variables: Record<string, string>, ...args: string[]): Promise<ScriptRun> =>
            run([`deploy/${script}`, ...args], {
                ...world.environment,
                AWS_ENDPOINT_URL: scripted.origin,
                ...variables,
            }),

        stop: async () => {
            await scripted.stop();
            await world.stop();
        },
    };
}
