/**
 * The only actions that a policy of this project may allow on every resource, each with the reason. A test holds all policies
 * against this list.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/
 */
export const unscopedActions = {
    "ecr:GetAuthorizationToken": "the token is one for the whole registry; AWS knows no resource for this action",
} as const;
