import { runCommandLine } from "../local/commands/command";
import { openEnvironment } from "./run/environment";
import { Chain } from "./run/chain";
import { cases } from "./run/cases";
import { strategies } from "./strategies";
import { python } from "./workloads/python";

process.env.CACHED_IMAGE_PIPELINE_WORLD ??= ".local-bench";

void runCommandLine(async (signal) => {
    const report = (line: string) => console.error(line);
    const limits = {
        latencyMilliseconds: 15,
        streamBytesPerSecondDown: 80e6,
        streamBytesPerSecondUp: 40e6,
        bytesPerSecondDown: 160e6,
        bytesPerSecondUp: 160e6,
    };
    const environment = await openEnvironment([python], limits, report, signal);
    try {
        for (const strategy of strategies.filter((s) =>
            (process.argv[2] ?? "003,ours").split(",").some((n) => s.name.includes(n)),
        )) {
            const chain = new Chain(environment, strategy, python, 1);
            await chain.open();
            for (const one of cases.filter(({ isQuick }) => isQuick)) {
                const m = await chain.measure(one);
                console.log(strategy.name, one.name, JSON.stringify(m));
            }
            await chain.close();
        }
    } finally {
        await environment.close();
    }
});
