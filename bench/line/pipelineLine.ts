import { CodePipelineClient } from "@aws-sdk/client-codepipeline";
import { openSecondEnvironment } from "../../local/commands/environmentSteps";
import { approveAtOnce } from "../../local/commands/pipelineApproval";
import { type EndedExecution, runPipeline } from "../../local/commands/pipelineProgress";
import { startRequestLoop } from "../../local/world/deployment/requestLoop";
import { administratorSettings } from "../../local/world/services";
import type { LineWorld } from "./lineWorld";
import { divideTime, type LineMeasurement, type Mark } from "./phases";
import { commitLine } from "./pipelineRepository";
import { watchDeploy } from "./watchDeploy";

const ignore = () => undefined;

/** Number of the pipeline's first line of code. The other lines count from 1, and what one builds, another one would adopt. */
const firstCode = 1000;

/** Delivery pipeline of stack `local`, from a commit to the second environment. */
export class PipelineLine {
    private constructor(
        private readonly line: LineWorld,
        private readonly port: number,
        private readonly signal: AbortSignal,
    ) {}

    /** Declares the second environment. */
    static async open(line: LineWorld, signal: AbortSignal): Promise<PipelineLine> {
        const { environment, host, outputs: first } = line;
        const { toolchain, world } = environment;
        const { port } = await openSecondEnvironment({ first, host, tools: toolchain, world }, ignore, signal);
        return new PipelineLine(line, port, signal);
    }

    /** Delivers a changed line of code, which no other line has built; its commit is not part of the time. @throws Error when the execution fails */
    async measure(code: number): Promise<LineMeasurement> {
        const { environment, outputs } = this.line;
        const { world, site } = environment;
        await commitLine(firstCode + code, site);
        const client = new CodePipelineClient(administratorSettings(world));
        const endLoop = startRequestLoop(`http://127.0.0.1:${this.port}/readyz`);
        const name = String(outputs.deliveryPipelineName);
        const progress: string[] = [];
        const print = (text: string) => progress.push(text);
        const started = Date.now();
        const watched = watchDeploy(this.line, this.port, async () => {
            const answer = approveAtOnce(ignore);
            const execution = await runPipeline({ client, start: { name }, print, answer, signal: this.signal });
            if (execution.status === "Succeeded") return execution;
            throw new Error(`The pipeline ended as ${execution.status}:\n${progress.join("\n")}`);
        });
        const { result, start, health } = await watched.finally(endLoop).finally(() => client.destroy());
        const marks = [...pipelineMarks(result), start, health];
        const counts = await endLoop();
        return { ...divideTime(started, [...marks, { phase: "record", at: endOf(result) }]), ...counts };
    }
}

/** Divides an execution up to the start of its promotion. @throws Error for an execution without one of the actions */
export function pipelineMarks({ actions }: Pick<EndedExecution, "actions">): Mark[] {
    const action = (name: string) => {
        const found = actions.find((one) => one.action === name);
        if (found === undefined) throw new Error(`The execution has no action ${name}.`);
        return found;
    };
    return [
        { phase: "lookup", at: action("Source").end },
        { phase: "build", at: action("Build").end },
        { phase: "gates", at: action("Promote").start },
    ];
}

function endOf({ actions }: EndedExecution): number {
    return Math.max(...actions.map(({ end }) => end));
}
