#!/bin/sh
# deploy/live.sh
#
# Prints the image that an environment released last, `repository@sha256:…`, as the only line of standard output; nothing where there
# was no release yet.
#
# Needs the AWS CLI and the lines of the stack's output deployEnv as environment variables.
set -eu
lib=$(dirname "$0")/lib
# shellcheck source=lib/deploy.sh
. "$lib/deploy.sh"

case ${1:-} in
    "") ;;
    --help) print_usage && exit 0 ;;
    *) usage_error "unknown argument \"$1\"." ;;
esac

require_commands aws
require_variables REPOSITORY_URL IMAGE_TAG_PARAMETER
read_record
[ -z "$live_digest" ] || note "$REPOSITORY_URL@$live_digest"
