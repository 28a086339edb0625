# Deploys one image of one compose service on this host. Runs as root, after lines that set:
#   DIGEST                                the document's parameter
#   REPOSITORY_URL BUCKET COMPOSE_PREFIX COMPOSE_FILES PROJECT SERVICE SECRET_KEYS DIRECTORY_APP_PARAMETER
#   SECRET_NAME_PARAMETER HEALTH_SECONDS KEEP_IMAGES            settings of the target
# and that put functions.sh, fetch.sh and replace.sh into the folder `scripts`.
#
# Everything is fetched and checked first. What runs is touched last, by replace.sh. Run again after an interruption at any
# point, it comes to the same end.

main() {
    # shellcheck source=functions.sh
    . "$scripts/functions.sh"
    # shellcheck source=fetch.sh
    . "$scripts/fetch.sh"
    trap 'wait; rm -rf "$scripts" "${work:-$scripts}/login"' EXIT
    check_programs
    begin request_parameters
    check_docker
    await request_parameters
    take_parameters
    take_lock
    make_folders
    begin stage_files stage_secrets pull_image
    tidy_up
    await stage_files stage_secrets pull_image
    remember_release
    if runs_already; then
        say "running: $DIGEST"
        say "$IMAGE_URI runs already; nothing was restarted"
        return 0
    fi
    start_dependencies
    say "replaced: ${old:+$(digest_of "$old")}"
    try_candidate
    replace_container
    ln -sfn "$release" "$directory/current"
    say "running: $DIGEST"
    prune
}

check_programs() {
    for program in aws docker jq flock setsid timeout; do
        command -v "$program" >/dev/null || fail "$program is not installed on this host; install it, then deploy again."
    done
}

check_docker() {
    docker compose version >/dev/null 2>&1 || fail "docker compose is not installed on this host; install Docker's compose plugin."
    docker version >/dev/null 2>&1 || fail "Docker does not answer on this host; start it, then deploy again."
}

# Held until this script and what it leaves behind have ended.
take_lock() {
    exec 9>"$directory/.lock"
    flock -w 60 9 || fail "another deploy runs on this host; wait for its end, then deploy again."
}

# containers ONEOFF [SERVICE] - ids of a service's containers, the newest first.
containers() {
    docker ps --all --quiet --no-trunc --filter "label=com.docker.compose.project=$PROJECT" \
        --filter "label=com.docker.compose.service=${2:-$SERVICE}" --filter "label=com.docker.compose.oneoff=$1"
}

# Makes new folders for the files of this deploy and for its login, in place of those that an interrupted one left.
make_folders() {
    rm -rf "$work/login" "$work/next"
    mkdir "$work/login" "$work/next"
    # Docker looks for plugins beside the login.
    plugins=${DOCKER_CONFIG:-${HOME:-/root}/.docker}/cli-plugins
    [ ! -d "$plugins" ] || ln -s "$plugins" "$work/login/cli-plugins"
}

# Removes the containers that an interrupted deploy left, and sets `old` to the container that serves, empty on the first deploy.
tidy_up() {
    for container in $(containers True); do docker rm --force "$container" >/dev/null; done
    old=$(serving_container)
    for container in $(containers False); do
        if [ "$container" != "$old" ]; then
            say "removing container $container of an interrupted deploy"
            docker rm --force "$container" >/dev/null
        fi
    done
    [ -z "$old" ] || docker start "$old" >/dev/null || say "the present container does not start; going on with the new one"
}

# The newest one that is healthy, else the oldest that was ever started: that one has been healthy before.
serving_container() {
    oldest=
    for container in $(containers False); do
        if [ "$(inspect "$container" .State.Running)" = true ] && check_health "$container"; then
            printf %s "$container"
            return 0
        fi
        [ "$(inspect "$container" .State.Status)" = created ] || oldest=$container
    done
    printf %s "$oldest"
}

# Moves the files to a folder named by their content and the image: a folder that containers mount from never changes.
remember_release() {
    stamp=$(cd "$work/next" && { printf '%s\n' "$IMAGE_URI" && find . -type f | LC_ALL=C sort | xargs sha256sum; } | sha256sum)
    release=$directory/releases/${stamp%% *}
    if [ -d "$release" ]; then rm -rf "$work/next"; else mv "$work/next" "$release"; fi
    COMPOSE_FILE=
    for file in $COMPOSE_FILES; do COMPOSE_FILE=${COMPOSE_FILE:+$COMPOSE_FILE:}$release/$file; done
    export IMAGE_URI COMPOSE_FILE SECRETS_FILE="$release/secrets.env"
    # Messages of compose about the settings may quote them.
    configuration=$(compose config --format json 2>/dev/null) || {
        SECRETS_FILE=/dev/null
        compose config --quiet || fail "compose refuses the compose files (above); what runs was not touched."
        fail "compose takes the compose files, but not with the settings of $secret_name; what runs was not touched."
    }
    [ -n "$(definition .)" ] || fail "the compose files have no service $SERVICE; what runs was not touched."
}

