/** The lines of a Dockerfile, and what the doctor finds in them. */
export interface RuleCase {
    title: string;
    lines: string[];
    /** `line: rule`. @default - nothing */
    findings?: string[];
    buildArgs?: Record<string, string>;
    target?: string;
    /** There is no ignore file. @default false */
    isBare?: boolean;
    /** `.git` is part of the context. @default false */
    sendsGit?: boolean;
}
