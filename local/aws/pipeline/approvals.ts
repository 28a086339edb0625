import { randomUUID } from "node:crypto";
import type { ApprovalResult } from "@aws-sdk/client-codepipeline";
import { ActionError } from "./actionError";
import type { ActionRun } from "./actionRun";

/** Answer to an approval. */
export interface ApprovalAnswer extends Required<Pick<ApprovalResult, "status" | "summary">> {
    /** ARN of the person. */
    by: string;
}

/** Time limit (minutes) of an approval that names none: seven days. */
const defaultLimit = 7 * 24 * 60;

/** Longest time (milliseconds) of a timer. */
const longestTimer = 2 ** 31 - 1;

/** Open approvals. */
export class Approvals {
    private readonly open = new Map<string, (answer: ApprovalAnswer) => void>();

    /**
     * Performs an approval action: waits for the answer.
     *
     * @throws ActionError for a rejection, and when nobody answers in time
     * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ManualApproval.html
     */
    async perform({ record, action, signal, save }: ActionRun): Promise<void> {
        const token = randomUUID();
        record.token = token;
        save();
        const limit = (action.timeoutInMinutes ?? defaultLimit) * 60_000;
        let timer: NodeJS.Timeout | undefined;
        try {
            const answer = await new Promise<ApprovalAnswer>((resolve, reject) => {
                this.open.set(token, resolve);
                signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
                signal.throwIfAborted();
                const late = () => reject(new ActionError("JobFailed", "Nobody answered the approval in time."));
                if (limit <= longestTimer) timer = setTimeout(late, limit).unref();
            });
            record.updatedBy = answer.by;
            record.summary = answer.summary;
            if (answer.status !== "Approved") throw new ActionError("JobFailed", `Rejected by ${answer.by}`);
        } finally {
            clearTimeout(timer);
            this.open.delete(token);
        }
    }

    /** Answers an open approval. @returns whether there is one with the token */
    answer(token: string, answer: ApprovalAnswer): boolean {
        const resolve = this.open.get(token);
        resolve?.(answer);
        return this.open.delete(token);
    }
}
