#!/bin/sh
# deploy/lambda.sh [--image REF]
#
# Releases an image on the stack's Lambda function: puts it into the function, publishes a version, calls that version as a
# health check, and moves the alias that callers use. Only then is the release recorded; callers keep the version before when
# anything fails. The release before (see rollback.sh) comes back as the version that it ran as.
#
#   --image REF   repository@sha256:… or sha256:…; otherwise IMAGE_URI
#
# From the stack's output deployEnv: IMAGE_URI, REPOSITORY_URL, IMAGE_TAG_PARAMETER, DEPLOYED_TAG, LAMBDA_FUNCTION, LAMBDA_ALIAS,
# LAMBDA_ARCHITECTURE.
# Also:
#   LAMBDA_HEALTH_CHECK   file with the event that a healthy version answers without an error; no call without it
#   DEPLOY_DEADLINE       seconds that Lambda may take to get an image or a version ready, 900
#   SCAN_LIMIT            severity of findings from which an image is refused, for example HIGH (docs/releases.md); none
#
# Needs the AWS CLI, and credentials of the deploy role. Run again after a crash, it goes on where it was.
# Exit code: 0 released, 1 not released, 2 wrong arguments.
set -eu
lib=$(dirname "$0")/lib
# shellcheck source=lib/deploy.sh
. "$lib/deploy.sh"
# shellcheck source=lib/lambda.sh
. "$lib/lambda.sh"

read_image_argument "$@"
deadline_seconds=${DEPLOY_DEADLINE:-900}

# Everything that is needed is there.
require_commands aws
require_variables REPOSITORY_URL IMAGE_TAG_PARAMETER DEPLOYED_TAG LAMBDA_FUNCTION LAMBDA_ALIAS LAMBDA_ARCHITECTURE
use_image "$image"
begin_release
case $image_media_type in
    *index* | *manifest.list*)
        fail "$image_uri is an index, and Lambda takes an image for one platform only; build it for one, without attestations."
        ;;
esac
if [ -n "${LAMBDA_HEALTH_CHECK:-}" ] && [ ! -r "$LAMBDA_HEALTH_CHECK" ]; then
    fail "LAMBDA_HEALTH_CHECK is \"$LAMBDA_HEALTH_CHECK\", which is no file that can be read."
fi
read_alias
read_function "$live_version"
replaced_digest=$function_digest
[ "$package_type" = Image ] || fail "function $LAMBDA_FUNCTION has code of type $package_type; it has to run an image."

# The version, its health check, and the alias.
wait_until "$deadline_seconds" 2 function_has_settled "\$LATEST" ||
    fail "function $LAMBDA_FUNCTION is being changed by somebody else since $deadline_seconds seconds; let that end, then deploy again."
if [ "$previous_digest" != "$image_digest" ] || ! find_earlier_version; then publish_version; fi
if [ "$wanted_version" = "$live_version" ]; then
    note "alias $LAMBDA_ALIAS names version $live_version already"
else
    check_health
    move_alias
fi
record_release "$replaced_digest"
