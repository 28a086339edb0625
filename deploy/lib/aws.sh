# Calls of the AWS CLI.

# aws_text ARGUMENT... - calls the AWS CLI and sets `answer` to its text output; fails with the CLI's own message.
aws_text() {
    try_aws_text "$@" || fail "$aws_error"
}

# try_aws_text ARGUMENT... - as aws_text; returns 1 and sets `aws_error` when the call fails. The output's exact bytes are in
# "$scratch/answer".
try_aws_text() {
    aws_error=
    if aws "$@" --output text >"$scratch/answer" 2>"$scratch/aws-error"; then
        answer=$(cat "$scratch/answer")
        return 0
    fi
    answer=
    aws_error=$(tr -s '\n' ' ' <"$scratch/aws-error")
    aws_error=${aws_error# }
    return 1
}

# is_aws_error CODE - whether the last failed call failed with this error code.
is_aws_error() {
    case $aws_error in
        *"($1)"*) return 0 ;;
        *) return 1 ;;
    esac
}

# side_by_side FUNCTION... - runs functions at once, each in a shell of its own with the folder "$scratch/FUNCTION" as its `scratch`, and
# waits for all. Fails when one has failed, with the message and the exit code of the first such.
side_by_side() {
    for function in "$@"; do
        run_apart "$function" &
        eval "pid_of_$function=$!"
    done
    failed=
    for function in "$@"; do
        eval "wait \"\$pid_of_$function\"" || failed=${failed:-$? $function}
    done
    [ -z "$failed" ] || {
        cat "$scratch/${failed#* }/errors" >&2
        exit "${failed% *}"
    }
}

run_apart() {
    scratch=$scratch/$1
    rm -rf "$scratch"
    mkdir "$scratch"
    "$1" 2>"$scratch/errors"
}
