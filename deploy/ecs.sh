#!/bin/sh
# deploy/ecs.sh [--image REF]
#
# Releases an image on the stack's ECS service. The declared task definition with this image goes to the service; when its tasks
# pass their health checks, the release is recorded. When they do not, the service returns to what it ran before, the reasons
# are shown, and nothing is recorded. The release before (see rollback.sh) comes back as the revision that it ran as.
#
#   --image REF   repository@sha256:… or sha256:…; otherwise IMAGE_URI
#
# From the stack's output deployEnv: IMAGE_URI, REPOSITORY_URL, IMAGE_TAG_PARAMETER, DEPLOYED_TAG, ECS_CLUSTER, ECS_SERVICE,
# ECS_CONTAINER, ECS_TASK_DEFINITION. Also:
#   DEPLOY_DEADLINE   seconds that a rollout may take, 900
#   SCAN_LIMIT        severity of findings from which an image is refused, for example HIGH (docs/releases.md); none
#
# Needs the AWS CLI, and credentials of the deploy role. Run again after a crash, it goes on where it was.
# Exit code: 0 released, 1 not released, 2 wrong arguments.
set -eu
lib=$(dirname "$0")/lib
# shellcheck source=lib/deploy.sh
. "$lib/deploy.sh"
# shellcheck source=lib/ecs.sh
. "$lib/ecs.sh"

read_image_argument "$@"
deadline_seconds=${DEPLOY_DEADLINE:-900}

# Everything that is needed is there.
require_commands aws
require_variables REPOSITORY_URL IMAGE_TAG_PARAMETER DEPLOYED_TAG ECS_CLUSTER ECS_SERVICE ECS_CONTAINER ECS_TASK_DEFINITION
use_image "$image"
begin_release
read_service
read_definition "$running_definition" "name=='$running_container'" ||
    fail "task definition $running_definition, which runs, has no container \"$running_container\"${aws_error:+: $aws_error}."
running_image=$definition_image
if [ "$running_state" = IN_PROGRESS ] && [ "$running_image" != "$image_uri" ]; then
    fail "the service is being moved to $running_image; let that end, then deploy again."
fi

# The rollout, or the one that an interrupted run has started.
previous_definition=$running_definition replaced_digest=sha256:${running_image##*sha256:}
if [ "$previous_digest" != "$image_digest" ] || ! find_earlier_definition; then choose_definition; fi
if [ "$running_definition" = "$wanted_definition" ]; then
    deployment_id=$running_id previous_definition=$older_definition
    note "the service has $wanted_definition already ($running_state)"
else
    note "moving the service from $running_definition to $wanted_definition"
    start_rollout "$wanted_definition"
fi
if ! wait_until "$deadline_seconds" 2 rollout_ended; then
    rollout_reason="it did not end within $deadline_seconds seconds"
fi
if [ "$rollout" != completed ]; then
    show_reasons
    return_to "$previous_definition"
    fail "the rollout of $image_uri failed: ${rollout_reason%.}. The release record was not changed."
fi

# Checks that the wanted definition runs: a stable service may run another one.
read_service
[ "$running_definition" = "$wanted_definition" ] ||
    fail "the service runs $running_definition instead of $wanted_definition; another deploy moved it. The release record was not changed."
record_release "$replaced_digest"
