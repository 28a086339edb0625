#!/bin/sh
# deploy/promote.sh --from PARAMETER [--image REFERENCE] [--to REPOSITORY_URL] [--unreleased]
#
# Hands an image that one environment released to another one, without a build, and prints what to deploy there:
# `repository@sha256:…` as the last line of standard output.
#
#   --from PARAMETER     the release parameter of the environment that released it
#   --image REFERENCE    repository@sha256:… or sha256:…; default: what that environment released last
#   --to REPOSITORY_URL  copy the manifest and its layers to this repository, also of another account; default: stays where it is
#   --unreleased         also take an image that was never released there
#
# REPOSITORY_URL is the repository the image is in. Copying needs docker buildx, logged in to both registries.
set -eu
lib=$(dirname "$0")/lib
# shellcheck source=lib/deploy.sh
. "$lib/deploy.sh"

# buildx ARGUMENT... - Docker's plugin, or buildx alone.
buildx() {
    if command -v docker-buildx >/dev/null; then docker-buildx "$@"; else docker buildx "$@"; fi
}

image='' from='' to='' unreleased=''
while [ $# -gt 0 ]; do
    case $1 in
        --from) require_argument "$1" $# && from=$2 && shift 2 ;;
        --image) require_argument "$1" $# && image=$2 && shift 2 ;;
        --to) require_argument "$1" $# && to=$2 && shift 2 ;;
        --unreleased) unreleased=yes && shift ;;
        --help) print_usage && exit 0 ;;
        *) usage_error "unknown argument \"$1\"." ;;
    esac
done
require_commands aws
require_variables REPOSITORY_URL
[ -n "$from" ] || usage_error "no release parameter: give --from."

IMAGE_TAG_PARAMETER=$from
read_release live
use_image "${image:-${release_digest:-none}}"
require_image
if [ -z "$unreleased" ] && ! was_released; then
    fail "$from never released $image_digest; promote one that it did, or give --unreleased."
fi
if [ -n "$to" ] && [ "$to" != "$REPOSITORY_URL" ]; then
    # A tag is needed to copy to; it is the content tag where there is one, which names the same image everywhere.
    tag=${image_tag:-promoted-${image_digest#sha256:}}
    buildx imagetools create --tag "$to:$tag" "$image_uri" >&2 ||
        fail "$image_uri could not be copied to $to (above)."
    REPOSITORY_URL=$to
    use_image "$image_digest"
    require_image
fi
note "$image_uri"
