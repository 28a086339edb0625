/** Lines of a Dockerfile, with the doctor's findings. */
export interface RuleCase {
    title: string;
    lines: string[];
    /** Findings as `line: rule`. @default - nothing */
    findings?: string[];
    buildArgs?: Record<string, string>;
    target?: string;
    /** Stages whose packages are layers of their own. @default - none */
    layeredStages?: string[];
    /** Whether there is no ignore file. @default false */
    isBare?: boolean;
    /** Whether `.git` is part of the context. @default false */
    sendsGit?: boolean;
}
