# replace.sh OLD NEW MODE SECONDS
#
# Puts the created container NEW in the place of OLD, which may be empty, and goes back to OLD when NEW does not become healthy.
# MODE is `beside` when both can run at once, `swap` when they need the same port. Runs in a session of its own, so that it comes
# to its end although the command that began it is killed.

set -eu
. "$scripts/functions.sh"
old=$1 new=$2 mode=$3 seconds=$4

stop_old() {
    policy=$(inspect "$old" .HostConfig.RestartPolicy.Name)
    # After a power cut in the next seconds Docker starts the old one again, which it would not do with a stopped one otherwise.
    docker update --restart=always "$old" >/dev/null
    docker stop "$old" >/dev/null
}

go_back() {
    docker rm --force "$new" >/dev/null
    [ "$mode" = swap ] && [ -n "$old" ] || return 0
    docker start "$old" >/dev/null
    docker update --restart="$policy" "$old" >/dev/null
    wait_for_health "$old" "$seconds" && say "the old container runs again"
}

if [ "$mode" = swap ] && [ -n "$old" ]; then stop_old; fi
if ! docker start "$new" >/dev/null || ! wait_for_health "$new" "$seconds"; then
    go_back
    exit 1
fi
[ -z "$old" ] || {
    docker stop "$old" >/dev/null
    docker rm "$old" >/dev/null
}
