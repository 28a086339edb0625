/** Addresses at which a build step looks for things that it must not reach. */
export interface ProbeTargets {
    /** Host and port of the gateway. */
    gateway: string;
    /** Ports of the services of the offline world; no other services are contacted. */
    ports: number[];
}

/** Attempt of a RUN step; the command's output is the loot. */
export interface Probe {
    what: string;
    /** Shell commands of busybox; they print text only if they get forbidden data. */
    command: string;
}

/** Makes a signature that nothing checks, of a key that emulators take for the administrator's. */
function unsigned(key: string): string {
    const scope = `${key}/20260101/us-east-1/iam/aws4_request`;
    return `Authorization: AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${"0".repeat(64)}`;
}

/** Makes a command that prints the answers of any port that contain a word. @param get arguments of wget, with the port as $port */
function fromAnyPort(ports: string, get: string, word: string): string {
    return `for port in ${ports}; do wget -q -T 2 -O - ${get} 2> /dev/null | grep -m 1 '${word}'; done`;
}

/** Lists the probes of one step. */
export function probes({ gateway, ports }: ProbeTargets): Probe[] {
    const services = ports.join(" ");
    const identity = (key: string) =>
        fromAnyPort(
            services,
            `--header '${unsigned(key)}' --post-data 'Action=ListUsers&Version=2010-05-08' http://127.0.0.1:$port/`,
            "ListUsersResult",
        );
    return [
        { what: "asks the container's address for credentials", command: "fetch http://169.254.170.2/" },
        {
            what: "asks the container's address for credentials by the path of its environment",
            command: 'fetch "http://169.254.170.2$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"',
        },
        { what: "finds AWS's variables in its environment", command: "env | grep '^AWS_'" },
        { what: "finds the build's variables in its environment", command: "env | grep '^CODEBUILD_'" },
        {
            what: "finds them in the environment of other processes",
            command: "cat /proc/[0-9]*/environ 2> /dev/null | tr '\\0' '\\n' | grep -E '^(AWS_|CODEBUILD_|PULUMI_)'",
        },
        { what: "sees processes of the host", command: "ls /proc | grep -E '^[0-9]{1,7}$' | sed '1,12d'" },
        {
            what: "asks every local port for credentials",
            command: fromAnyPort("$(ports)", "http://127.0.0.1:$port/credentials", "AccessKeyId"),
        },
        { what: "asks the services of this machine as the emulator's administrator", command: identity("test") },
        { what: "asks the services of this machine as the account's root", command: identity("000000000000") },
        {
            what: "asks the services of this machine for the emulator's state",
            command: fromAnyPort(services, "http://127.0.0.1:$port/_ministack/config", "{"),
        },
        {
            what: "slows the host's registry down",
            command: `wget -q -T 2 -O - --post-data '{}' http://${gateway}/_gateway/limits && echo set`,
        },
        {
            what: "makes the host's registry fail",
            command: `wget -q -T 2 -O - --post-data '[]' http://${gateway}/_gateway/faults && echo set`,
        },
        { what: "lists the host's registry", command: `fetch http://${gateway}/v2/_catalog` },
        { what: "finds Docker's or BuildKit's socket", command: "find / -xdev -type s 2> /dev/null" },
        { what: "reads a build secret", command: "cat /run/secrets/* 2> /dev/null" },
        { what: "uses the host's SSH agent", command: 'test -S "$SSH_AUTH_SOCK" && echo "$SSH_AUTH_SOCK"' },
        { what: "reads a file of the host by a link of the context", command: "grep secret /context/link" },
        { what: "mounts a file system", command: "mkdir -p /m && mount -t tmpfs none /m 2> /dev/null && echo mounted" },
        {
            what: "writes to the kernel",
            command: "echo x 2> /dev/null > /proc/sys/kernel/core_pattern && echo written",
        },
    ];
}

/** Probe that always finds its loot, which shows that the log has the probes' output. */
export const foundProbe: Probe = { what: "finds what is there", command: "echo found 12" };

/** Renders the Dockerfile whose step makes all probes; it ends successfully whatever they find. */
export function probingDockerfile(list: Probe[]): string {
    const lines = list.map(
        ({ what, command }, index) =>
            `loot=$(${command}) || true; printf 'LOOT %s %s\\n' '${index}' "$(printf '%s' "$loot" | head -c 200 | tr -c ' -~' ' ')" # ${what}`,
    );
    return [
        "ARG BASE_REGISTRY",
        "FROM ${BASE_REGISTRY}/busybox:1.37-musl",
        "COPY . /context/",
        "RUN --mount=type=secret,id=token --mount=type=ssh <<'END'",
        'fetch() { wget -q -T 2 -O - "$@" 2> /dev/null; }',
        "# Ports of this machine's loopback that something listens at, in /proc/net/tcp.",
        'ports() { awk \'$4 == "0A" { split($2, a, ":"); print a[2] }\' /proc/net/tcp | sort -u | while read -r hex; do echo $((0x$hex)); done; }',
        ...lines,
        "END",
        "",
    ].join("\n");
}

/** Reads the step's loot from a log, by probe. */
export function lootIn(log: string, list: Probe[]): Map<string, string> {
    const found = [...log.matchAll(/LOOT (\d+) ?(.*)$/gm)].map(
        ([, index, loot]) => [list[Number(index)]!.what, loot!.trim()] as const,
    );
    return new Map(found);
}
