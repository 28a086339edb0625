import { median, type ResultRow } from "./result";

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
    /** Median seconds of the best published strategy in this case. */
    bestPublished: number;
}

/** Limit of a figure: at most, or at least, some value. */
interface Goal {
    goal: string;
    value: (scene: Scene) => number;
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
    value: (scene) => scene.bestPublished / wall(scene),
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

/** Rows to check, and the names by which they are told apart. */
export interface GoalInput {
    rows: ResultRow[];
    /** Name of our strategy. */
    ours: string;
    /** Name of the builds through CodeBuild. */
    codebuild: string;
    /** Names of the published strategies. */
    published: string[];
    /** Names of workloads whose code is compiled. */
    compiled: string[];
}

/** Checks all goals for which there are figures. */
export function checkGoals({ rows, ours, codebuild, published, compiled }: GoalInput): GoalResult[] {
    return rows.flatMap((row) => {
        const isSame = (other: ResultRow) => other.workload === row.workload;
        const cold = rows.find((one) => isSame(one) && one.strategy === row.strategy && one.case === "cold");
        if (cold === undefined) return [];
        const rivals = rows.filter((one) => isSame(one) && one.case === row.case && published.includes(one.strategy));
        const bestPublished = Math.min(...rivals.map(({ seconds }) => median(seconds)));
        const kind = compiled.includes(row.workload) ? "compiled" : "interpreted";
        const list = {
            [ours]: rivals.length > 0 ? goals[row.case]?.[kind] : undefined,
            [codebuild]: codebuildGoals[row.case],
        }[row.strategy];
        return (list ?? []).map((goal) => checkGoal(goal, { ours: row, cold, bestPublished }));
    });
}

function checkGoal({ goal, value, unit, atMost = Infinity, atLeast = -Infinity }: Goal, scene: Scene): GoalResult {
    const figure = value(scene);
    return {
        strategy: scene.ours.strategy,
        workload: scene.ours.workload,
        case: scene.ours.case,
        goal,
        measured: `${Number(figure.toPrecision(3))} ${unit}`,
        isMet: figure <= atMost && figure >= atLeast,
    };
}

function ofPublished(atMost: number): Goal {
    return {
        goal: `wall at most ${atMost} of the best published strategy`,
        value: (scene) => wall(scene) / scene.bestPublished,
        unit: "of the best published",
        atMost,
    };
}

function both(list: Goal[]) {
    return { interpreted: list, compiled: list };
}
