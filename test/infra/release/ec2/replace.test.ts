import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const scripts = path.resolve(__dirname, "../../../../infra/release/ec2/host");

/**
 * Stand-in for docker that notes changes. A container's address is its name's last letter; the file `sick` names containers whose health
 * checks fail.
 */
const docker = `
case "$1" in
    inspect) printf '[{"HostConfig": {"RestartPolicy": {"Name": "unless-stopped"}}, "State": {"Status": "exited"},
        "Config": {"Healthcheck": {"Test": ["CMD", "true"]}},
        "NetworkSettings": {"Networks": {"front": {"IPAddress": "172.20.0.%s"}, "host": {"IPAddress": ""}}}}]' "\${2#c}" ;;
    exec) ! grep -qx "$2" "$HOST/sick" ;;
    logs) ;;
    *) echo "docker $*" >>"$HOST/calls" ;;
esac
`;

const ip = `
echo "ip $*" >>"$HOST/calls"
[ ! -e "$HOST/ip-fails" ]
`;

describe("replacing a container", function () {
    this.timeout(20_000);
    let host: string;

    beforeEach(() => {
        host = fs.mkdtempSync(path.join(os.tmpdir(), "replace-"));
        for (const [name, script] of Object.entries({ docker, ip })) {
            fs.writeFileSync(path.join(host, name), `#!/bin/sh\n${script}`, { mode: 0o755 });
        }
        fs.writeFileSync(path.join(host, "sick"), "");
    });
    afterEach(() => fs.rmSync(host, { recursive: true }));

    function replace(old: string, mode: string) {
        const { status, stdout } = spawnSync("sh", [path.join(scripts, "replace.sh"), old, "c2", mode, "1"], {
            encoding: "utf8",
            env: { PATH: `${host}:${process.env.PATH}`, HOST: host, scripts, work: host },
        });
        return {
            code: status,
            output: stdout,
            calls: fs.readFileSync(path.join(host, "calls"), "utf8").split("\n").slice(0, -1),
        };
    }

    const stop = ["docker update --restart=always c1", "docker stop c1"];
    const start = ["docker start c2", "ip neigh flush to 172.20.0.2 nud all"];

    it("frees the port, starts the new one, and makes the kernel ask anew who has its address", () => {
        const { code, calls } = replace("c1", "swap");
        assert.deepEqual([code, calls], [0, [...stop, ...start, "docker stop c1", "docker rm c1"]]);
    });

    it("leaves the old one alone until the new one is healthy, where both can run", () => {
        const { code, calls } = replace("c1", "beside");
        assert.deepEqual([code, calls], [0, [...start, "docker stop c1", "docker rm c1"]]);
    });

    it("starts the first one in nobody's place", () => {
        const { code, calls } = replace("", "swap");
        assert.deepEqual([code, calls], [0, start]);
    });

    it("goes back to the old one in the same way, with the restart policy that it had", () => {
        fs.writeFileSync(path.join(host, "sick"), "c2\n");
        const { code, calls, output } = replace("c1", "swap");
        const back = [
            "docker rm --force c2",
            "docker start c1",
            "ip neigh flush to 172.20.0.1 nud all",
            "docker update --restart=unless-stopped c1",
        ];
        assert.deepEqual([code, calls], [1, [...stop, ...start, ...back]]);
        assert.match(output, /the old container runs again/);
    });

    it("says so and goes on where the kernel cannot be made to ask anew", () => {
        fs.writeFileSync(path.join(host, "ip-fails"), "");
        const { code, output } = replace("c1", "swap");
        assert.equal(code, 0);
        assert.match(output, /requests may wait for a second: ip could not forget 172\.20\.0\.2 \(above\)/);
    });
});
