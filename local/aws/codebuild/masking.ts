/** Text that replaces a secret in a log. */
const mask = "***";

/**
 * Filter that replaces secrets in a stream of text, including secrets spread over several parts. As in CodeBuild, only exact values are
 * found: an encoded secret is not.
 */
export class SecretMask {
    private secrets: string[] = [];
    private pattern: RegExp | undefined;
    private held = "";

    /** Adds values to replace; empty ones are ignored. */
    add(values: string[]): void {
        const all = new Set([...this.secrets, ...values.filter((value) => value !== "")]);
        // Alternatives are tried in order, so the longest of those that begin alike has to come first.
        this.secrets = [...all].sort((a, b) => b.length - a.length);
        const alternatives = this.secrets.map((secret) => secret.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
        this.pattern = alternatives.length === 0 ? undefined : new RegExp(alternatives.join("|"), "g");
    }

    /** Replaces the secrets in a complete text. */
    apply(text: string): string {
        return this.pattern === undefined ? text : text.replace(this.pattern, mask);
    }

    /** Takes the next part of a stream. @returns text that is safe to show; a possible beginning of a secret is held back */
    take(part: string): string {
        if (this.pattern === undefined) return part;
        const text = this.held + part;
        let shown = "";
        let position = 0;
        for (;;) {
            const open = this.firstUnfinished(text, position);
            this.pattern.lastIndex = position;
            const found = this.pattern.exec(text);
            if (found === null || found.index >= open) {
                this.held = text.slice(open);
                return shown + text.slice(position, open);
            }
            shown += text.slice(position, found.index) + mask;
            position = found.index + found[0].length;
        }
    }

    /** Returns the held-back text at the end of the stream. */
    rest(): string {
        const rest = this.apply(this.held);
        this.held = "";
        return rest;
    }

    /** Finds the place where the rest of the text could be the beginning of a secret; the text's length when there is none. */
    private firstUnfinished(text: string, from: number): number {
        const longest = this.secrets[0]?.length ?? 0;
        for (let index = Math.max(from, text.length - longest + 1); index < text.length; index++) {
            const end = text.slice(index);
            if (this.secrets.some((secret) => secret.length > end.length && secret.startsWith(end))) return index;
        }
        return text.length;
    }
}
