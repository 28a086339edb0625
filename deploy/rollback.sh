#!/bin/sh
# deploy/rollback.sh TARGET [ARGUMENT...]
#
# Releases the image of the release before the present one, on TARGET: ec2, ecs or lambda. Run twice, it comes back. Arguments
# are handed to deploy/<TARGET>.sh, which does the same checks as for any other image, apart from SCAN_LIMIT.
set -eu
lib=$(dirname "$0")/lib
# shellcheck source=lib/deploy.sh
. "$lib/deploy.sh"

case ${1:-} in
    --help) print_usage && exit 0 ;;
    "") usage_error "no target; allowed: ec2, ecs, lambda." ;;
    *) target=$1 && shift ;;
esac
script=$(dirname "$0")/$target.sh
[ -f "$script" ] || usage_error "the target is \"$target\"; allowed: ec2, ecs, lambda."

require_commands aws
require_variables REPOSITORY_URL IMAGE_TAG_PARAMETER
use_previous_release
note "going back to $image_uri"
rm -rf "$scratch"
# This image ran before, and the way back stays open whatever scans find in it today.
unset SCAN_LIMIT
exec sh "$script" --image "$image_uri" "$@"
