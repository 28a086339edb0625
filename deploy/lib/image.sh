# Images in ECR, named by digest.

# use_image REFERENCE - takes `repository@sha256:…`, `repository:tag@sha256:…` or `sha256:…` of the repository REPOSITORY_URL.
# Sets image_digest and image_uri (`repository@sha256:…`), and fails on any other reference.
use_image() {
    image_digest=sha256:${1##*sha256:}
    case $1 in
        "$image_digest" | "$REPOSITORY_URL@$image_digest" | "$REPOSITORY_URL:"*"@$image_digest") ;;
        *) fail "the image is \"$1\"; allowed: $REPOSITORY_URL@sha256:<digest>, or the digest alone." ;;
    esac
    is_digest "$image_digest" || fail "the digest is \"$image_digest\"; allowed: sha256: and 64 hexadecimal digits."
    image_uri=$REPOSITORY_URL@$image_digest
}

# is_digest TEXT
is_digest() {
    case ${1#sha256:} in
        "$1" | *[!0-9a-f]*) return 1 ;;
    esac
    [ "${#1}" -eq 71 ]
}

# ecr OPERATION ARGUMENT... - a call about the repository REPOSITORY_URL; sets `answer`. Another account's registry is named by
# the address. Returns 1 and sets aws_error when it fails.
ecr() {
    operation=$1
    shift
    case $REPOSITORY_URL in
        *.dkr.ecr.*) set -- --registry-id "${REPOSITORY_URL%%.*}" "$@" ;;
    esac
    try_aws_text ecr "$operation" --repository-name "${REPOSITORY_URL#*/}" "$@"
}

# require_image - fails unless image_digest is in the repository; see find_image for what it sets.
require_image() {
    find_image || fail "$image_uri does not exist in the repository; nothing was changed."
}

# find_image - returns 1 unless image_digest is in the repository. Sets image_tag to its content tag `src-…`, empty without one,
# and image_media_type to its manifest's media type.
find_image() {
    query="imageDetails[0].[imageManifestMediaType, imageTags[?starts_with(@, 'src-')] | [0]]"
    if ! ecr describe-images --image-ids "imageDigest=$image_digest" --query "$query"; then
        is_aws_error ImageNotFoundException || fail "$aws_error"
        return 1
    fi
    image_media_type=${answer%%	*}
    image_tag=${answer#*	}
    [ "$image_tag" != None ] || image_tag=
}

# digest_of_tag TAG - sets `digest` to the image that has a tag; empty when none has.
digest_of_tag() {
    digest=
    if ecr describe-images --image-ids "imageTag=$1" --query 'imageDetails[0].imageDigest'; then
        digest=$answer
    elif ! is_aws_error ImageNotFoundException; then
        fail "$aws_error"
    fi
}

# move_tag TAG - gives a tag to the image that find_image found, and checks that it is there.
move_tag() {
    digest_of_tag "$1"
    [ "$digest" != "$image_digest" ] || return 0
    ecr batch-get-image --image-ids "imageDigest=$image_digest" --accepted-media-types "$image_media_type" \
        --query 'images[0].imageManifest' || fail "$aws_error"
    # The digest is that of the exact bytes, which end before the CLI's line end.
    manifest=$(cat "$scratch/answer" && printf x)
    printf '%s' "${manifest%??}" >"$scratch/manifest"
    ecr put-image --image-tag "$1" --image-digest "$image_digest" --image-manifest "file://$scratch/manifest" \
        --image-manifest-media-type "$image_media_type" --query image.imageId.imageDigest ||
        is_aws_error ImageAlreadyExistsException || fail "$aws_error"
    digest_of_tag "$1"
    [ "$digest" = "$image_digest" ] || fail "tag $1 is on \"$digest\" and should be on $image_digest; run the deploy again."
}
