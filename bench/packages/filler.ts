import { createCipheriv, createHash } from "node:crypto";

/** Makes bytes that no compression makes smaller, the same for the same seed: an AES-CTR key stream. */
export function incompressible(seed: string, bytes: number): Buffer {
    const key = createHash("sha256").update(seed).digest();
    return createCipheriv("aes-256-ctr", key, Buffer.alloc(16)).update(Buffer.alloc(bytes));
}

/** Makes source text of about the given length in which no function equals another, the same for the same seed. */
export function sourceText(seed: string, length: number, line: (name: string, value: string) => string): string {
    const lines: string[] = [];
    for (let total = 0, index = 0; total < length; index++) {
        const digest = createHash("sha256").update(`${seed} ${index}`).digest("hex");
        const text = line(`value_${digest.slice(0, 8)}`, digest);
        lines.push(text);
        total += text.length + 1;
    }
    return `${lines.join("\n")}\n`;
}
