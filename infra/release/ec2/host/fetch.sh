# Fetches parameters, compose files, settings, and the image of a deploy, before any running container is touched.

# aws_value ARGUMENT... - a value from AWS as text.
aws_value() {
    aws --output text "$@"
}

request_parameters() {
    aws_value ssm get-parameters --names "$DIRECTORY_APP_PARAMETER" "$SECRET_NAME_PARAMETER" \
        --query 'Parameters[].[Name, Value]' >"$scripts/parameters"
}

take_parameters() {
    directory=$(parameter "$DIRECTORY_APP_PARAMETER")
    secret_name=$(parameter "$SECRET_NAME_PARAMETER")
    [ -n "$secret_name" ] || fail "there is no parameter $SECRET_NAME_PARAMETER; nothing was changed."
    case $directory in
        /?*) ;;
        *) fail "$DIRECTORY_APP_PARAMETER is \"$directory\"; it must be an absolute path." ;;
    esac
    work=$directory/.deploy
    export work scripts SERVICE
    mkdir -p "$directory/releases" "$work"
    chmod 700 "$work" "$directory/releases"
    IMAGE_URI=$REPOSITORY_URL@$DIGEST
}

# parameter NAME - its value.
parameter() {
    while IFS='	' read -r name value; do
        [ "$name" != "$1" ] || printf %s "$value"
    done <"$scripts/parameters"
}

stage_files() {
    aws s3 cp "s3://$BUCKET/$COMPOSE_PREFIX/" "$work/next/" --recursive --only-show-errors
    for file in $COMPOSE_FILES; do
        [ -f "$work/next/$file" ] || fail "the compose file $file is not in s3://$BUCKET/$COMPOSE_PREFIX/; nothing was changed."
    done
}

# The secret's JSON object becomes lines KEY='value', which compose takes literally, but for a backslash before the closing quote.
# \A and \z, since $ also matches before a line break at the end.
stage_secrets() {
    aws_value secretsmanager get-secret-value --secret-id "$secret_name" --query SecretString >"$work/next/secret.json"
    problem=$(jq -r --arg keys "$SECRET_KEYS" '
        if type != "object" then "is not a JSON object" else
            (($keys | split(" ")) - keys) as $missing |
            [to_entries[] | select((.value | type | IN("string", "number", "boolean") | not)
                or (.value | tostring | test("[\u0000\u0027\n\r]|\\\\\\z"))
                or (.key | test("\\A[A-Za-z_][A-Za-z0-9_]*\\z") | not)) | .key | @json] as $odd |
            if $missing != [] then "has no " + ($missing | join(", "))
            elif $odd != [] then "has what an env file cannot hold (single quotes, line breaks, NUL, a backslash at the end, odd names) in "
                + ($odd | join(", "))
            else "" end
        end' "$work/next/secret.json" 2>/dev/null) || problem="is not JSON"
    [ -z "$problem" ] || fail "the secret $secret_name $problem; nothing was changed."
    jq -r 'to_entries[] | "\(.key)=\u0027\(.value)\u0027"' "$work/next/secret.json" >"$work/next/secrets.env"
    rm "$work/next/secret.json"
}

# log_in - to the registry, once: a login that only this deploy has, in a file that only root may read.
log_in() {
    [ ! -f "$work/login/config.json" ] || return 0
    aws ecr get-login-password |
        docker --config "$work/login" login --username AWS --password-stdin "${REPOSITORY_URL%%/*}" >/dev/null 2>"$work/login/output" ||
        fail "the registry refused the login: $(tail -n 3 "$work/login/output")"
}

# An image that is on the host, by its digest, is the very one.
pull_image() {
    ! docker image inspect "$IMAGE_URI" >/dev/null 2>&1 || return 0
    log_in
    docker --config "$work/login" pull --quiet "$IMAGE_URI" >/dev/null ||
        fail "$IMAGE_URI could not be pulled (above); what runs was not touched."
}
