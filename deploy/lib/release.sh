# The release record: what runs now and what ran before, in the SSM parameter IMAGE_TAG_PARAMETER and in the registry.
#
# - The newest version of the parameter holds the released image as `repository[:src-…]@sha256:…`. Its first version is what
#   `pulumi up` wrote when it made the parameter, and is no release.
# - Label `live` is on the version of the release that runs, `previous` on that of the release before.
# - The tags DEPLOYED_TAG and DEPLOYED_TAG-previous are on the same images, so that the lifecycle policy spares them.
#
# A release is recorded after its health check has passed. Recording is a row of writes, each of no effect when it was done before, and
# each proved by its own answer; label `live` moves last. After a crash anywhere, recording the same image again completes it.

# request_record - asks for all versions of the parameter with their labels.
request_record() {
    # shellcheck disable=SC2016 # the backquotes are those of the query language
    aws_text ssm get-parameter-history --name "$IMAGE_TAG_PARAMETER" \
        --query 'Parameters[].[Version, Value, join(`","`, Labels || `[]`)]'
}

# request_present_record - repeats the request after a rollout, for record_release.
request_present_record() {
    request_record
}

# take_record FILE - reads the answer to request_record. Sets newest_version and newest_value, and live_version, live_digest,
# previous_version and previous_digest, which are empty when no version has the label.
take_record() {
    newest_version=0 newest_value='' live_version='' live_digest='' previous_version='' previous_digest=''
    while IFS='	' read -r version value labels; do
        if [ "$version" -gt "$newest_version" ]; then newest_version=$version newest_value=$value; fi
        case ,$labels, in *,live,*) live_version=$version live_digest=sha256:${value##*sha256:} ;; esac
        case ,$labels, in *,previous,*) previous_version=$version previous_digest=sha256:${value##*sha256:} ;; esac
    done <"$1"
}

# read_record - requests the record and reads the answer.
read_record() {
    request_record
    cp "$scratch/answer" "$scratch/record"
    take_record "$scratch/record"
}

# begin_release - reads the record and the image of use_image at once, and remembers what is live, for record_release. Fails
# unless the image is in the repository and, where SCAN_LIMIT is set, its scan is below that. Call it before the rollout starts.
begin_release() {
    [ -z "${SCAN_LIMIT:-}" ] || require_scan_limit
    side_by_side request_record request_image ${SCAN_LIMIT:+request_scan}
    take_record "$scratch/request_record/answer"
    take_image "$scratch/request_image/answer"
    [ -z "${SCAN_LIMIT:-}" ] || take_scan "$scratch/request_scan/answer"
    live_at_start=$live_digest newest_at_start=$newest_version
}

# is_recorded - whether the record of begin_release names the image as live, in the registry too.
is_recorded() {
    [ "$live_at_start" = "$image_digest" ] && has_tag "$DEPLOYED_TAG"
}

# record_release [REPLACED [ANSWER]] - records the image of begin_release as live, and what was live as previous. REPLACED is another digest
# that the rollout found running, where the target knows it: if another deploy was recorded since begin_release, this one may only follow
# when it replaced that one's image. ANSWER is a file with the answer to a request_record after the rollout, where there is one.
record_release() {
    if ! is_recorded || { [ -n "${1:-}" ] && [ "$1" != "$image_digest" ]; }; then
        if [ -f "${2:-}" ]; then take_record "$2"; else read_record; fi
        if [ "$live_digest" != "$image_digest" ]; then
            write_release "${1:-}"
        elif ! has_tag "$DEPLOYED_TAG"; then
            move_release_tags
        fi
    fi
    note "released: $image_uri"
}

# write_release REPLACED - makes the writes of a release that the record does not name as live.
write_release() {
    if [ "$live_digest" != "$live_at_start" ] && [ "$live_digest" != "$1" ]; then
        fail "another deploy released $live_digest while this one ran, and may run now; deploy the image that is wanted again."
    fi
    if [ "$newest_version" != "$newest_at_start" ] && [ "$newest_version" != "$live_version" ]; then
        fail "another deploy is recording $newest_value right now; let it end, then deploy the image that is wanted again."
    fi
    fetch_manifests "$image_digest" "$live_digest"
    side_by_side write_version tag_previous
    written_version=$(cat "$scratch/write_version/version")
    # The label leaves its old version before that can become the oldest, which could then not be deleted.
    side_by_side label_previous tag_live
    move_label live "$written_version"
}

# write_version - writes the image as the parameter's newest version, or finds that an interrupted run has. Its number is in
# "$scratch/version" then.
write_version() {
    value=$REPOSITORY_URL${image_tag:+:$image_tag}@$image_digest
    answer=$newest_version
    if [ "$newest_value" != "$value" ] || [ "$newest_version" -eq 1 ] || [ "$newest_version" = "$live_version" ]; then
        aws_text ssm put-parameter --name "$IMAGE_TAG_PARAMETER" --type String --overwrite --value "$value" --query Version
        [ "$answer" = $((newest_version + 1)) ] ||
            fail "$IMAGE_TAG_PARAMETER has version $answer where $((newest_version + 1)) was to come; another deploy is running: let it end, then deploy again."
    fi
    printf '%s\n' "$answer" >"$scratch/version"
}

label_previous() {
    [ -z "$live_version" ] || [ "$live_version" = "$previous_version" ] || move_label previous "$live_version"
}

# move_label LABEL VERSION
move_label() {
    # shellcheck disable=SC2016 # the backquotes are those of the query language
    aws_text ssm label-parameter-version --name "$IMAGE_TAG_PARAMETER" --labels "$1" --parameter-version "$2" \
        --query '[ParameterVersion, join(`","`, InvalidLabels || `[]`)]'
    [ "$answer" = "$2	" ] ||
        fail "label $1 of $IMAGE_TAG_PARAMETER should be on version $2, and AWS answered \"$answer\"; deploy again."
}

tag_previous() {
    [ -z "$live_digest" ] || tag_image "$DEPLOYED_TAG-previous" "$live_digest" ||
        note "the release before, $REPOSITORY_URL@$live_digest, does not exist any more"
}

tag_live() {
    tag_image "$DEPLOYED_TAG" "$image_digest" || fail "$image_uri does not exist any more; the record was not changed."
}

# move_release_tags - puts the registry's tags on the images that the labels name.
move_release_tags() {
    fetch_manifests "$image_digest" "$previous_digest"
    live_digest=$previous_digest
    tag_previous
    tag_live
}

# use_previous_release - sets image_digest and image_uri to the release before; fails when there is none.
use_previous_release() {
    read_record
    [ -n "$previous_digest" ] || fail "there is no release before the present one; nothing was changed."
    use_image "$previous_digest"
}

# was_released - whether image_digest is a release of the record that read_record read. The first version, which `pulumi up` wrote, is
# none.
was_released() {
    awk -F '\t' -v image="@$image_digest" '$1 > 1 && substr($2, length($2) - length(image) + 1) == image { found = 1 }
        END { exit !found }' "$scratch/record"
}
