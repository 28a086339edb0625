import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { isStaticExecutable } from "../../../../local/world/toolchain/staticExecutable";
import { makeTemporaryFolder } from "./temporaryFolder";

/** Types of program headers (elf(5)). */
const [load, interpreter] = [1, 3];

/** Makes a 64-bit ELF file that has only program headers of these types. */
function elfFile(types: number[]): Buffer {
    const headerSize = 56;
    const file = Buffer.alloc(64 + headerSize * types.length);
    file.write("\x7fELF\x02", "latin1");
    file.writeBigUInt64LE(64n, 0x20);
    file.writeUInt16LE(headerSize, 0x36);
    file.writeUInt16LE(types.length, 0x38);
    types.forEach((type, index) => file.writeUInt32LE(type, 64 + headerSize * index));
    return file;
}

describe("isStaticExecutable", () => {
    const files: [string, Buffer, boolean][] = [
        ["a static executable", elfFile([load, load]), true],
        ["one that needs a dynamic linker", elfFile([load, interpreter, load]), false],
        ["a script", Buffer.from("#!/bin/sh\n".repeat(10)), false],
        ["an empty file", Buffer.alloc(0), false],
    ];
    for (const [what, content, expected] of files) {
        it(`says ${expected} of ${what}`, async () => {
            const folder = await makeTemporaryFolder();
            try {
                const file = path.join(folder, "file");
                await fs.writeFile(file, content);
                assert.equal(await isStaticExecutable(file), expected);
            } finally {
                await fs.rm(folder, { recursive: true });
            }
        });
    }
});
