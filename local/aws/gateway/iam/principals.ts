import { accountId } from "../../ministack/account";
import type { ApiCall } from "../call/apiRequest";
import { StateMap } from "../../stateFile";

/** Identity that makes a request. */
export interface Principal {
    /** ARN of a user, an assumed role session or the account root; "anonymous" or "unknown" where there is none. */
    arn: string;
    /** Policy documents passed at AssumeRole, which limit the session. @default none */
    sessionPolicies?: string[];
    /** ARNs of managed policies passed at AssumeRole, which limit the session. @default none */
    sessionPolicyArns?: string[];
}

/** Root of the account: the emulator's administrator. */
const administrator: Principal = { arn: `arn:aws:iam::${accountId}:root` };

const anonymous: Principal = { arn: "anonymous" };
const unknown: Principal = { arn: "unknown" };

/** Tells whether IAM policies do not apply to a principal. */
export function isRoot(principal: Principal): boolean {
    return principal.arn.endsWith(":root");
}

type Reader = (answer: string, call: ApiCall, caller: Principal) => Principal;

const assumedRole: Reader = (answer, call) => ({
    arn: required(answer, "Arn"),
    sessionPolicies: call.parameters.getAll("Policy"),
    sessionPolicyArns: [...call.parameters]
        .filter(([name]) => /^PolicyArns\.member\.\d+\.arn$/.test(name))
        .map(([, arn]) => arn),
});

/** Readers that find the owner of an answer's credentials, by the action that was answered. */
const readers: Partial<Record<string, Reader>> = {
    "sts:AssumeRole": assumedRole,
    "sts:AssumeRoleWithWebIdentity": assumedRole,
    "sts:GetSessionToken": (_answer, _call, caller) => caller,
    "iam:CreateAccessKey": (answer) => ({ arn: `arn:aws:iam::${accountId}:user/${required(answer, "UserName")}` }),
};

/** Tells whether the answer to an action holds credentials. */
export function issuesCredentials(action: string | null): boolean {
    return action !== null && readers[action] !== undefined;
}

/** Principals by access key, learned from the answers that pass through. Secrets are not kept. */
export class Principals {
    private readonly byAccessKey: StateMap<Principal>;

    /** @param file file in which the table survives a restart */
    constructor(
        file: string,
        private readonly administratorAccessKeyId: string,
    ) {
        this.byAccessKey = new StateMap(file);
    }

    /** Finds the principal of an access key; no key means the anonymous one. */
    of(accessKeyId: string | undefined): Principal {
        if (accessKeyId === undefined) return anonymous;
        if (accessKeyId === this.administratorAccessKeyId) return administrator;
        return this.byAccessKey.get(accessKeyId) ?? unknown;
    }

    /**
     * Records the access key in a successful answer of STS or IAM (query protocol, XML).
     *
     * @throws Error when the answer lacks a field that AWS's API always returns
     */
    learn(call: ApiCall, answer: string): void {
        const reader = readers[call.action ?? ""];
        if (reader === undefined) return;
        const principal = reader(answer, call, this.of(call.accessKeyId));
        this.byAccessKey.set(required(answer, "AccessKeyId"), principal);
    }
}

function required(xml: string, name: string): string {
    const value = new RegExp(`<${name}>([^<]+)</${name}>`).exec(xml)?.[1];
    if (value === undefined) throw new Error(`The emulator's answer has no <${name}>; its API has changed.`);
    return value;
}
