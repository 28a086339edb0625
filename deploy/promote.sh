#!/bin/sh
# deploy/promote.sh --from PARAMETER [--image REFERENCE] [--to REPOSITORY_URL] [--unreleased]
#
# Hands an image that one environment built and released to another one, without a build, and prints what to deploy there:
# `repository@sha256:…` as the last line of standard output.
#
#   --from PARAMETER     the release parameter of the environment that released it
#   --image REFERENCE    repository@sha256:… or sha256:…; default: what that environment released last
#   --to REPOSITORY_URL  copy the manifest and its layers to this repository, also of another account; default: stays where it is
#   --unreleased         also take an image that was never released there
#
# The image is in REPOSITORY_URL, and the proof that it was built there in the bucket CACHE_BUCKET_NAME: run it with the deployEnv of
# the environment that builds, and a role whose stack names that environment and its bucket in ci.promoteFrom. A copy has the same
# digest and the content tag, src-…. It needs docker buildx, logged in to both registries:
#
#   aws ecr get-login-password | docker login --username AWS --password-stdin "${REPOSITORY_URL%%/*}"
set -eu
lib=$(dirname "$0")/lib
# shellcheck source=lib/deploy.sh
. "$lib/deploy.sh"
# shellcheck source=lib/proof.sh
. "$lib/proof.sh"

# buildx ARGUMENT... - runs Docker's plugin, or buildx alone.
buildx() {
    if command -v docker-buildx >/dev/null; then docker-buildx "$@"; else docker buildx "$@"; fi
}

# copy_to REPOSITORY_URL - copies the image unless it exists there, and continues with the copy.
copy_to() {
    source_uri=$image_uri
    # A tag is needed to copy to: the content tag names the same image everywhere.
    tag=$proven_tag
    REPOSITORY_URL=$1
    use_image "$image_digest"
    ! find_image || return 0
    # An index around the manifest would have another digest.
    buildx imagetools create --prefer-index=false --tag "$1:$tag" "$source_uri" >"$scratch/copy" 2>&1 || fail_copy
    require_image
}

# fail_copy - explains why buildx could not copy; a registry that refuses names neither the caller nor the permission.
fail_copy() {
    reason=$(sed -n 's/^ERROR: //p' "$scratch/copy" | tail -n 1)
    case $reason in
        *"403 Forbidden"* | *denied*)
            aws_text sts get-caller-identity --query Arn
            fail "$answer may not copy $source_uri: it needs ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on" \
                "${source_uri%@*}, and ecr:BatchCheckLayerAvailability, ecr:InitiateLayerUpload, ecr:UploadLayerPart," \
                "ecr:CompleteLayerUpload and ecr:PutImage on $REPOSITORY_URL (ci.promoteFrom of its stack); $reason"
            ;;
        *) fail "$source_uri could not be copied to $REPOSITORY_URL: ${reason:-$(tail -n 1 "$scratch/copy")}" ;;
    esac
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
require_variables REPOSITORY_URL CACHE_BUCKET_NAME
[ -n "$from" ] || usage_error "no release parameter: give --from."

IMAGE_TAG_PARAMETER=$from
read_record
use_image "${image:-${live_digest:-none}}"
require_image
if [ -z "$unreleased" ] && ! was_released; then
    fail "$from never released $image_digest; promote one that it did, or give --unreleased."
fi
require_proof
[ -z "$to" ] || copy_to "$to"
note "$image_uri"
