import { generateKeyPairSync } from "node:crypto";
import { deployJobSettings } from "../../local/world/deployment/deployJob";
import { signToken, type TokenClaims } from "../../local/aws/gateway/iam/webIdentity";

const { url, existingProviderArn: providerArn, deploySubjects } = deployJobSettings("000000000000").gitlab;

/** Trust policy of a role that lets the deploy job of stack `local` in, as JSON text. */
export const jobTrust = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
        {
            Effect: "Allow",
            Principal: { Federated: providerArn },
            Action: "sts:AssumeRoleWithWebIdentity",
            Condition: {
                StringEquals: { [`${new URL(url).host}:aud`]: url, [`${new URL(url).host}:sub`]: deploySubjects[0] },
            },
        },
    ],
});

/** Makes the claims of that job, which anybody knows. */
export function jobClaims(): TokenClaims {
    const now = Math.floor(Date.now() / 1000);
    return { iss: url, aud: url, sub: deploySubjects[0] ?? "", iat: now, exp: now + 3600 };
}

/** Lists tokens with that job's claims that its world did not sign. @param token one that it did sign */
export function forgedTokens(token: string): [what: string, token: string][] {
    const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
    const unsigned = `${encoded({ alg: "none", typ: "JWT" })}.${encoded(jobClaims())}`;
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    return [
        ["without a signature", `${unsigned}.`],
        ["of two parts", unsigned],
        ["of four parts", `${token}.${encoded(jobClaims())}`],
        ["signed with another key", signToken(jobClaims(), privateKey)],
        ["with the signature of other claims", token.replace(/\..*\./, `.${encoded({ ...jobClaims(), exp: 4e9 })}.`)],
        ["with a part of its signature", token.slice(0, -4)],
        ["that is none", "token"],
        ["that is empty", ""],
    ];
}
