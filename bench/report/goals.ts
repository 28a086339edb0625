import type { Workload } from "../workloads";
import { median, type ResultRow } from "./result";
import type { Sides } from "./sides";

/** Goal with its result. */
export interface GoalResult {
    strategy: string;
    workload: string;
    case: string;
    /** Condition, in words. */
    goal: string;
    /** Measured figure, with its unit. */
    measured: string;
    isMet: boolean;
}

/** Rows of one workload and case that a goal is checked on. */
interface Scene {
    /** Our row. */
    ours: ResultRow;
    /** Our row of the first build. */
    cold: ResultRow;
    /** Our row of this case without packages spread over layers. @default - not measured */
    plain?: ResultRow;
    /** Median seconds of the best published strategy in this case. @default - not measured */
    bestPublished?: number;
}

/** Limit of a figure: at most, or at least, some value. */
interface Goal {
    goal: string;
    /** Function that computes the figure; undefined where it was not measured. */
    value: (scene: Scene) => number | undefined;
    unit: string;
    atMost?: number;
    atLeast?: number;
}

const wall = ({ ours }: Scene) => median(ours.seconds);
const ofCold = (atMost: number): Goal => ({
    goal: `wall at most ${atMost} of own cold build`,
    value: (scene) => wall(scene) / median(scene.cold.seconds),
    unit: "of cold",
    atMost,
});
const timesFaster = (atLeast: number): Goal => ({
    goal: `at least ${atLeast} times as fast as the best published strategy`,
    value: (scene) => scene.bestPublished && scene.bestPublished / wall(scene),
    unit: "times",
    atLeast,
});
const noBuilder: Goal = {
    goal: "no builder started",
    value: ({ ours }) => Number(ours.builderStarted),
    unit: "builders",
    atMost: 0,
};
const bytesDown: Goal = {
    goal: "at most 1 MB from the registry",
    value: ({ ours }) => ours.registryMbDown,
    unit: "MB",
    atMost: 1,
};
const bytesUp: Goal = {
    goal: "at most 0.2 MB to the registry besides the code, compressed",
    value: ({ ours }) => ours.registryMbUp - (ours.codeMb ?? 0),
    unit: "MB",
    atMost: 0.2,
};
const bytesToDeploy: Goal = {
    goal: "at most 0.05 MB to deploy besides the code, compressed",
    value: ({ ours }) => (ours.pullMb ?? Infinity) - (ours.codeMb ?? 0),
    unit: "MB",
    atMost: 0.05,
};

/** Goals of the bytes that one changed package moves. @param unit value of one unit in MB */
const packageMoves = (atMost: number, unit: string, unitOf: (row: ResultRow) => number): Goal[] => [
    {
        goal: `at most ${atMost} ${unit} to the registry`,
        value: ({ ours }) => ours.registryMbUp / unitOf(ours),
        unit,
        atMost,
    },
    {
        goal: `at most ${atMost} ${unit} to deploy`,
        value: ({ ours }) => (ours.pullMb ?? Infinity) / unitOf(ours),
        unit,
        atMost,
    },
];
const tenMegabytes = packageMoves(10, "MB", () => 1);
const asQuickAsPlain: Goal = {
    goal: "at most 0.1 s slower than without layers",
    // Rounded, as the seconds are.
    value: (scene) => scene.plain && Number((wall(scene) - median(scene.plain.seconds)).toFixed(3)),
    unit: "s",
    atMost: 0.1,
};

/** Goals of a code change, of a revert and of another branch. */
const codeChange = {
    interpreted: [ofCold(0.05), timesFaster(8), bytesDown, bytesUp],
    compiled: [ofCold(0.25), timesFaster(3)],
};

/** Goals of builds through CodeBuild, by case. */
const codebuildGoals: Partial<Record<string, Goal[]>> = { "code line": [ofCold(0.08), bytesDown] };

/** Goals by case, for interpreted and compiled applications. */
const goals: Record<string, { interpreted: Goal[]; compiled: Goal[] }> = {
    cold: both([{ ...ofPublished(1.1), goal: "wall at most 1.1 of the fastest published strategy" }]),
    "nothing changed": both([ofCold(0.02), noBuilder]),
    documentation: both([ofCold(0.02), noBuilder]),
    // After a revert a host needs the dependencies of before as well, which the image in between did not have.
    "code line": { ...codeChange, interpreted: [...codeChange.interpreted, bytesToDeploy] },
    dependency: both([
        ofPublished(0.6),
        { goal: "only the new package fetched", value: ({ ours }) => ours.packages, unit: "packages", atMost: 1 },
    ]),
    revert: codeChange,
    "other branch": codeChange,
};

/** Goals of packages spread over layers, by case. */
const layersGoals: Record<string, Goal[]> = {
    cold: [{ ...ofPublished(1.15), goal: "wall at most 1.15 of the fastest published strategy" }],
    "code line": [asQuickAsPlain],
    revert: [asQuickAsPlain],
    "other branch": [asQuickAsPlain],
};

/** Goals of packages spread over layers for a dependency, by workload. */
const layersDependency: Record<string, Goal[]> = {
    python: [timesFaster(2), ...tenMegabytes],
    node: [timesFaster(1.3), ...tenMegabytes],
    streamlit: packageMoves(1.3, "of the fetched package", ({ packageMb }) => packageMb),
};

/** Rows to check, and the names by which they are told apart. */
export interface GoalInput extends Sides {
    /** Rows of one workload. */
    rows: ResultRow[];
    /** Name of the builds through CodeBuild. */
    codebuild: string;
    /** Kind of the workload's code. */
    kind: Workload["kind"];
}

/** Checks all goals for which there are figures. */
export function checkGoals({ rows, ours, layers, codebuild, published, kind }: GoalInput): GoalResult[] {
    return rows.flatMap((row) => {
        const find = (strategy: string, name: string) =>
            rows.find((one) => one.strategy === strategy && one.case === name);
        const cold = find(row.strategy, "cold");
        if (cold === undefined) return [];
        const rivals = rows.filter((one) => one.case === row.case && published.includes(one.strategy));
        const [bestPublished] = rivals.map(({ seconds }) => median(seconds)).sort((a, b) => a - b);
        const list = {
            [ours]: goals[row.case]?.[kind],
            [layers]: row.case === "dependency" ? layersDependency[row.workload] : layersGoals[row.case],
            [codebuild]: codebuildGoals[row.case],
        }[row.strategy];
        const scene = { ours: row, cold, plain: find(ours, row.case), bestPublished };
        return (list ?? []).flatMap((goal) => checkGoal(goal, scene));
    });
}

function checkGoal({ goal, value, unit, atMost = Infinity, atLeast = -Infinity }: Goal, scene: Scene): GoalResult[] {
    const figure = value(scene);
    if (figure === undefined) return [];
    const result = {
        strategy: scene.ours.strategy,
        workload: scene.ours.workload,
        case: scene.ours.case,
        goal,
        measured: `${Number(figure.toPrecision(3))} ${unit}`,
        isMet: figure <= atMost && figure >= atLeast,
    };
    return [result];
}

function ofPublished(atMost: number): Goal {
    return {
        goal: `wall at most ${atMost} of the best published strategy`,
        value: (scene) => scene.bestPublished && wall(scene) / scene.bestPublished,
        unit: "of the best published",
        atMost,
    };
}

function both(list: Goal[]) {
    return { interpreted: list, compiled: list };
}
