/** Request to the emulated AWS. */
export interface AwsRequest {
    /** Description of the request. */
    what: string;
    method: "GET" | "POST";
    /** Path with the query string. */
    path: string;
    /** Headers by name; a list is sent as that many headers. */
    headers: Record<string, string | string[]>;
    /** Body of the request. @default no body */
    body?: string;
}

/**
 * Lists requests that name a key without a valid signature of it, each in a place of its own. With the administrator's key id, which is no
 * secret, none may be served.
 */
export function namedKeyRequests(accessKeyId: string): AwsRequest[] {
    const now = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
    const credential = (service: string) => `${accessKeyId}/${now.slice(0, 8)}/us-east-1/${service}/aws4_request`;
    const inUrl = (service: string, name = "X-Amz-Credential") => `${name}=${encodeURIComponent(credential(service))}`;
    const form = { "Content-Type": "application/x-www-form-urlencoded" };
    const all = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
    const token = { Name: "anybody", Policy: JSON.stringify(all) };
    const getToken = new URLSearchParams({ Action: "GetFederationToken", Version: "2011-06-15", ...token }).toString();
    const unsigned = "/?Action=AssumeRoleWithWebIdentity";
    const link = `X-Amz-Algorithm=AWS4-HMAC-SHA256&${inUrl("s3")}&X-Amz-Date=${now}&X-Amz-SignedHeaders=host`;
    /** Makes two halves of a signature: the first is no whole one, both joined are. */
    const halves = (service: string) => ({
        "X-Amz-Date": now,
        Authorization: ["AWS4-HMAC-SHA256 SignedHeaders=host", `Credential=${credential(service)}, Signature=0`],
    });
    const post = (what: string, path: string, headers: AwsRequest["headers"], body: string): AwsRequest => ({
        what: `a key named in ${what}`,
        method: "POST",
        path,
        headers,
        body,
    });
    return [
        post(
            "the URL, beside an action of the URL and another of the form",
            `${unsigned}&${inUrl("sts")}`,
            form,
            getToken,
        ),
        post("the URL in small letters", `${unsigned}&${inUrl("sts", "x-amz-credential")}`, form, getToken),
        post(
            "the URL, with a form that says to be a text",
            `${unsigned}&${inUrl("sts")}`,
            { "Content-Type": "text/plain" },
            getToken,
        ),
        post(
            "the URL, beside an action of the URL and another of the header X-Amz-Target",
            `${unsigned}&${inUrl("sts")}`,
            {
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": "AWSSecurityTokenServiceV20110615.GetFederationToken",
            },
            JSON.stringify(token),
        ),
        post("the second of two headers, beside an unsigned action", unsigned, { ...form, ...halves("sts") }, getToken),
        post("the second of two headers", "/", { ...form, ...halves("iam") }, "Action=ListUsers&Version=2010-05-08"),
        post(
            "a link to a path of its own of S3",
            `/v20180820/tags/arn:aws:s3:::anybody?${link}&X-Amz-Signature=${"0".repeat(64)}`,
            { "Content-Type": "application/json" },
            JSON.stringify({ Tags: [{ Key: "by", Value: "anybody" }] }),
        ),
        post("the old way", `/?AWSAccessKeyId=${accessKeyId}`, form, "Action=ListUsers&Version=2010-05-08"),
        post("a form", "/", form, `Action=ListUsers&Version=2010-05-08&${inUrl("iam")}&AWSAccessKeyId=${accessKeyId}`),
    ];
}
