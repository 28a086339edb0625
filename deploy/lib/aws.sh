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
