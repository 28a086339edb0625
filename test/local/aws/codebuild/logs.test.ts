import assert from "node:assert/strict";
import { batches } from "../../../../local/aws/codebuild/cloudWatchLog";
import { BuildLog, type LogLine, type LogSink } from "../../../../local/aws/codebuild/logs";

class Collected implements LogSink {
    readonly texts: string[] = [];

    write(lines: LogLine[]): Promise<void> {
        this.texts.push(...lines.map(({ text }) => text));
        return Promise.resolve();
    }

    close(): Promise<void> {
        return Promise.resolve();
    }
}

describe("codebuild: logs", () => {
    const write = async (...chunks: (string | Buffer)[]) => {
        const sink = new Collected();
        const log = new BuildLog([sink]);
        log.hide(["secret"]);
        for (const chunk of chunks) await log.output(Buffer.from(chunk));
        await log.close();
        return sink.texts;
    };

    const cases: [what: string, chunks: (string | Buffer)[], lines: string[]][] = [
        ["lines however they come", ["one\ntw", "o\r\n\nthree"], ["one", "two", "", "three"]],
        ["characters that are cut", [Buffer.from([0xc3]), Buffer.from([0xbc, 0x0a])], ["ü"]],
        ["binary output as replacement characters", [Buffer.from([0xff, 0xfe, 0x0a])], ["\ufffd\ufffd"]],
        ["no secret, also when it is cut", ["a sec", "ret b\n"], ["a *** b"]],
        ["very long lines in pieces", ["x".repeat(65_536), "yz\n"], ["x".repeat(65_536), "yz"]],
    ];
    for (const [what, chunks, lines] of cases) {
        it(`shows ${what}`, async () => assert.deepEqual(await write(...chunks), lines));
    }

    it("writes lines of its own in CodeBuild's form, without secrets, after all output", async () => {
        const sink = new Collected();
        const log = new BuildLog([sink]);
        log.hide(["secret"]);
        await log.output(Buffer.from("unfinished"));
        await log.message("Running command echo secret\nsecond line");
        assert.equal(sink.texts[0], "unfinished");
        assert.match(
            sink.texts[1] ?? "",
            /^\[Container\] \d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\.\d{6} Running command echo \*\*\*$/,
        );
        assert.equal(sink.texts[2], "second line");
    });

    it("cuts events into calls that CloudWatch Logs takes", () => {
        const event = (length: number) => ({ timestamp: 1, message: "x".repeat(length) });
        const sizes = (events: { message: string }[]) =>
            batches(events.map((one) => ({ timestamp: 1, ...one }))).map((b) => b.length);
        // 26 bytes for each event besides its text, 1,048,576 bytes and 10,000 events in a call
        assert.deepEqual(sizes([]), []);
        assert.deepEqual(sizes([event(1_048_550)]), [1]);
        assert.deepEqual(sizes([event(524_262), event(524_262)]), [2]);
        assert.deepEqual(sizes([event(524_262), event(524_263)]), [1, 1]);
        assert.deepEqual(sizes(Array.from({ length: 10_001 }, () => event(1))), [10_000, 1]);
    });
});
