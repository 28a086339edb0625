# Messages of the scripts.

# note SENTENCE - prints progress on standard output.
note() {
    printf '%s\n' "$*"
}

# fail SENTENCE - prints a fault with its remedy on standard error, and ends the script with exit code 1.
fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# usage_error SENTENCE - prints a fault of the arguments, and ends the script with exit code 2.
usage_error() {
    printf 'error: %s See %s --help.\n' "$*" "$0" >&2
    exit 2
}

# print_usage - prints the comment at the head of the running script, which is its manual.
print_usage() {
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
}
