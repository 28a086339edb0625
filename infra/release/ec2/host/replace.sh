# replace.sh OLD NEW MODE SECONDS
#
# Puts the created container NEW in the place of OLD, which may be empty, and goes back to OLD when NEW does not become healthy.
# MODE is `beside` when both can run at once, `swap` when they need the same port. Runs in a session of its own, so that it comes
# to its end although the command that began it is killed.

set -eu
. "$scripts/functions.sh"
old=$1 new=$2 mode=$3 seconds=$4

# start CONTAINER - and lets requests reach it at once. One that came before it had its network asked in vain who has its address, and the
# kernel would ask again only after a second, so that what it knows of the address is forgotten here.
# Source: https://github.com/moby/moby/issues/16114
start() {
    docker start "$1" >/dev/null || return 1
    for address in $(inspect "$1" '.NetworkSettings.Networks[].IPAddress'); do
        ip neigh flush to "$address" nud all || say "requests may wait for a second: ip could not forget $address (above)"
    done
}

stop_old() {
    policy=$(inspect "$old" .HostConfig.RestartPolicy.Name)
    # After a power cut in the next seconds Docker starts the old one again, which it would not do with a stopped one otherwise.
    docker update --restart=always "$old" >/dev/null
    docker stop "$old" >/dev/null
}

go_back() {
    docker rm --force "$new" >/dev/null
    [ "$mode" = swap ] && [ -n "$old" ] || return 0
    start "$old"
    docker update --restart="$policy" "$old" >/dev/null
    wait_for_health "$old" "$seconds" && say "the old container runs again"
}

if [ "$mode" = swap ] && [ -n "$old" ]; then stop_old; fi
if ! start "$new" || ! wait_for_health "$new" "$seconds"; then
    go_back
    exit 1
fi
[ -z "$old" ] || {
    docker stop "$old" >/dev/null
    docker rm "$old" >/dev/null
}
