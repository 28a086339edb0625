# Proofs of what was built: objects of the cache bucket CACHE_BUCKET_NAME, which only builds and updates write. A tag proves nothing,
# since whoever may give an image one tag of a repository may move all of them.

# require_proof - fails unless a proof names image_digest; sets proven_tag to the content tag that it is about.
require_proof() {
    ecr describe-images --image-ids "imageDigest=$image_digest" \
        --query "join(' ', imageDetails[0].imageTags[?starts_with(@, 'src-')] || \`[]\`)" || fail "$aws_error"
    content_tags=$answer
    reason="it has no tag src-…"
    for proven_tag in $content_tags; do
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
