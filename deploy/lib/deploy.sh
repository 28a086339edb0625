# Functions of the deploy scripts, in POSIX sh with the AWS CLI only. Source it after `set -eu`, with `lib` set to its folder.
# Values come from the stack's output `deployEnv` as environment variables.

# One page of output, and no pager that waits for a key.
export AWS_PAGER=""
# Requests that AWS throttles are tried again.
export AWS_RETRY_MODE="${AWS_RETRY_MODE:-standard}" AWS_MAX_ATTEMPTS="${AWS_MAX_ATTEMPTS:-5}"

# The CLI's first major version knows only the second of these names.
if [ -n "${AWS_REGION:-}" ]; then export AWS_DEFAULT_REGION="$AWS_REGION"; fi

umask 077
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# shellcheck source=lib/messages.sh
. "$lib/messages.sh"
# shellcheck source=lib/checks.sh
. "$lib/checks.sh"
# shellcheck source=lib/aws.sh
. "$lib/aws.sh"
# shellcheck source=lib/image.sh
. "$lib/image.sh"
# shellcheck source=lib/scan.sh
. "$lib/scan.sh"
# shellcheck source=lib/release.sh
. "$lib/release.sh"
