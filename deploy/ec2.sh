#!/bin/sh
# deploy/ec2.sh [--image REFERENCE]
#
# Releases an image on the EC2 instances of an Ec2Target, through its SSM document: one instance after the other, each with a
# health check; a failed one keeps its old container, the others get theirs back, and the exit code is 1. A release that passed
# is recorded in IMAGE_TAG_PARAMETER.
#
#   --image REFERENCE  repository@sha256:… or sha256:…; default IMAGE_URI
#
# Needs the AWS CLI and the lines of the stack's output deployEnv as environment variables. DEPLOY_DEADLINE is how many seconds
# the whole command may take; default 1800. SCAN_LIMIT, for example HIGH, is the severity of findings from which an image is refused
# (docs/releases.md); default: none.
set -eu
lib=$(dirname "$0")/lib
# shellcheck source=lib/deploy.sh
. "$lib/deploy.sh"
# shellcheck source=lib/command.sh
. "$lib/command.sh"

read_image_argument "$@"

require_commands aws
require_variables REPOSITORY_URL IMAGE_TAG_PARAMETER DEPLOYED_TAG DEPLOY_DOCUMENT DEPLOY_TARGETS
[ -n "$image" ] || usage_error "no image: give --image, or set IMAGE_URI."
use_image "$image"
begin_release

note "deploying $image_uri"
send_command "$image_digest" 0 --targets "$DEPLOY_TARGETS"
# The inputs of the record are requested while the instances work, its present state with the last questions about them.
is_recorded || fetch_manifests "$image_digest" "$live_at_start"
if watch_command "$(is_recorded || echo request_present_record)"; then
    record_release "$(replaced_digest)" "$scratch/request_present_record/answer"
    exit 0
fi

# Instances that were updated before another one failed go back, so that all run the same.
updated=$(instances_with Success)
if [ -n "$updated" ] && [ -n "$live_at_start" ] && [ "$live_at_start" != "$image_digest" ]; then
    note "back to $live_at_start on $updated"
    send_command "$live_at_start" 100% --targets "Key=InstanceIds,Values=$updated"
    watch_command ||
        fail "$image_digest was not released, and going back failed on some instances (above); they do not run the same."
fi
fail "$image_digest was not released; the record was not changed."
