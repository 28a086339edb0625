import { createHash, randomBytes } from "node:crypto";
import type { Principal } from "../iam/principals";
import { StateMap } from "../../stateFile";

/** Validity of a registry token: 12 hours, as ECR's GetAuthorizationToken documents. */
export const tokenLifetimeMilliseconds = 12 * 60 * 60 * 1000;

/** Result of checking a client's credentials. */
export type TokenCheck =
    { state: "valid"; id: string; principal: Principal } | { state: "missing" | "unknown" | "expired" };

interface TokenRecord {
    principal: Principal;
    expiresAt: number;
}

/** Registry tokens, each bound to the caller that asked for it. Only hashes of the secrets are kept. */
export class Tokens {
    private readonly records: StateMap<TokenRecord>;

    /** @param file file in which the tokens survive a restart */
    constructor(file: string) {
        this.records = new StateMap(file);
    }

    /** Makes a token for a caller, as GetAuthorizationToken answers it: base64 of `AWS:<secret>`. @param now milliseconds since the epoch */
    issue(principal: Principal, now: number) {
        const secret = randomBytes(32).toString("hex");
        const expiresAt = now + tokenLifetimeMilliseconds;
        for (const [hash, record] of this.records) if (record.expiresAt <= now) this.records.delete(hash);
        this.records.set(hashOf(secret), { principal, expiresAt });
        return { authorizationToken: Buffer.from(`AWS:${secret}`).toString("base64"), expiresAt };
    }

    /** Checks an Authorization header. @param now milliseconds since the epoch */
    check(authorization: string | undefined, now: number): TokenCheck {
        const encoded = /^basic +(\S+)$/i.exec(authorization ?? "")?.[1];
        if (encoded === undefined) return { state: "missing" };
        const [, user, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, "base64").toString()) ?? [];
        const hash = hashOf(secret ?? "");
        const record = this.records.get(hash);
        if (user !== "AWS" || record === undefined) return { state: "unknown" };
        if (record.expiresAt <= now) return { state: "expired" };
        return { state: "valid", id: hash.slice(0, 8), principal: record.principal };
    }
}

function hashOf(secret: string): string {
    return createHash("sha256").update(secret).digest("hex");
}
