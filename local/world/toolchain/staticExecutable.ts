import * as fs from "node:fs/promises";

/** Constants and offsets of 64-bit ELF files (elf(5)). */
const elf64 = { magic: "\x7fELF\x02", headerOffset: 0x20, headerSize: 0x36, headerCount: 0x38, interpreter: 3 };

/** Tells whether a file is a 64-bit ELF executable that needs no dynamic linker, so that it runs in an empty image. */
export async function isStaticExecutable(file: string): Promise<boolean> {
    const handle = await fs.open(file);
    try {
        const start = Buffer.alloc(64);
        const { bytesRead } = await handle.read(start, 0, start.length, 0);
        if (bytesRead < start.length || start.toString("latin1", 0, elf64.magic.length) !== elf64.magic) return false;
        const size = start.readUInt16LE(elf64.headerSize);
        const headers = Buffer.alloc(size * start.readUInt16LE(elf64.headerCount));
        await handle.read(headers, 0, headers.length, Number(start.readBigUInt64LE(elf64.headerOffset)));
        for (let offset = 0; offset < headers.length; offset += size) {
            if (headers.readUInt32LE(offset) === elf64.interpreter) return false;
        }
        return true;
    } finally {
        await handle.close();
    }
}
