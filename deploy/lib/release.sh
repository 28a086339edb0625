# The release record: what runs now and what ran before, in the SSM parameter IMAGE_TAG_PARAMETER and in the registry.
#
# - The newest version of the parameter holds the released image as `repository[:src-…]@sha256:…`. Its first version is what
#   `pulumi up` wrote when it made the parameter, and is no release.
# - Label `live` is on the version of the release that runs, `previous` on that of the release before.
# - The tags DEPLOYED_TAG and DEPLOYED_TAG-previous are on the same images, so that the lifecycle policy spares them.
#
# A release is recorded after its health check has passed. Recording is a row of writes, each checked, each of no effect when
# it was done before: after a crash anywhere, recording the same image again completes it.

# read_release LABEL - sets release_version and release_digest to those of a label; both empty when no version has it.
read_release() {
    release_version='' release_digest=''
    if try_aws_text ssm get-parameter --name "$IMAGE_TAG_PARAMETER:$1" --query 'Parameter.[Version, Value]'; then
        release_version=${answer%%	*}
        release_digest=sha256:${answer##*sha256:}
    elif ! is_aws_error ParameterVersionNotFound; then
        fail "$aws_error"
    fi
}

# begin_release - remembers what is live, for record_release. Call it before the rollout starts.
begin_release() {
    read_release live
    live_at_start=$release_digest
}

# record_release [REPLACED] - records the image of use_image and require_image as live, and what was live as previous.
# REPLACED is the digest that the rollout found running, where the target knows it: if another deploy was recorded since
# begin_release, this one may only follow when it replaced that one's image.
record_release() {
    read_release live
    live_version=$release_version live_digest=$release_digest
    if [ "$live_digest" != "$image_digest" ]; then
        if [ "$live_digest" != "$live_at_start" ] && [ "$live_digest" != "${1:-}" ]; then
            fail "another deploy released $live_digest while this one ran, and may run now; deploy the image that is wanted again."
        fi
        write_release
        # The label leaves its old version before that can become the oldest, which could then not be deleted.
        [ -z "$live_version" ] || move_label previous "$live_version"
        move_label live "$written_version"
    fi
    note "released: $image_uri"
    move_release_tags
}

# write_release - writes the image as the parameter's newest version, or finds that an interrupted run has; sets written_version.
write_release() {
    value=$REPOSITORY_URL${image_tag:+:$image_tag}@$image_digest
    read_newest
    if [ "$newest_value" != "$value" ] || [ "$newest_version" -eq 1 ] || [ "$newest_version" = "$live_version" ]; then
        aws_text ssm put-parameter --name "$IMAGE_TAG_PARAMETER" --type String --overwrite --value "$value" --query Version
        written_version=$answer
        read_newest
        [ "$newest_value" = "$value" ] && [ "$newest_version" = "$written_version" ] ||
            fail "$IMAGE_TAG_PARAMETER holds \"$newest_value\" right after \"$value\" was written; another deploy is running: let it end, then deploy again."
    fi
    written_version=$newest_version
}

# read_newest - sets newest_version and newest_value.
read_newest() {
    aws_text ssm get-parameter --name "$IMAGE_TAG_PARAMETER" --query 'Parameter.[Version, Value]'
    newest_version=${answer%%	*}
    newest_value=${answer#*	}
}

# move_label LABEL VERSION
move_label() {
    wanted_version=$2
    read_release "$1"
    [ "$release_version" != "$wanted_version" ] || return 0
    aws_text ssm label-parameter-version --name "$IMAGE_TAG_PARAMETER" --labels "$1" --parameter-version "$wanted_version"
    read_release "$1"
    [ "$release_version" = "$wanted_version" ] ||
        fail "label $1 is on version \"$release_version\" of $IMAGE_TAG_PARAMETER and should be on $wanted_version; deploy again."
}

# move_release_tags - puts the registry's tags on the images that the labels name.
move_release_tags() {
    released=$image_digest
    read_release previous
    if [ -n "$release_digest" ]; then
        use_image "$release_digest"
        if find_image; then move_tag "$DEPLOYED_TAG-previous"; else note "the release before, $image_uri, does not exist any more"; fi
    fi
    use_image "$released"
    require_image
    move_tag "$DEPLOYED_TAG"
}

# use_previous_release - sets image_digest and image_uri to the release before; fails when there is none.
use_previous_release() {
    read_release previous
    [ -n "$release_digest" ] || fail "there is no release before the present one; nothing was changed."
    use_image "$release_digest"
}

# was_released - whether image_digest is a release of the parameter's history. The first version, which `pulumi up` wrote, is
# none.
was_released() {
    aws_text ssm get-parameter-history --name "$IMAGE_TAG_PARAMETER" \
        --query "Parameters[?Version > \`1\` && ends_with(Value, '@$image_digest')].Version"
    [ -n "$answer" ]
}
