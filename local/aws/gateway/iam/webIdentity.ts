import { createPrivateKey, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import * as path from "node:path";
import { apiError } from "../call/apiError";
import type { ApiCall } from "../call/apiRequest";
import type { Answer } from "../http/messages";
import { StateFile } from "../../stateFile";

/** Name of the file, in the gateway's state folder, with the key that signs tokens; its owner alone may read it. */
export const tokenKeyFile = "token-key.json";

/** Claims of a token that identifies a CI job (RFC 7519). */
export interface TokenClaims {
    /** URL of the issuer. */
    iss: string;
    /** Audience. */
    aud: string;
    /** Subject: the job, in the issuer's notation. */
    sub: string;
    /** Time of issue, in seconds since the epoch. */
    iat: number;
    /** End of the validity, in seconds since the epoch. */
    exp: number;
}

/** Encoding of ES256 signatures (RFC 7518, 3.4). */
const encoding = { dsaEncoding: "ieee-p1363" } as const;

/** Reads the key of this world's only issuer of tokens from the gateway's state folder; makes one when there is none. */
export function ensureTokenKey(stateDirectory: string): KeyObject {
    const file = new StateFile<string>(path.join(stateDirectory, tokenKeyFile));
    const known = file.read("");
    if (known !== "") return createPrivateKey(known);
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    file.write(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
    return privateKey;
}

/** Makes the token of a job. */
export function signToken(claims: TokenClaims, key: KeyObject): string {
    const [header, payload] = [{ alg: "ES256", typ: "JWT" }, claims].map((part) =>
        Buffer.from(JSON.stringify(part)).toString("base64url"),
    );
    const signature = sign("sha256", Buffer.from(`${header}.${payload}`), { key, ...encoding });
    return `${header}.${payload}.${signature.toString("base64url")}`;
}

/**
 * Refuses AssumeRoleWithWebIdentity with an expired token or one that the key did not sign. The emulator reads issuer, subject and audience
 * of any token and checks no signature. Undefined: not refused.
 *
 * @param now seconds since the epoch
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export function refuseToken(call: ApiCall, key: KeyObject, now: number): Answer | undefined {
    if (call.action !== "sts:AssumeRoleWithWebIdentity") return undefined;
    const [header = "", payload = "", signature = "", ...more] = (call.parameters.get("WebIdentityToken") ?? "").split(
        ".",
    );
    const signed = Buffer.from(`${header}.${payload}`);
    if (more.length > 0 || !verify("sha256", signed, { key, ...encoding }, Buffer.from(signature, "base64url"))) {
        return refusal(call, "InvalidIdentityToken", "could not be validated by AWS");
    }
    const { exp } = JSON.parse(Buffer.from(payload, "base64url").toString()) as TokenClaims;
    return exp > now ? undefined : refusal(call, "ExpiredTokenException", "is expired or is not valid");
}

function refusal(call: ApiCall, code: string, what: string): Answer {
    const advice = "Get a new identity token from the identity provider and then retry the request.";
    return apiError(call, 400, code, `The web identity token that was passed ${what}. ${advice}`);
}
