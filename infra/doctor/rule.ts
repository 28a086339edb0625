import type { Build } from "./build";

/** Measured savings of a rule, by test/engine/doctor.test.ts and doctorCaches.test.ts. */
export interface Measurement {
    /** Counted quantity, beginning with its unit; MB are millions of bytes. */
    what: string;
    /** Build whose quantity was counted, on an empty builder unless the text says otherwise. */
    when: string;
    /** Quantity for a Dockerfile that breaks the rule, rounded to a whole number. */
    against: number;
    /** Quantity for the same Dockerfile after the remedy, rounded to a whole number. */
    following: number;
}

/** Rule against one thing in Dockerfiles that makes later builds read or do more than necessary, or exposes a secret. */
export interface Rule {
    /** Name of the rule in findings and in docs/doctor.md. */
    id: string;
    /** Consequence of breaking the rule. */
    consequence: string;
    /** Replacement for the lines that break the rule. */
    remedy: string;
    measured: Measurement;
    /** Whether the replacement has a price of its own: a finding is advice, and no fault. @default false */
    hasPrice?: true;
    /** Lists the lines of a build's Dockerfile that break the rule; the first line is 1. */
    find(build: Build): number[];
}
