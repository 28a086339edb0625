import * as ast from "dockerfile-ast";
import {
    type CopyStep,
    type Dockerfile,
    DockerfileError,
    type Mount,
    type RunStep,
    type Stage,
    type Step,
    type Variable,
    type VariableStep,
} from "./dockerfile";
import { command, shellCommands } from "./shellCommands";

/** Values of ARG and ENV by name; undefined for one without. */
type Values = Map<string, string | undefined>;

/**
 * Parses a Dockerfile.
 *
 * @param text text of the Dockerfile
 * @param buildArgs values of build arguments, which win over the defaults in the file
 * @throws DockerfileError for a text that BuildKit would refuse too
 * @see https://docs.docker.com/reference/dockerfile/
 */
export function parseDockerfile(text: string, buildArgs: Record<string, string> = {}): Dockerfile {
    const content = text.replace(/^\uFEFF/, "");
    const instructions = ast.DockerfileParser.parse(content).getInstructions();
    if (instructions.length === 0) throw new DockerfileError("it holds no instruction; a FROM is needed");
    const lines = content.split(/\r?\n/);
    const globals: Values = new Map();
    const stages: Stage[] = [];
    for (const instruction of instructions) {
        checkInstruction(instruction);
        if (instruction.getKeyword() === "FROM") stages.push(readFrom(instruction as ast.From, stages, globals));
        else if (stages.length > 0) stages.at(-1)!.steps.push(...readStep(instruction, lines));
        else addGlobals(globals, instruction, buildArgs);
    }
    if (stages.length === 0) throw new DockerfileError("it has no FROM");
    return { stages };
}

function checkInstruction(instruction: ast.Instruction): void {
    const keyword = instruction.getKeyword();
    if (!(keyword in ast.Keyword)) {
        throw fault(instruction, `${JSON.stringify(keyword.slice(0, 40))} is no instruction of a Dockerfile`);
    }
    if (instruction.getArguments().length === 0) throw fault(instruction, `${keyword} has no arguments`);
}

function addGlobals(globals: Values, instruction: ast.Instruction, buildArgs: Record<string, string>): void {
    if (instruction.getKeyword() !== "ARG") {
        throw fault(instruction, `${instruction.getKeyword()} stands before the first FROM; only ARG may`);
    }
    for (const { name, value } of readVariables(instruction as ast.Arg)) globals.set(name, buildArgs[name] ?? value);
}

function readFrom(from: ast.From, earlier: Stage[], globals: Values): Stage {
    const image = expand(from.getImage() ?? "", globals);
    const name = from.getBuildStage()?.toLowerCase();
    const line = lineOf(from);
    // A number means an image here, unlike in COPY --from.
    const baseStage = earlier.findLast((stage) => stage.name === image.toLowerCase());
    if (baseStage !== undefined) return { name, line, baseStage, steps: [] };
    return { name, line, ...(image === "scratch" ? {} : { baseImage: image }), steps: [] };
}

/** Fills in the variables of a text; variables without a known value stay unchanged. */
function expand(text: string, values: Values): string {
    return text.replace(
        /\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))/g,
        (whole, braced: string | undefined, fallback: string | undefined, plain: string | undefined) =>
            values.get(braced ?? plain ?? "") ?? fallback ?? whole,
    );
}

function readStep(instruction: ast.Instruction, lines: string[]): Step[] {
    const keyword = instruction.getKeyword();
    switch (keyword) {
        case "RUN":
            return [readRun(instruction as ast.Run, lines)];
        case "COPY":
        case "ADD":
            return [readCopy(keyword, instruction as ast.Copy)];
        case "ARG":
        case "ENV": {
            const variables = readVariables(instruction as ast.PropertyInstruction);
            return [{ keyword, line: lineOf(instruction), variables } satisfies VariableStep];
        }
        case "WORKDIR":
            return [{ keyword, line: lineOf(instruction) }];
        default:
            return [];
    }
}

function readRun(run: ast.Run, lines: string[]): RunStep {
    const mounts = run.getFlags().filter((flag) => flag.getName() === "mount");
    return { keyword: "RUN", line: lineOf(run), mounts: mounts.map(readMount), commands: readCommands(run, lines) };
}

