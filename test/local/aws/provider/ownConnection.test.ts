import assert from "node:assert/strict";
import { execFile, type ExecFileOptions } from "node:child_process";
import { promisify } from "node:util";
import * as grpc from "@grpc/grpc-js";
import * as empty from "google-protobuf/google/protobuf/empty_pb";
import * as service from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { AwsProvider } from "../../../../local/aws/provider/provider";
import type { AwsContext } from "../../../../local/aws/provider/resourceType";
import { serve } from "../../../../local/aws/provider/server";

/** Client that speaks HTTP/2 to a port and prints "served" or "refused". */
const client = `
    const session = require("node:http2").connect("http://127.0.0.1:" + process.argv[1]);
    const end = (word) => { console.log(word); process.exit(); };
    session.once("remoteSettings", () => end("served"));
    for (const event of ["error", "close"]) session.once(event, () => end("refused"));
`;

describe("the aws provider's port", () => {
    let server: Awaited<ReturnType<typeof serve>>;
    before(async () => {
        server = await serve(new AwsProvider({} as AwsContext), "eu-central-1");
    });
    after(() => server.stop());

    it("serves this user", async () => {
        const provider = new service.ResourceProviderClient(
            `127.0.0.1:${server.port}`,
            grpc.credentials.createInsecure(),
        );
        const info = await new Promise<PluginInfo>((resolve, reject) =>
            provider.getPluginInfo(new empty.Empty(), (error: Error | null, answer: PluginInfo) =>
                error ? reject(error) : resolve(answer),
            ),
        );
        provider.close();
        assert.equal(info.getVersion(), "7.48.0");
    });

    /** Reads the output of a client that a command starts, such as `unshare`. */
    const answerTo = async (before: string[], options: ExecFileOptions): Promise<string> => {
        const [command = "", ...args] = [...before, process.execPath, "-e", client, String(server.port)];
        const { stdout } = await promisify(execFile)(command, args, { ...options, cwd: "/", encoding: "utf8" });
        return stdout.trim();
    };

    it("serves a process of this user, and neither another user's nor one of a container", async function () {
        assert.equal(await answerTo([], {}), "served");
        // Only root may become another user or make a namespace of processes, as containers have.
        if (process.getuid?.() !== 0) return this.skip();
        assert.equal(await answerTo([], { uid: 65534, gid: 65534 }), "refused");
        assert.equal(await answerTo(["unshare", "--pid", "--fork"], {}), "refused");
    });
});
