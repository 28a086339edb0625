import assert from "node:assert/strict";
import { librariesOf } from "../../../bench/base-images/sharedLibraries";

describe("bench: shared libraries", () => {
    it("are the files that ldd names, and the loader", () => {
        const output = `/usr/bin/node:
\tlinux-vdso.so.1 (0x00007fd66b045000)
\tlibdl.so.2 => /lib/x86_64-linux-gnu/libdl.so.2 (0x00007fd66b02f000)
\t/lib64/ld-linux-x86-64.so.2 (0x00007fd66b047000)
\tlibmissing.so => not found
/usr/bin/static:
\tnot a dynamic executable
`;
        assert.deepEqual(librariesOf(output), ["/lib/x86_64-linux-gnu/libdl.so.2", "/lib64/ld-linux-x86-64.so.2"]);
    });
});
