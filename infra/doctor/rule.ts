import type { Build } from "./build";

/** What following a rule saves, as test/engine/doctor.test.ts and doctorCaches.test.ts measure it. */
export interface Measurement {
    /** What was counted, beginning with its unit; MB are millions of bytes. */
    what: string;
    /** The build that it was counted of; a builder that holds nothing ran it, unless it says otherwise. */
    when: string;
    /** Of a Dockerfile that the rule finds fault with, rounded to a whole number. */
    against: number;
    /** Of the same Dockerfile put right, rounded to a whole number. */
    following: number;
}

/** One thing in Dockerfiles that makes later builds read or do more than they need to, or gives away a secret. */
export interface Rule {
    /** Its name in findings and in docs/doctor.md. */
    id: string;
    /** What happens because of it. */
    consequence: string;
    /** What to write instead. */
    remedy: string;
    measured: Measurement;
    /** Lines of a build's Dockerfile that break the rule; the first line is 1. */
    find(build: Build): number[];
}
