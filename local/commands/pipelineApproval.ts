import type { ApprovalResult } from "@aws-sdk/client-codepipeline";
import * as readline from "node:readline/promises";
import { Fault } from "./command";
import type { ApprovalQuestion } from "./pipelineProgress";

/** Shows an approval on the terminal and asks for the answer. @throws Fault without a terminal */
export async function askOnTerminal(question: ApprovalQuestion, signal: AbortSignal): Promise<ApprovalResult> {
    const { stage, action } = question;
    if (!process.stdin.isTTY) {
        throw new Fault(`${stage} / ${action} waits for an approval, and there is no terminal; run with --yes.`);
    }
    console.log(approvalText(question));
    const terminal = readline.createInterface({ input: process.stdin, output: process.stdout });
    // A terminal in this mode gives Ctrl-C to its reader.
    terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
    try {
        const answer = await terminal.question("Approve? [y/N] ", { signal });
        const isYes = /^y(es)?$/i.test(answer.trim());
        return { status: isYes ? "Approved" : "Rejected", summary: "Answered on the terminal" };
    } finally {
        terminal.close();
    }
}

/** Approves at once, for `--yes`. @param print function that takes what the approval shows */
export function approveAtOnce(print: (line: string) => void): (question: ApprovalQuestion) => Promise<ApprovalResult> {
    return (question) => {
        print(approvalText(question));
        return Promise.resolve({ status: "Approved", summary: "Approved by --yes" });
    };
}

/** Renders what a person sees before the answer. */
export function approvalText({ stage, action, customData, link }: ApprovalQuestion): string {
    const texts = customData === "" ? [] : customData.split("\n").map((line) => `  ${line}`);
    return [`${stage} / ${action} waits for your approval:`, ...texts, ...(link ? [`  ${link}`] : [])].join("\n");
}
