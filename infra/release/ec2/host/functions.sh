# Functions of the scripts that run on a target host. Nothing here may print a container's environment or a secret's value.
# `docker --format` is avoided: its braces are SSM's own.

# say SENTENCE
say() {
    printf '%s\n' "$*"
}

# fail SENTENCE - ends the deploy; what runs goes on running.
fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# begin FUNCTION... - runs functions beside this script, in a shell each.
begin() {
    for job in "$@"; do
        "$job" >"$scripts/$job.log" 2>&1 &
        eval "pid_of_$job=$!"
    done
}

# await FUNCTION... - waits for functions that were begun, and fails when one of them has failed, with what the first such said.
await() {
    failed=
    for job in "$@"; do
        eval "wait \"\$pid_of_$job\"" || failed=${failed:-$job}
    done
    [ -z "$failed" ] || {
        cat "$scripts/$failed.log" >&2
        exit 1
    }
}

# inspect CONTAINER FILTER - a value of `docker inspect`, by a jq filter.
inspect() {
    docker inspect "$1" | jq -r ".[0] | $2"
}

# check_health CONTAINER - runs the container's own health check once. Its output is in "$work/output".
check_health() {
    check=$(inspect "$1" '(.Config.Healthcheck.Test // []) |
        if .[0] == "CMD" then .[1:] | @sh elif .[0] == "CMD-SHELL" then ["sh", "-c", .[1]] | @sh else "" end')
    [ -n "$check" ] || fail "service $SERVICE has no health check; give it one, in its compose file or image."
    eval "timeout 10 docker exec $1 $check" >"$work/output" 2>&1
}

# wait_for_health CONTAINER SECONDS - returns 1 when it does not become healthy in time, or ends; says why.
wait_for_health() {
    deadline=$(($(date +%s) + $2)) pauses=0
    until check_health "$1"; do
        state=$(inspect "$1" '"\(.State.Status) \(.State.ExitCode) \(.RestartCount)"')
        case $state in
            "running 0 0") ;;
            *)
                say "it ended while it was starting (status, exit code, restarts: $state); its last lines:"
                docker logs --tail 20 "$1" 2>&1
                return 1
                ;;
        esac
        if [ "$(date +%s)" -ge "$deadline" ]; then
            say "its health check did not pass within $2 s: $(tail -n 3 "$work/output"); its last lines:"
            docker logs --tail 20 "$1" 2>&1
            return 1
        fi
        pause
    done
}

# pause - short at first, for what is there soon; a second where `sleep` takes whole seconds only.
pause() {
    pauses=$((pauses + 1))
    if [ "$pauses" -le 20 ]; then sleep 0.2 2>/dev/null || sleep 1; else sleep 1; fi
}
