import * as ast from "dockerfile-ast";
import type { Stage } from "../dockerfile/dockerfile";

/** Part of a Dockerfile that a stage is made from. */
export interface StageSlice {
    /** Text of a complete Dockerfile: parser directives, the global arguments in use, and the stages. */
    text: string;
    /** Tells whether a word occurs in the text. The name of an argument occurs wherever the argument counts. */
    mentions(word: string): boolean;
}

/**
 * Cuts stages out of a Dockerfile. Other stages, comments between instructions, and global arguments that no kept stage names are left out.
 *
 * @param text the whole Dockerfile
 * @param all all its stages
 * @param kept stages to keep
 */
export function sliceStages(text: string, all: Stage[], kept: Stage[]): StageSlice {
    const document = ast.DockerfileParser.parse(text.replace(/^\uFEFF/, ""));
    const directives = document.getDirectives().map((one) => `# ${one.getName()}=${one.getValue()}`);
    const escape = document.getEscapeCharacter();
    const [globals, ...stages] = splitAtFrom(document.getInstructions());
    const body = stages
        .filter((_, index) => kept.includes(all[index]!))
        .flat()
        .map((instruction) => instruction.getTextContent());
    let slice = textWithMentions(body, escape);
    // A global argument may be made of earlier ones only.
    for (const instruction of [...(globals ?? [])].reverse()) {
        if (!argumentNames(instruction).some((name) => slice.mentions(name))) continue;
        body.unshift(instruction.getTextContent());
        slice = textWithMentions(body, escape);
    }
    return { ...slice, text: [...directives, slice.text].join("\n") };
}

/** Splits instructions at each FROM: those before the first one, and then those of each stage. */
export function splitAtFrom(instructions: ast.Instruction[]): ast.Instruction[][] {
    const parts: ast.Instruction[][] = [[]];
    for (const instruction of instructions) {
        if (instruction.getKeyword() === "FROM") parts.push([]);
        parts.at(-1)!.push(instruction);
    }
    return parts;
}

function textWithMentions(instructions: string[], escape: string): StageSlice {
    const text = `${instructions.join("\n")}\n`;
    // A name may go on after an escaped end of line, and after comments behind that.
    const continuation = new RegExp(`\\${escape}[ \\t]*\\r?\\n(?:[ \\t]*(?:#[^\\n]*|\\r)?\\n)*`, "g");
    const joined = text.replace(continuation, "");
    return { text, mentions: (word) => [text, joined].some((one) => mentionsWord(one, word)) };
}

/** Tells whether a text has a word that is no part of a longer one. */
export function mentionsWord(text: string, word: string): boolean {
    const literal = word.replace(/[^A-Za-z0-9_]/g, "\\$&");
    return new RegExp(`(?<![A-Za-z0-9_])${literal}(?![A-Za-z0-9_])`).test(text);
}

function argumentNames(instruction: ast.Instruction): string[] {
    return instruction.getArguments().map((argument) => argument.getValue().split("=")[0]!);
}
