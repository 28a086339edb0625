# What the scripts say.

# note SENTENCE - tells progress on standard output.
note() {
    printf '%s\n' "$*"
}

# fail SENTENCE - says on standard error what is wrong and what to do, and ends the script with exit code 1.
fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# usage_error SENTENCE - for wrong arguments: exit code 2.
usage_error() {
    printf 'error: %s See %s --help.\n' "$*" "$0" >&2
    exit 2
}

# print_usage - the comment at the head of the running script, which is its manual.
print_usage() {
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
}
