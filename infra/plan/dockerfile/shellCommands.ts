import { parse } from "shell-quote";

/** Words of one command, such as `["pip", "install", "-r", "requirements.txt"]`; a variable stands as `$NAME`. */
export type Command = string[];

/** Words that may stand before a command without being one. */
const leadingWords = new Set([
    "then",
    "else",
    "elif",
    "do",
    "if",
    "while",
    "until",
    "!",
    "{",
    "exec",
    "sudo",
    "time",
    "env",
]);

/** Programs that take a script after `-c`. */
const shells = new Set(["sh", "bash", "ash", "dash", "zsh"]);

const assignment = /^[A-Za-z_][A-Za-z0-9_]*=/;

/** Lists the commands of a shell script; lines are read one by one, so a text over several lines is cut. */
export function shellCommands(script: string): Command[] {
    return script
        .replace(/\\\r?\n/g, " ")
        .split(/\r?\n/)
        .flatMap((line) => splitAtOperators(line))
        .flatMap(command);
}

/** Lists the commands of a list of words that is executed without a shell, such as a RUN in JSON form. */
export function command(words: Command): Command[] {
    const [program, ...rest] = withoutLeadingWords(words);
    if (program === undefined) return [];
    const name = program.slice(program.lastIndexOf("/") + 1);
    const script = shells.has(name) ? scriptOf(rest) : undefined;
    return script === undefined ? [[name, ...rest]] : shellCommands(script);
}

/** Finds the script of `sh -c <script>`, also of `sh -ec <script>`. */
function scriptOf(words: string[]): string | undefined {
    const option = words.findIndex((word) => /^-[a-z]*c$/.test(word));
    return option < 0 ? undefined : words[option + 1];
}

function withoutLeadingWords(words: Command): Command {
    const first = words.findIndex((word) => !leadingWords.has(word) && !assignment.test(word));
    return first < 0 ? [] : words.slice(first);
}

/** Reads the words and operators of a line; none where it ends within `${`, which the parser refuses. */
function readWords(line: string): ReturnType<typeof parse> {
    try {
        return parse(line, (name) => `$${name}`);
    } catch {
        return [];
    }
}

function splitAtOperators(line: string): Command[] {
    const commands: Command[] = [[]];
    for (const entry of readWords(line)) {
        if (typeof entry === "string") commands.at(-1)!.push(entry);
        else if ("pattern" in entry) commands.at(-1)!.push(entry.pattern);
        // The word after `>` stays with the command; no rule looks for it.
        else if ("op" in entry && !/[<>]/.test(entry.op)) commands.push([]);
    }
    return commands.filter((words) => words.length > 0);
}
