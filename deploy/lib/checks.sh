# Checks before anything changes, and waiting with a deadline.

# require_commands NAME... - fails when a command is not on PATH.
require_commands() {
    for command in "$@"; do
        command -v "$command" >/dev/null || fail "$command is not on PATH; install it on the machine that runs the deploy."
    done
}

# require_variables NAME... - fails with all names that are unset or empty.
require_variables() {
    missing=
    for variable in "$@"; do
        eval "value=\${$variable:-}"
        [ -n "$value" ] || missing="$missing $variable"
    done
    [ -z "$missing" ] ||
        fail "not set:$missing; they are lines of the stack's output deployEnv (pulumi stack output deployEnv)."
}

# require_argument OPTION COUNT - fails when an option stands last, without its value.
require_argument() {
    [ "$2" -ge 2 ] || usage_error "$1 needs a value."
}

# read_image_argument ARGUMENT... - reads `[--image REFERENCE]`; sets `image`, without it to IMAGE_URI. With --help it prints the manual
# and ends.
# shellcheck disable=SC2034 # the scripts that read the argument use it
read_image_argument() {
    image=${IMAGE_URI:-}
    while [ $# -gt 0 ]; do
        case $1 in
            --image) require_argument "$1" $# && image=$2 && shift 2 ;;
            --help) print_usage && exit 0 ;;
            *) usage_error "unknown argument \"$1\"." ;;
        esac
    done
}

# wait_until SECONDS INTERVAL COMMAND... - runs COMMAND until it succeeds, at least once.
# Returns 1 when SECONDS have passed.
wait_until() {
    deadline=$(($(date +%s) + $1))
    interval=$2
    shift 2
    until "$@"; do
        [ "$(date +%s)" -lt "$deadline" ] || return 1
        sleep "$interval"
    done
}
