import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { ensureContainerTools } from "../../../../local/world/toolchain";
import { type FakeMachine, makeFakeMachine } from "./fakeMachine";
import { writeScript } from "./temporaryFolder";

const goBuilds = [
    "go build github.com/docker/docker/cmd/dockerd",
    "go build github.com/docker/docker/cmd/docker-proxy",
    "go build github.com/docker/compose/v2/cmd",
];

/** Makes an apt-get that knows the packages of the machine's own release and of another one. @param later commands of the latter's update */
const aptGet = (later: string) => [
    'if [ "$1" = indextargets ]; then echo "stable main http://mirror.example/debian/"; exit; fi',
    'config="$2"; shift 4',
    'case "$config:$1" in',
    '  */apt-own/apt.conf:*) echo "apt-get own $*" >> "$CALLS" ;;',
    '  *) echo "apt-get $*" >> "$CALLS" ;;',
    "esac",
    'case "$config:$1" in',
    `  */apt-trixie/apt.conf:update) ${later} ;;`,
    '  *:download | *:install) for last in "$@"; do case "$last" in -* | install | download) ;; *) : > "$last.deb" ;; esac; done ;;',
    "esac",
];

/** Makes a dpkg-deb that unpacks programs which print this version. */
const dpkgDeb = (version: string) => [
    'name="${2##*/}"; root="$3"',
    'program() { mkdir -p "$root/${1%/*}"; printf \'#!/bin/sh\\n%s\\n\' "$2" > "$root/$1"; chmod +x "$root/$1"; }',
    'case "$name" in',
    `  docker.io.deb) program usr/sbin/dockerd "${version}"; program usr/sbin/docker-proxy "${version}" ;;`,
    `  docker-cli.deb) program usr/bin/docker "${version}" ;;`,
    '  tini.deb) program usr/bin/docker-init "echo tini version 0.19.0" ;;',
    '  containerd.deb) program usr/bin/containerd "echo 1.7.24" ;;',
    '  docker-compose.deb) program usr/bin/docker-compose "echo 2.26.1" ;;',
    '  iptables.deb) program usr/sbin/iptables-nft "echo 1.8.9"; mkdir -p "$root/usr/lib/x86_64-linux-gnu" ;;',
    "esac",
];

describe("ensureContainerTools", function () {
    this.timeout(60_000);
    let machine: FakeMachine;
    let reports: string[];
    const ensure = () => ensureContainerTools((message) => reports.push(message), undefined, machine.folders);
    const calls = async (command: string) => (await machine.calls()).filter((call) => call.startsWith(command));
    const debian = (...names: string[]) => path.join(machine.folders.toolsDirectory, "debian", ...names);
    const prepare = async ({ later = "", version = "echo 26.1.5" } = {}) => {
        await writeScript(path.join(machine.bin, "apt-get"), ...aptGet(later));
        await writeScript(path.join(machine.bin, "dpkg-deb"), ...dpkgDeb(version));
    };

    beforeEach(async () => {
        machine = await makeFakeMachine();
        reports = [];
    });
    afterEach(() => machine.dispose());

    it("takes Docker and compose from another release of Debian, alone, and says in which versions", async () => {
        await prepare();
        const tools = await ensure();
        assert.equal(tools.dockerd, debian("docker/usr/sbin/dockerd"));
        assert.equal(tools.docker, debian("docker/usr/bin/docker"));
        assert.equal(tools.dockerCompose, debian("docker/usr/bin/docker-compose"));
        assert.deepEqual(tools.folders.slice(0, 3), [debian("docker/usr/bin"), debian("docker/usr/sbin"), machine.bin]);
        assert.deepEqual(await calls("apt-get download"), [
            "apt-get download docker.io docker-cli containerd tini docker-compose",
        ]);
        assert.deepEqual(await calls("go build"), []);
        assert.ok(
            reports.includes(
                "Debian trixie: dockerd 26.1.5 (23.0.0 or later), docker-proxy 26.1.5 (23.0.0 or later), docker 26.1.5 (20.10.0 or later), containerd 1.7.24 (1.4.0 or later), docker-init 0.19.0 (0.18.0 or later), docker-compose 2.26.1 (2.20.0 or later)",
            ),
            reports.join("\n"),
        );
    });

    it("does nothing the second time", async () => {
        await prepare();
        const first = await ensure();
        const before = await machine.calls();
        assert.deepEqual(await ensure(), first);
        assert.deepEqual(await machine.calls(), before);
    });

    const fallbacks: [string, { later?: string; version?: string }, RegExp][] = [
        [
            "whose signature is not valid",
            { later: "echo 'E: The repository is not signed.' >&2; exit 100" },
            /^Docker is built, as Debian trixie does not give it: .*The repository is not signed\.$/,
        ],
        [
            "that the mirror does not have",
            { later: "echo 'E: The repository does not have a Release file.' >&2; exit 100" },
            /^Docker is built, as Debian trixie does not give it: .*does not have a Release file\.$/,
        ],
        [
            "whose programs do not run",
            { version: "exit 1" },
            /^Docker is built, as Debian trixie does not give it: .*does not run or has the wrong version/,
        ],
        [
            "whose programs are too old",
            { version: "echo 20.10.24" },
            /^Docker is built, as Debian trixie does not give it: .*does not run or has the wrong version/,
        ],
    ];
    for (const [what, release, report] of fallbacks) {
        it(`builds Docker and compose instead of a release ${what}`, async () => {
            await prepare(release);
            const tools = await ensure();
            const { toolsDirectory } = machine.folders;
            assert.deepEqual(tools, {
                dockerd: path.join(toolsDirectory, "bin/dockerd"),
                docker: debian("docker-own/usr/bin/docker"),
                dockerCompose: path.join(toolsDirectory, "bin/docker-compose"),
                environment: {
                    LD_LIBRARY_PATH: debian("docker-own/usr/lib/x86_64-linux-gnu"),
                    XTABLES_LIBDIR: debian("docker-own/usr/lib/x86_64-linux-gnu/xtables"),
                },
                folders: [
                    path.join(toolsDirectory, "bin"),
                    debian("docker-own/usr/bin"),
                    debian("docker-own/usr/sbin"),
                ],
            });
            assert.equal(await fs.readlink(debian("docker-own/usr/sbin/iptables")), "iptables-nft");
            assert.deepEqual(await calls("go build"), goBuilds);
            assert.deepEqual(await calls("apt-get own install"), [
                "apt-get own install --download-only --reinstall --no-install-recommends docker.io iptables",
            ]);
            assert.equal(reports.filter((line) => report.test(line)).length, 1, reports.join("\n"));
        });
    }

    it("takes what the machine has in versions that do, and fetches nothing", async () => {
        await prepare();
        for (const [name, version] of [
            ["dockerd", "23.0.0"],
            ["docker", "20.10.0"],
            ["docker-compose", "2.20.0"],
        ]) {
            await writeScript(path.join(machine.bin, name!), `echo ${version}`);
        }
        assert.deepEqual(await ensure(), {
            dockerd: path.join(machine.bin, "dockerd"),
            docker: path.join(machine.bin, "docker"),
            dockerCompose: path.join(machine.bin, "docker-compose"),
            environment: {},
            folders: [],
        });
        assert.deepEqual(await calls("apt-get"), []);
        assert.deepEqual(await calls("go build"), []);
    });
});