function readCommands(run: ast.Run, lines: string[]): string[][] {
    const [words, texts] = splitHereDocuments(run);
    const list = jsonList(words);
    if (list !== undefined) return command(list);
    if (words.length > 0 || texts.length === 0) return shellCommands(words.join(" "));
    return texts.flatMap((range) => {
        const text = lines.slice(range.start.line, range.end.line).join("\n");
        // A script for another interpreter.
        return /^#!(?!.*sh\b)/.test(text) ? [] : shellCommands(text);
    });
}

function readCopy(keyword: CopyStep["keyword"], copy: ast.Copy): CopyStep {
    const flag = (name: string) => copy.getFlags().find((one) => one.getName() === name);
    const [words] = splitHereDocuments(copy);
    const link = flag("link");
    return {
        keyword,
        line: lineOf(copy),
        from: flag("from")?.getValue()?.toLowerCase(),
        isLinked: link !== undefined && link.getValue() !== "false",
        setsMode: flag("chmod") !== undefined,
        sources: (jsonList(words) ?? words).slice(0, -1),
    };
}

/**
 * Reads the texts of an instruction in JSON form; undefined for the usual form, which BuildKit also assumes for invalid JSON. The parser's
 * own reading of the form loses the spaces in texts.
 */
function jsonList(words: string[]): string[] | undefined {
    if (!words[0]?.startsWith("[")) return undefined;
    try {
        return JSON.parse(words.join(" ")) as string[];
    } catch {
        return undefined;
    }
}

/** Separates the words of an instruction from its here-documents, and finds the texts of those. */
function splitHereDocuments(
    instruction: ast.Copy | ast.Run,
): [string[], { start: { line: number }; end: { line: number } }[]] {
    const documents = instruction.getHeredocs();
    const open = documents.find((document) => document.getDelimiterRange() === null);
    if (open !== undefined) throw fault(instruction, `the text after <<${open.getName()} has no end`);
    const first = documents[0]?.getStartRange().start.line;
    const words = instruction
        .getArguments()
        .filter((word) => first === undefined || word.getRange().start.line <= first)
        .map((word) => word.getValue())
        .filter((word) => first === undefined || !word.startsWith("<<"));
    return [words, documents.flatMap((document) => textRange(document))];
}

function textRange(document: ast.Heredoc): { start: { line: number }; end: { line: number } }[] {
    const [text, end] = [document.getContentRange(), document.getDelimiterRange()];
    return text === null || end === null ? [] : [{ start: text.start, end: end.start }];
}

function readVariables(instruction: ast.PropertyInstruction): VariableStep["variables"] {
    const properties = instruction.getProperties().map((property) => ({
        name: property.getName(),
        value: property.getValue() ?? undefined,
    }));
    if (instruction.getKeyword() === "ENV") return properties;
    // The parser takes the names of `ARG A B` for name and value, as they are in `ENV A B`.
    const [first, ...rest] = instruction.getPropertyArguments().map((argument) => argument.getValue());
    if (first === undefined || first.includes("=") || rest.length === 0) return properties;
    return [{ name: first, value: undefined }, ...rest.map(argumentOf)];
}

function argumentOf(text: string): Variable {
    const end = text.indexOf("=");
    if (end < 0) return { name: text, value: undefined };
    return { name: text.slice(0, end), value: text.slice(end + 1).replace(/^(["'])(.*)\1$/, "$2") };
}

function readMount(flag: ast.Flag): Mount {
    const option = (...names: string[]) =>
        flag
            .getOptions()
            .find((one) => names.includes(one.getName()))
            ?.getValue() ?? undefined;
    const id = option("id");
    return {
        type: option("type") ?? "bind",
        target: option("target", "dst", "destination") ?? "",
        ...(id !== undefined && { id }),
        from: option("from")?.toLowerCase(),
        source: option("source", "src") ?? "",
    };
}

function lineOf(instruction: ast.Instruction): number {
    return instruction.getRange().start.line + 1;
}

function fault(instruction: ast.Instruction, problem: string): DockerfileError {
    return new DockerfileError(`line ${lineOf(instruction)}: ${problem}`);
}
