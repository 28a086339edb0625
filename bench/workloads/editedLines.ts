import type { Edits } from "./workload";

/** The line of code that an edit changes. */
export function codeLine({ code = 0 }: Edits): string {
    return `code ${code}`;
}

/** The line of documentation that an edit changes. */
export function documentationLine({ documentation = 0 }: Edits): string {
    return `documentation ${documentation}\n`;
}