# compose ARGUMENT... - docker compose on the files of this release.
compose() {
    docker --config "$work/login" compose --project-name "$PROJECT" --project-directory "$release" "$@"
}

# definition FILTER - a part of the service's definition, by a jq filter.
definition() {
    printf '%s' "$configuration" | jq -r --arg service "$SERVICE" ".services[\$service] // empty | $1"
}

runs_already() {
    [ -n "$old" ] && [ "$(readlink "$directory/current")" = "$release" ] && wait_for_health "$old" 5 >/dev/null
}

digest_of() {
    inspect "$1" .Config.Image | sed 's/.*@//'
}

# Starts what the service depends on, and leaves alone what runs and is healthy, whatever its definition says by now.
start_dependencies() {
    set --
    for dependency in $(definition '.depends_on // {} | keys[]'); do
        container=$(containers False "$dependency" | head -n 1)
        if [ -z "$container" ] || ! is_well "$container"; then set -- "$@" "$dependency"; fi
    done
    [ $# -gt 0 ] || return 0
    log_in
    say "starting $*"
    compose up --detach --quiet-pull --wait --wait-timeout "$HEALTH_SECONDS" "$@" >"$work/output" 2>&1 || {
        tail -n 5 "$work/output"
        for dependency in "$@"; do docker logs --tail 10 "$(containers False "$dependency" | head -n 1)" 2>&1 || true; done
        fail "what $SERVICE depends on ($*) does not become healthy (above); $SERVICE was not touched."
    }
}

# is_well CONTAINER - whether it runs and, where it has a health check, Docker found it healthy.
is_well() {
    case $(inspect "$1" '"\(.State.Status) \(.State.Health.Status // "healthy")"') in
        "running healthy" | "running starting") return 0 ;;
        *) return 1 ;;
    esac
}

# Two containers can run at once unless the service publishes a single host port.
replacement_mode() {
    fixed=$(definition '[.ports[]? | .published // "" | tostring | select(test("^[0-9]+$"))] | length')
    if [ "$fixed" -gt 0 ]; then printf swap; else printf beside; fi
}

# Where the port is taken until the old container stops, the image first proves itself in a container without ports.
try_candidate() {
    mode=$(replacement_mode)
    [ "$mode" = swap ] && [ -n "$old" ] || return 0
    compose run --detach --no-deps --name "$PROJECT-$SERVICE-candidate" "$SERVICE" >/dev/null 2>"$work/output" ||
        fail "no container of $IMAGE_URI could be started ($(tail -n 3 "$work/output")); the old one was not touched."
    candidate=$(containers True)
    docker update --restart=no "$candidate" >/dev/null
    wait_for_health "$candidate" "$HEALTH_SECONDS" || {
        docker rm --force "$candidate" >/dev/null
        fail "$IMAGE_URI did not become healthy; the old container was not touched."
    }
    docker rm --force "$candidate" >/dev/null
}

replace_container() {
    compose up --no-start --no-deps --no-recreate --scale "$SERVICE=$(($(containers False | wc -l) + 1))" "$SERVICE" \
        >"$work/output" 2>&1 || fail "no container of $IMAGE_URI could be created: $(tail -n 3 "$work/output")"
    new=$(containers False | head -n 1)
    setsid sh "$scripts/replace.sh" "$old" "$new" "$mode" "$HEALTH_SECONDS" >"$work/replace.log" 2>&1 </dev/null &
    if wait $!; then cat "$work/replace.log"; else
        cat "$work/replace.log"
        fail "$IMAGE_URI did not become healthy${old:+; the old container was kept}."
    fi
}

# Removes the repository's images but the last KEEP_IMAGES ones, and the files of releases that no container comes from.
prune() {
    { grep -vx "$DIGEST" "$directory/releases.log" 2>/dev/null || true; echo "$DIGEST"; } >"$work/releases.log"
    mv "$work/releases.log" "$directory/releases.log"
    for image in $(docker image ls --quiet --no-trunc --filter "reference=$REPOSITORY_URL" | sort -u); do
        for reference in $(docker image inspect "$image" | jq -r '.[0].RepoDigests[]' | grep "^$REPOSITORY_URL@"); do
            tail -n "$KEEP_IMAGES" "$directory/releases.log" | grep -qx "${reference#*@}" ||
                docker image rm "$reference" >/dev/null || say "$reference is still used and stays"
        done
    done
    used=$(docker ps --all --quiet --filter "label=com.docker.compose.project=$PROJECT" | xargs docker inspect |
        jq -r '.[].Config.Labels["com.docker.compose.project.working_dir"]')
    for folder in "$directory/releases"/*; do
        printf '%s\n' "$used" | grep -qxF "$folder" || rm -rf "$folder"
    done
}

main
