import type { Statement } from "../../aws/policyDocument";
import { unscopedStatement } from "../../aws/unscopedActions";

/** Tag that selects instances. */
export interface InstanceTag {
    /** Key of the tag. */
    key: string;
    /** Value of the tag. */
    value: string;
}

/** Resources that a deploy to EC2 is bound to. */
export interface Ec2DeployScope {
    /** ARN of the target's document. */
    documentArn: string;
    /** Pattern of the ARNs of the account's instances. */
    instanceArn: string;
    /** Tag of the target's instances. */
    instanceTag: InstanceTag;
}

/**
 * Allows the calls of `deploy/ec2.sh` to Systems Manager: sending the one document to instances with the one tag, and watching its
 * commands. Other documents, AWS-RunShellScript among them, and other instances are out of reach.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command-setting-up.html
 */
export function ec2DeployStatements({ documentArn, instanceArn, instanceTag }: Ec2DeployScope): Statement[] {
    return [
        { Sid: "SendDocument", Action: "ssm:SendCommand", Resource: documentArn },
        {
            Sid: "ReachTaggedInstances",
            Action: "ssm:SendCommand",
            Resource: instanceArn,
            Condition: { StringEquals: { [`ssm:resourceTag/${instanceTag.key}`]: instanceTag.value } },
        },
        unscopedStatement("WatchCommands", [
            "ssm:CancelCommand",
            "ssm:GetCommandInvocation",
            "ssm:ListCommandInvocations",
            "ssm:ListCommands",
        ]),
    ];
}
