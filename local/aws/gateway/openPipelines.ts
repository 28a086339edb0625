import * as fs from "node:fs";
import * as path from "node:path";
import { BuildStore } from "../codebuild/buildStore";
import { accountId } from "../ministack/account";
import { BuildTickets } from "../pipeline/buildTickets";
import { Connections } from "../pipeline/connections";
import { ExecutionStore } from "../pipeline/executionStore";
import { Pipelines } from "../pipeline/pipelines";
import { PipelineRunner } from "../pipeline/runner";
import type { GatewayConfiguration } from "./configuration";
import type { Principals } from "./iam/principals";
import type { RegistryAuthorization } from "./iam/registryAuthorization";

/** Parts of the gateway that pipelines use; its address is known once it listens. */
interface Surroundings {
    host: string;
    principals: Principals;
    authorization: RegistryAuthorization;
}

/**
 * Opens the parts of CodePipeline, and of CodeBuild what pipelines share with it.
 *
 * @param directory folder for all their files; created when missing
 * @param surroundings function that returns the gateway's parts
 */
export function openPipelines(
    configuration: GatewayConfiguration,
    directory: string,
    surroundings: () => Surroundings,
) {
    const { region, accessKeyId, secretAccessKey } = configuration;
    const sources = path.join(directory, "sources");
    // An interrupted source action leaves its copy.
    fs.rmSync(sources, { recursive: true, force: true });
    fs.mkdirSync(sources, { recursive: true, mode: 0o700 });
    const builds = new BuildStore(configuration.buildsDirectory);
    const buildTickets = new BuildTickets();
    const connections = new Connections(path.join(directory, "connections.json"));
    const pipelineExecutions = new ExecutionStore(path.join(directory, "executions"));
    const pipelineRunner = new PipelineRunner({
        aws: () => ({ endpoint: `http://${surroundings().host}`, region, accountId, accessKeyId, secretAccessKey }),
        executions: pipelineExecutions,
        connections,
        tickets: buildTickets,
        builds,
        refusal: async (key, action, resource) => {
            const { principals, authorization } = surroundings();
            const decision = await authorization.decide(principals.of(key), action, resource);
            return decision.allowed ? undefined : decision.message;
        },
        directory: sources,
    });
    return {
        builds,
        buildTickets,
        connections,
        pipelines: new Pipelines(path.join(directory, "pipelines.json")),
        pipelineExecutions,
        pipelineRunner,
    };
}
