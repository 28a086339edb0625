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

# ecr OPERATION ARGUMENT... - calls ECR about the repository REPOSITORY_URL; sets `answer`. Another account's registry is named by
# the address. Returns 1 and sets aws_error when it fails.
ecr() {
    operation=$1
    shift
    case $REPOSITORY_URL in
        *.dkr.ecr.*) set -- --registry-id "${REPOSITORY_URL%%.*}" "$@" ;;
    esac
    try_aws_text ecr "$operation" --repository-name "${REPOSITORY_URL#*/}" "$@"
}

# require_image - fails unless image_digest is in the repository; sets what take_image does.
require_image() {
    request_image
    take_image "$scratch/answer"
}

# find_image - returns 1 unless image_digest is in the repository; sets what take_image does.
find_image() {
    request_image
    [ -s "$scratch/answer" ] || return 1
    take_image "$scratch/answer"
}

# request_image - asks for the image. The answer is empty where it does not exist.
request_image() {
    # shellcheck disable=SC2016 # the backquotes are those of the query language
    if ! ecr describe-images --image-ids "imageDigest=$image_digest" \
        --query 'imageDetails[0].[imageManifestMediaType, join(`" "`, imageTags || `[]`)]'; then
        is_aws_error ImageNotFoundException || fail "$aws_error"
    fi
}

# take_image FILE - reads the answer to request_image, and fails where it is empty. Sets image_media_type to the manifest's media
# type, image_tags to all tags, and image_tag to its content tag `src-…`, empty without one.
take_image() {
    [ -s "$1" ] || fail "$image_uri does not exist in the repository; nothing was changed."
    # shellcheck disable=SC2034 # lambda.sh reads the type
    IFS='	' read -r image_media_type image_tags <"$1"
    image_tag=
    for tag in $image_tags; do
        case $tag in src-*) image_tag=${image_tag:-$tag} ;; esac
    done
}

# has_tag TAG - whether take_image found a tag on the image.
has_tag() {
    case " $image_tags " in *" $1 "*) return 0 ;; *) return 1 ;; esac
}

# Media types of manifests that a tag can name.
manifest_types="application/vnd.oci.image.manifest.v1+json application/vnd.oci.image.index.v1+json
application/vnd.docker.distribution.manifest.v2+json application/vnd.docker.distribution.manifest.list.v2+json"

# fetch_manifests DIGEST... - puts the manifests of images that have none yet into files of `manifests`, with their media types beside
# them; an image that does not exist any more gets none. Empty digests are passed over.
fetch_manifests() {
    manifests=$scratch/manifests
    mkdir -p "$manifests"
    identifiers=
    for digest in "$@"; do
        [ -z "$digest" ] || [ -f "$manifests/${digest#sha256:}" ] || identifiers="$identifiers imageDigest=$digest"
    done
    [ -n "$identifiers" ] || return 0
    # shellcheck disable=SC2086 # one argument for each image and type
    ecr batch-get-image --image-ids $identifiers --accepted-media-types $manifest_types \
        --query 'images[].[imageId.imageDigest, imageManifestMediaType, imageManifest]' || fail "$aws_error"
    # A digest is that of the exact bytes, which end before the CLI's line end. No line of JSON begins with a bare digest.
    LC_ALL=C awk -v folder="$manifests" '
        /^sha256:[0-9a-f]+\t/ {
            split($0, part, "\t")
            file = folder "/" substr(part[1], 8)
            print part[2] >(file ".type")
            $0 = substr($0, length(part[1]) + length(part[2]) + 3)
            separator = ""
        }
        file != "" { printf "%s%s", separator, $0 >file; separator = "\n" }' "$scratch/answer"
}

# tag_image TAG DIGEST - gives a tag to an image whose manifest fetch_manifests fetched; returns 1 when there was none.
tag_image() {
    manifest=$manifests/${2#sha256:}
    [ -f "$manifest" ] || return 1
    if ecr put-image --image-tag "$1" --image-digest "$2" --image-manifest "file://$manifest" \
        --image-manifest-media-type "$(cat "$manifest.type")" --query image.imageId.imageDigest; then
        [ "$answer" = "$2" ] || fail "tag $1 is on \"$answer\" and should be on $2; run the deploy again."
    else
        # It is there already.
        is_aws_error ImageAlreadyExistsException || fail "$aws_error"
    fi
}
