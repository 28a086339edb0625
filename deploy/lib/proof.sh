# Proofs of builds: objects of the cache bucket CACHE_BUCKET_NAME, which only builds and updates write. A tag proves nothing,
# since whoever may give an image one tag of a repository may move all of them.

# require_proof - fails unless a proof names the image of require_image; sets proven_tag to the content tag that it is about.
require_proof() {
    reason="it has no tag src-…"
    for proven_tag in $image_tags; do
        case $proven_tag in src-*) ;; *) continue ;; esac
        key=built/${REPOSITORY_URL#*/}/$proven_tag
        if try_aws_text s3api get-object --bucket "$CACHE_BUCKET_NAME" --key "$key" "$scratch/proof" --query ETag; then
            proof=$(cat "$scratch/proof")
            [ "$proof" != "$image_digest" ] || return 0
            reason="s3://$CACHE_BUCKET_NAME/$key names $proof"
        else
            reason="s3://$CACHE_BUCKET_NAME/$key: $aws_error"
        fi
    done
    fail "nothing proves that $image_uri was built there: $reason; promote an image that its builds or updates made," \
        "with a role that may read their proofs (ci.promoteFrom.bucketName of its stack)."
}
