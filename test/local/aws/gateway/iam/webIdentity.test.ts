import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { AssumeRoleWithWebIdentityCommand } from "@aws-sdk/client-sts";
import { deployJobVariables } from "../../../../../local/world/deployment/deployJob";
import { ensureTokenKey, signToken, tokenKeyFile } from "../../../../../local/aws/gateway/iam/webIdentity";
import { forgedTokens, jobClaims, jobTrust } from "../../../../support/jobTokens";
import { startWorld, type World } from "../world";

const RoleArn = "arn:aws:iam::000000000000:role/deploy";

describe("gateway: tokens of CI jobs", function () {
    this.timeout(60_000);
    let world: World;
    let token: string;

    before(async () => {
        // GIVEN a role that the deploy job may assume, and the job's own token
        world = await startWorld();
        await world.admin.iam.send(new CreateRoleCommand({ RoleName: "deploy", AssumeRolePolicyDocument: jobTrust }));
        const variables = await deployJobVariables(RoleArn, world.state, world.state);
        const file = variables.AWS_WEB_IDENTITY_TOKEN_FILE ?? "";
        assert.equal(fs.statSync(file).mode & 0o777, 0o600);
        token = fs.readFileSync(file, "utf8");
    });
    after(() => world.stop());

    /** Assumes a role by a token; returns the resulting identity. */
    const assume = async (WebIdentityToken: string) => {
        const input = { RoleArn, RoleSessionName: "job", WebIdentityToken };
        return (await world.admin.sts.send(new AssumeRoleWithWebIdentityCommand(input))).AssumedRoleUser?.Arn;
    };

    it("let the job in whose token this world signed", async () => {
        assert.equal(await assume(token), "arn:aws:sts::000000000000:assumed-role/deploy/job");
    });

    it("are refused when this world did not sign them", async () => {
        const message =
            "The web identity token that was passed could not be validated by AWS. " +
            "Get a new identity token from the identity provider and then retry the request.";
        for (const [what, forged] of forgedTokens(token)) {
            await assert.rejects(assume(forged), { name: "InvalidIdentityTokenException", message }, what);
        }
    });

    it("are refused when their time is over", async () => {
        const exp = Math.floor(Date.now() / 1000) - 1;
        await assert.rejects(assume(signToken({ ...jobClaims(), exp }, ensureTokenKey(world.state))), {
            name: "ExpiredTokenException",
        });
    });

    it("open no role that does not trust their subject", async () => {
        const sub = "project_path:somebody/else:ref_type:branch:ref:main";
        await assert.rejects(assume(signToken({ ...jobClaims(), sub }, ensureTokenKey(world.state))), {
            name: "AccessDenied",
        });
    });

    it("are signed with one key, which its owner alone may read", () => {
        assert.ok(ensureTokenKey(world.state).equals(ensureTokenKey(world.state)));
        assert.equal(fs.statSync(path.join(world.state, tokenKeyFile)).mode & 0o777, 0o600);
    });
});
