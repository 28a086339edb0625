# A Lambda function that runs an image, and the alias that its callers use. Uses LAMBDA_FUNCTION, LAMBDA_ALIAS and
# LAMBDA_ARCHITECTURE, that of the declared image.

# read_alias - sets live_version and alias_revision to the version that the alias names and the alias's revision.
read_alias() {
    aws_text lambda get-alias --function-name "$LAMBDA_FUNCTION" --name "$LAMBDA_ALIAS" --query "[FunctionVersion, RevisionId]"
    live_version=${answer%%	*} alias_revision=${answer#*	}
}

# read_function VERSION - sets function_state, update_status, function_revision, package_type and function_digest (that of its
# image) of a version, or of the unpublished code, $LATEST.
read_function() {
    aws_text lambda get-function --function-name "$LAMBDA_FUNCTION" --qualifier "$1" --query \
        "[Configuration.State, Configuration.LastUpdateStatus, Configuration.RevisionId, Configuration.PackageType, Code.[ResolvedImageUri, ImageUri][?@] | [0]]"
    read -r function_state update_status function_revision package_type function_digest <<EOF
$answer
EOF
    function_digest=sha256:${function_digest##*sha256:}
}

# function_has_settled VERSION - whether the last change of a version has come to its end.
function_has_settled() {
    read_function "$1"
    case "$function_state $update_status" in
        Pending* | *InProgress) return 1 ;;
    esac
}

# require_settled VERSION - waits for function_has_settled, and fails with Lambda's reason when the change has failed.
require_settled() {
    wait_until "$deadline_seconds" 2 function_has_settled "$1" ||
        fail "version $1 of function $LAMBDA_FUNCTION was not ready within $deadline_seconds seconds ($function_state, $update_status). The alias was not moved."
    case "$function_state $update_status" in
        "Active Successful" | "Active None" | Inactive*) return 0 ;;
    esac
    aws_text lambda get-function-configuration --function-name "$LAMBDA_FUNCTION" --qualifier "$1" \
        --query "[StateReason, LastUpdateStatusReasonCode, LastUpdateStatusReason][?@] | join(': ', @)"
    fail "Lambda could not take over $image_uri: ${answer%.}. The alias was not moved."
}

# Number of versions to search for the one that ran the release before.
versions_to_search=25

# find_earlier_version - sets wanted_version to the newest published version that runs the image; returns 1 when there is none,
# or when the image is live.
find_earlier_version() {
    [ "$replaced_digest" != "$image_digest" ] || return 1
    aws_text lambda list-versions-by-function --function-name "$LAMBDA_FUNCTION" --query 'Versions[].Version'
    # shellcheck disable=SC2086 # one version a word
    for wanted_version in $(printf '%s\n' $answer | grep -v LATEST | sort -rn | head -n "$versions_to_search"); do
        read_function "$wanted_version"
        [ "$function_digest" != "$image_digest" ] || return 0
    done
    return 1
}

# publish_version - puts the image into the function, with its architecture, unless it is there, publishes it with the function's present settings, and
# sets wanted_version. Lambda answers with the newest version when nothing has changed since.
publish_version() {
    read_function "\$LATEST"
    if [ "$function_digest" != "$image_digest" ] || [ "$update_status" = Failed ]; then
        note "updating function $LAMBDA_FUNCTION"
        aws_text lambda update-function-code --function-name "$LAMBDA_FUNCTION" --image-uri "$image_uri" \
            --architectures "$LAMBDA_ARCHITECTURE" --revision-id "$function_revision" --query CodeSha256
        require_settled "\$LATEST"
        [ "$function_digest" = "$image_digest" ] ||
            fail "function $LAMBDA_FUNCTION has $function_digest right after $image_digest was put into it; another deploy is running: let it end, then deploy again. The alias was not moved."
    fi
    aws_text lambda publish-version --function-name "$LAMBDA_FUNCTION" --revision-id "$function_revision" --query Version
    wanted_version=$answer
    require_settled "$wanted_version"
}

# check_health - calls wanted_version with the event in the file LAMBDA_HEALTH_CHECK; fails when the call ends in an error, or
# its answer holds a statusCode that is not 2xx. Without that file, it is enough that Lambda could start the version.
check_health() {
    [ -n "${LAMBDA_HEALTH_CHECK:-}" ] || return 0
    # A call that lasts longer than the CLI's own limit would be sent a second time.
    try_aws_text lambda invoke --function-name "$LAMBDA_FUNCTION" --qualifier "$wanted_version" \
        --payload "fileb://$LAMBDA_HEALTH_CHECK" --cli-read-timeout 900 --query "[StatusCode, FunctionError]" \
        "$scratch/response" || fail "the health check of version $wanted_version failed: $aws_error. The alias was not moved."
    response=$(head -c 2000 "$scratch/response")
    [ "$answer" = "200	None" ] ||
        fail "the health check of version $wanted_version ended in an error: $response. The alias was not moved."
    status=$(printf '%s' "$response" | tr -d ' \n' | sed -n 's/.*"statusCode":"\{0,1\}\([0-9]*\).*/\1/p')
    case $status in
        "" | 2??) note "version $wanted_version passed its health check" ;;
        *) fail "the health check of version $wanted_version answered $status: $response. The alias was not moved." ;;
    esac
}

# move_alias - lets the alias name wanted_version alone, unless it was moved since read_alias.
move_alias() {
    if ! try_aws_text lambda update-alias --function-name "$LAMBDA_FUNCTION" --name "$LAMBDA_ALIAS" \
        --function-version "$wanted_version" --routing-config AdditionalVersionWeights={} \
        --revision-id "$alias_revision" --query FunctionVersion; then
        is_aws_error PreconditionFailedException || fail "$aws_error"
        fail "alias $LAMBDA_ALIAS of function $LAMBDA_FUNCTION was moved by another deploy meanwhile; deploy the image that is wanted again."
    fi
    read_alias
    [ "$live_version" = "$wanted_version" ] ||
        fail "alias $LAMBDA_ALIAS names version $live_version and should name $wanted_version; another deploy moved it."
    note "alias $LAMBDA_ALIAS names version $wanted_version"
}
