import type { World } from "../../../../local/world/services";
import { forgedTokens } from "../../../support/jobTokens";
import { namedKeyRequests } from "../../aws/ministack/namedKeys";

/** HTTP request that nobody but the administrator may make. */
export interface Knock {
    /** Description of the request. */
    what: string;
    method: "GET" | "POST";
    url: string;
    /** Headers by name; a list is sent as that many headers. @default none */
    headers?: Record<string, string | string[]>;
    /** Body of the request. @default empty */
    body?: string;
}

/** Role that trusts the deploy job. */
export const deployRoleArn = "arn:aws:iam::000000000000:role/deploy";

/**
 * Lists requests to the gateway: unsigned ones, and ones with keys that others know. Further ones have the administrator's key id without a
 * valid signature of it, or tokens that the world did not sign.
 *
 * @param jobToken token that the world did sign
 */
export function knocks(world: World, jobToken: string): Knock[] {
    const target = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "CodeBuild_20161006.StartBuild",
    };
    const body = JSON.stringify({ projectName: "p", buildspecOverride: "version: 0.2\nphases: {}\n" });
    const now = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
    const signed = (key: string, service: string) => ({
        "X-Amz-Date": now,
        Authorization: `AWS4-HMAC-SHA256 Credential=${key}/${now.slice(0, 8)}/us-east-1/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`,
    });
    const url = `${world.endpoint}/`;
    const keys = { "the key test": "test", "an account id": "000000000000", "its key id": world.accessKeyId };
    const presigned = (key: string) =>
        `${url}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${key}%2F${now.slice(0, 8)}%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=${now}&X-Amz-Expires=600&X-Amz-SignedHeaders=host&X-Amz-Signature=${"0".repeat(64)}`;
    return [
        { what: "StartBuild, unsigned", method: "POST", url, headers: target, body },
        { what: "buckets, unsigned", method: "GET", url },
        { what: "users, unsigned", method: "GET", url: `${url}?Action=ListUsers&Version=2010-05-08` },
        ...Object.entries(keys).flatMap(([who, key]): Knock[] => [
            {
                what: `StartBuild with ${who}`,
                method: "POST",
                url,
                headers: { ...target, ...signed(key, "codebuild") },
                body,
            },
            { what: `buckets with ${who}`, method: "GET", url, headers: signed(key, "s3") },
            { what: `buckets by a link of ${who}`, method: "GET", url: presigned(key) },
            {
                what: `functions with ${who}`,
                method: "GET",
                url: `${url}2015-03-31/functions/`,
                headers: signed(key, "lambda"),
            },
        ]),
        { what: "the registry, without a token", method: "GET", url: `${url}v2/` },
        { what: "the registry's list", method: "GET", url: `${url}v2/_catalog`, headers: signed("test", "ecr") },
        ...["traffic", "faults"].map((about): Knock => ({
            what: `the gateway's ${about}`,
            method: "GET",
            url: `${url}_gateway/${about}`,
        })),
        { what: "faults of the registry", method: "POST", url: `${url}_gateway/faults`, body: "[]" },
        { what: "limits of the line", method: "POST", url: `${url}_gateway/limits`, body: "{}" },
        { what: "the emulator's reset", method: "POST", url: `${url}_ministack/reset`, body: "" },
        ...namedKeyRequests(world.accessKeyId).map(({ path, ...request }): Knock => ({
            ...request,
            url: `${world.endpoint}${path}`,
        })),
        ...forgedTokens(jobToken).map(([what, WebIdentityToken]): Knock => ({
            what: `the deploy role by a token ${what}`,
            method: "POST",
            url,
            headers: { "Content-Type": "application/x-www-form-urlencoded" },
            body: new URLSearchParams({
                Action: "AssumeRoleWithWebIdentity",
                Version: "2011-06-15",
                RoleArn: deployRoleArn,
                RoleSessionName: "anybody",
                WebIdentityToken,
            }).toString(),
        })),
    ];
}

/** Renders a script of busybox that tries the gateway and the provider's port; an answer to HTTP/2's first bytes would show it open. */
export function stepScript(knocks: Knock[], providerPort: number): string {
    const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
    const wget = ({ what, method, url, headers = {}, body = "" }: Knock) => {
        const options = Object.entries(headers).flatMap(([name, values]) =>
            [values].flat().map((value) => `--header ${quoted(`${name}: ${value}`)}`),
        );
        if (method === "POST") options.push(`--post-data ${quoted(body)}`);
        return `try ${quoted(what)} /busybox wget -q -O /dev/null ${options.join(" ")} ${quoted(url)}`;
    };
    const origin = new URL(knocks[0]!.url).origin;
    return [
        'try() { what=$1; shift; if "$@"; then echo "in: $what"; else echo "out: $what"; fi >> /results; }',
        "provider() {",
        `    printf 'PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n\\0\\0\\0\\4\\0\\0\\0\\0\\0' | /busybox timeout 5 /busybox nc 127.0.0.1 ${providerPort} > /answer`,
        "    [ -s /answer ]",
        "}",
        wget({ what: "the gateway's health", method: "GET", url: `${origin}/_gateway/health` }),
        ...knocks.map(wget),
        "try 'the aws provider' provider",
        "",
    ].join("\n");
}
