import * as assert from "node:assert/strict";
import { refuseAmbiguous } from "../../../../../local/aws/gateway/call/ambiguity";
import type { ApiRequest } from "../../../../../local/aws/gateway/call/apiRequest";
import { identify } from "../../../../../local/aws/gateway/call/identify";

const form = "application/x-www-form-urlencoded";
const json = "application/x-amz-json-1.1";
const putImage = "AmazonEC2ContainerRegistry_V20150921.PutImage";

/** Makes a request that is signed for a service. */
function signed(service: string, request: Partial<Omit<ApiRequest, "body">> & { body?: string }): ApiRequest {
    const body = Buffer.from(request.body ?? "");
    const authorization = `AWS4-HMAC-SHA256 Credential=AKIAX/20261121/us-east-1/${service}/aws4_request, Signature=0`;
    const length = body.length > 0 ? { "content-length": [String(body.length)] } : {};
    return {
        method: "POST",
        url: "/",
        ...request,
        headers: { authorization: [authorization], ...length, ...request.headers },
        body,
    };
}

const target = (value: string, ...more: string[]) => ({ "content-type": [json], "x-amz-target": [value, ...more] });
const ofForm = { "content-type": [`${form}; charset=utf-8`] };
const gzip = { "content-encoding": ["gzip"] };

const taken: Record<string, ApiRequest> = {
    "a JSON call": signed("ecr", { headers: target(putImage), body: '{"repositoryName":"app"}' }),
    "a JSON call without members": signed("ecr", { headers: target(putImage), body: " {}\n" }),
    "a JSON call without a body": signed("ecr", { headers: target(putImage) }),
    "a form": signed("iam", { headers: ofForm, body: "Action=ListUsers&Version=2010-05-08" }),
    "parameters in the URL": signed("sts", { method: "GET", url: "/?Action=GetCallerIdentity" }),
    "an object": signed("s3", { method: "PUT", url: "/bucket/key?x-id=PutObject", body: "Action=GetObject" }),
    "an object that is compressed": signed("s3", { method: "PUT", url: "/bucket/key", headers: gzip, body: "-" }),
    "a function": signed("lambda", { url: "/2015-03-31/functions/", body: "{}" }),
};

const jsonSentence = (service: string) =>
    `This is no call of ${service}: its calls are JSON objects in a POST to /, and the header X-Amz-Target alone names the operation.`;
const formSentence = (service: string) =>
    `This is no call of ${service}: its calls have each parameter once, all in a form or all in the URL, and one of them is Action.`;
const pathSentence = (service: string) =>
    `This is no call of ${service}: method and path name its operations, not X-Amz-Target, Action or a form.`;
const inUrl = (name: string) => `The URL has ${name}; sign in the header Authorization, the only place looked at.`;
const twice = (name: string) => `The header ${name} is there more than once; send it once.`;

