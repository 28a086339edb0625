import type { Dockerfile, Stage, Step } from "../plan/dockerfile/dockerfile";
import { readsCode, readsWholeContext } from "./sources";
import { bindMounts, isCopy, stageNamed, stagesBelow, targetStage } from "../plan/dockerfile/stages";

export { isCopy, isRun } from "../plan/dockerfile/stages";

/** Facts about the build context that the rules need. */
export interface ContextFiles {
    /** Whether a path below the context is a folder; `source` is written as in COPY. */
    isDirectory(source: string): boolean;
    /** Whether there is an ignore file. */
    hasIgnoreFile: boolean;
    /** Whether the folder `.git` is part of the context. */
    sendsGit: boolean;
}

/** Step that makes a layer. */
export type LayerStep = Exclude<Step, { keyword: "ARG" | "ENV" }>;

/** Build of one target: its stages, and their dependencies. */
export class Build {
    /** Stage that becomes the image. */
    readonly target: Stage;
    /** Target and all stages that it is made from, in their order in the Dockerfile. */
    readonly stages: Stage[];
    private readonly codeStages = new Map<Stage, boolean>();

    /**
     * @param targetName name or number of the stage to build; the last one when absent
     * @param layeredStages names of stages whose packages are layers of their own
     * @throws DockerfileError for a target that does not exist
     */
    constructor(
        private readonly dockerfile: Dockerfile,
        readonly files: ContextFiles,
        targetName?: string,
        readonly layeredStages: string[] = [],
    ) {
        this.target = targetStage(dockerfile, targetName);
        this.stages = stagesBelow(dockerfile, this.target);
    }

    /** Lists all steps of a stage, preceded by the steps of the stages that it continues. */
    chain(stage: Stage): Step[] {
        return [...this.inherited(stage), ...stage.steps];
    }

    /** Lists the steps of the stages that a stage continues. */
    inherited(stage: Stage): Step[] {
        return stage.baseStage === undefined ? [] : this.chain(stage.baseStage);
    }

    /** Finds the image that a stage starts from, directly or through other stages. @returns undefined for `scratch` */
    rootImage(stage: Stage): string | undefined {
        return stage.baseStage === undefined ? stage.baseImage : this.rootImage(stage.baseStage);
    }

    /** Finds the stage that `--from` or `from=` names. @returns undefined for an image or a named context */
    stageOf(from: string | undefined): Stage | undefined {
        return stageNamed(this.dockerfile, from);
    }

    /** Tells whether a change of the application's code changes the result of a step, which reads code or a stage made from code. */
    carriesCode(step: Step): boolean {
        if (step.keyword === "RUN") return bindMounts(step).some((mount) => this.readsCode(mount.from, [mount.source]));
        return isCopy(step) && this.readsCode(step.from, step.sources);
    }

    /** Tells whether a step reads all of the build context. */
    readsWholeContext(step: Step): boolean {
        const sources =
            step.keyword === "RUN"
                ? bindMounts(step).flatMap((mount) => (mount.from === undefined ? [mount.source] : []))
                : isCopy(step) && step.from === undefined
                  ? step.sources
                  : [];
        return sources.some(readsWholeContext);
    }

    /**
     * Lists the layers of the target that a code change rebuilds on top of others. The list starts at the first layer with code, or at the
     * next one if that layer lies on nothing.
     */
    changingLayers(): LayerStep[] {
        const layers = this.chain(this.target).filter(isLayer);
        const first = layers.findIndex((step) => this.carriesCode(step));
        const liesOnNothing = first === 0 && this.rootImage(this.target) === undefined;
        return first < 0 ? [] : layers.slice(liesOnNothing ? 1 : first);
    }

    private readsCode(from: string | undefined, sources: string[]): boolean {
        if (from === undefined) return sources.some((source) => readsCode(source, this.files));
        const stage = this.stageOf(from);
        return stage !== undefined && this.isMadeFromCode(stage);
    }

    private isMadeFromCode(stage: Stage): boolean {
        const known = this.codeStages.get(stage);
        if (known !== undefined) return known;
        // A stage that names itself or a later one, which BuildKit refuses, must not be asked for ever.
        this.codeStages.set(stage, false);
        const answer = this.chain(stage).some((step) => this.carriesCode(step));
        this.codeStages.set(stage, answer);
        return answer;
    }
}

/** Tells whether a step makes a layer. */
export function isLayer(step: Step): step is LayerStep {
    return step.keyword !== "ARG" && step.keyword !== "ENV";
}