const refused: [what: string, request: ApiRequest, message: string][] = [
    [
        "an action in the URL and one in the form",
        signed("sts", { url: "/?Action=GetCallerIdentity", headers: ofForm, body: "Action=AssumeRole" }),
        formSentence("sts"),
    ],
    [
        "a role in the URL and one in the form",
        signed("sts", { url: "/?RoleArn=a", headers: ofForm, body: "Action=AssumeRole&RoleArn=b" }),
        formSentence("sts"),
    ],
    [
        "two actions",
        signed("iam", { headers: ofForm, body: "Action=ListUsers&Action=CreateUser" }),
        formSentence("iam"),
    ],
    [
        "a parameter that is there twice, empty and with a value, of which the emulator drops the empty one",
        signed("sts", { headers: ofForm, body: "Action=AssumeRole&RoleArn=&RoleArn=arn:aws:iam::000000000000:role/a" }),
        formSentence("sts"),
    ],
    ["no action", signed("iam", { headers: ofForm, body: "UserName=a" }), formSentence("iam")],
    [
        "an action in the URL, and a body of another type",
        signed("iam", {
            url: "/?Action=ListUsers",
            headers: { "content-type": ["text/plain"] },
            body: "Action=CreateUser",
        }),
        formSentence("iam"),
    ],
    [
        "an action in the URL, and a body of unknown length",
        signed("iam", { url: "/?Action=ListUsers", headers: { "transfer-encoding": ["chunked"] } }),
        formSentence("iam"),
    ],
    [
        "a form in another method",
        signed("ec2", { method: "PUT", headers: ofForm, body: "Action=A" }),
        formSentence("ec2"),
    ],
    ["a form below a path", signed("ec2", { url: "/a", headers: ofForm, body: "Action=A" }), formSentence("ec2")],
    ["a compressed form", signed("sts", { headers: { ...ofForm, ...gzip }, body: "Action=A" }), formSentence("sts")],
    [
        "an action and a target",
        signed("iam", { headers: { ...ofForm, "x-amz-target": ["A.CreateUser"] }, body: "Action=ListUsers" }),
        formSentence("iam"),
    ],
    ["no target", signed("ssm", { body: "{}" }), jsonSentence("ssm")],
    ["a target of another service", signed("ssm", { headers: target(putImage), body: "{}" }), jsonSentence("ssm")],
    ["a target and a query", signed("ecr", { url: "/?Action=A", headers: target(putImage) }), jsonSentence("ecr")],
    ["a target and a path", signed("ecr", { url: "/clusters", headers: target(putImage) }), jsonSentence("ecr")],
    ["a target and no POST", signed("ecr", { method: "OPTIONS", headers: target(putImage) }), jsonSentence("ecr")],
    [
        "a target and a form",
        signed("ecr", { headers: { ...target(putImage), ...ofForm }, body: "Action=A" }),
        jsonSentence("ecr"),
    ],
    ["a target and no JSON", signed("ecr", { headers: target(putImage), body: '{"a":NaN}' }), jsonSentence("ecr")],
    [
        "compressed JSON",
        signed("ecr", { headers: { ...target(putImage), ...gzip }, body: '{"repositoryName":"app"}' }),
        jsonSentence("ecr"),
    ],
    ["an object with an action", signed("s3", { method: "PUT", url: "/b/k?Action=GetObject" }), pathSentence("s3")],
    [
        "an object with a target",
        signed("s3", { method: "PUT", url: "/b/k", headers: { "x-amz-target": ["S3.GetObject"] } }),
        pathSentence("s3"),
    ],
    [
        "an object that is a form",
        signed("s3", { method: "PUT", url: "/b/k", headers: ofForm, body: "Action=GetObject" }),
        pathSentence("s3"),
    ],
    ["a function with an action", signed("lambda", { url: "/2015-03-31/functions?Action=A" }), pathSentence("lambda")],
    [
        "a service that is not there",
        signed("sns", { headers: ofForm, body: "Action=A" }),
        'The offline world does not serve "sns".',
    ],
    ["two keys", signed("s3", { headers: { authorization: ["AWS4-HMAC-SHA256 a", "b"] } }), twice("authorization")],
    ["two targets", signed("ecr", { headers: target(putImage, putImage) }), twice("x-amz-target")],
    ["two types", signed("s3", { headers: { "content-type": ["text/plain", form] } }), twice("content-type")],
    ...[
        "X-Amz-Credential",
        "x-amz-credential",
        "X-Amz-Algorithm",
        "X-Amz-Signature",
        "AWSAccessKeyId",
        "Signature",
    ].map((name): [string, ApiRequest, string] => [
        `${name} in the URL`,
        signed("s3", { method: "GET", url: `/b/k?a=b&${name}=c` }),
        inUrl(name),
    ]),
];

describe("gateway: requests with two meanings", () => {
    const refusal = (request: ApiRequest) => refuseAmbiguous(request, identify(request, "us-east-1"));

    for (const [what, request] of Object.entries(taken)) {
        it(`takes ${what}`, () => assert.equal(refusal(request), undefined));
    }
    for (const [what, request, message] of refused) {
        it(`refuses ${what}`, () => {
            const answer = refusal(request);
            assert.equal(answer?.status, 403);
            const text = answer.body.toString().replaceAll("&quot;", '"');
            assert.ok(text.includes(message), text);
        });
    }
});
