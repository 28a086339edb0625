# The document of an Ec2Target, run through SSM.

# States in which a command stays for ever. Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html
is_final_command() {
    case $1 in
        Pending | InProgress | "In Progress" | Cancelling | Delayed) return 1 ;;
        *) return 0 ;;
    esac
}

# send_command DIGEST MAX_ERRORS TARGET... - sends the document for an image, to one instance at a time and to none after more than
# MAX_ERRORS failures. Sets command_id and command_target.
send_command() {
    digest=$1 max_errors=$2
    shift 2
    command_target=$*
    aws_text ssm send-command --document-name "$DEPLOY_DOCUMENT" "$@" --max-concurrency 1 --max-errors "$max_errors" \
        --parameters "Digest=$digest" --comment "$digest" --timeout-seconds 60 --query Command.CommandId
    command_id=$answer
    note "command $command_id"
}

# watch_command [FUNCTION] - waits for the end of the command and shows the output of each instance. FUNCTION is run side by side with the
# last questions. Returns 1 unless at least one instance was reached and each one succeeded.
watch_command() {
    beside_end=${1:-}
    if ! wait_until "${DEPLOY_DEADLINE:-1800}" 1 command_ended; then
        aws_text ssm cancel-command --command-id "$command_id"
        note "the command was cancelled: it had not ended after ${DEPLOY_DEADLINE:-1800} s (DEPLOY_DEADLINE)"
        wait_until 120 1 command_ended || fail "command $command_id does not end; look at its instances."
    fi
    cat "$scratch/request_outputs/shown"
    note "status of the command: $command_status"
    if [ "$command_targets" -eq 0 ]; then
        note "no instance was reached: none that is online matches $command_target"
        return 1
    fi
    # A command can count as a success although it was not delivered to every instance.
    [ "$command_status" = Success ] && [ "$command_completed" = "$command_targets" ] &&
        [ -z "$(instances_without Success)" ]
}

# command_ended - requests the status of each instance, and where all of them have ended, that of the command, which knows
# whether another instance comes, and their output. Lines `instance status` are kept for instances_with. Sets command_status,
# command_targets and command_completed. Returns 1 while the command runs, or while it is not known everywhere yet.
command_ended() {
    aws_text ssm list-command-invocations --command-id "$command_id" \
        --query 'CommandInvocations[].[InstanceId, StatusDetails]'
    invocations=$scratch/invocations
    sed '/^None$/d;/^$/d' "$scratch/answer" >"$invocations"
    while IFS='	' read -r instance status; do
        is_final_command "$status" || return 1
    done <"$invocations"
    side_by_side request_status request_outputs ${beside_end:+"$beside_end"}
    [ "$(cat "$scratch/request_status/answer")" != None ] || return 1
    IFS='	' read -r command_status command_coarse command_targets command_completed <"$scratch/request_status/answer"
    is_final_command "$command_status" && is_final_command "$command_coarse"
}

request_status() {
    aws_text ssm list-commands --command-id "$command_id" \
        --query 'Commands[0].[StatusDetails, Status, TargetCount, CompletedCount]'
}

# request_outputs - reads the whole output of each instance, which a listing cuts, into "$scratch/outputs", with its status for the log.
request_outputs() {
    : >"$scratch/outputs"
    while IFS='	' read -r instance status; do
        # shellcheck disable=SC2016 # the backquotes are those of the query language
        aws_text ssm get-command-invocation --command-id "$command_id" --instance-id "$instance" \
            --query 'join(`"\n"`, [StandardOutputContent, StandardErrorContent])'
        printf '%s\n' "$answer" >>"$scratch/outputs"
        printf '%s\n' "$answer" | sed "s/^/$instance: /"
        note "$instance: $status"
    done <"$invocations" >"$scratch/shown"
}

# instances_with STATUS - prints the ids of instances with this status, separated by commas.
instances_with() {
    awk -F '\t' -v status="$1" '$2 == status { printf "%s%s", separator, $1; separator = "," }' "$invocations"
}

# instances_without STATUS - prints the ids of all other instances.
instances_without() {
    awk -F '\t' -v status="$1" '$2 != status { printf "%s%s", separator, $1; separator = "," }' "$invocations"
}

# replaced_digest - prints the digest that an instance replaced, if it is not DIGEST; empty when each ran that one, or none.
replaced_digest() {
    sed -n 's/^replaced: \(sha256:[0-9a-f]*\)$/\1/p' "$scratch/request_outputs/outputs" | sed "/^$digest\$/d" | tail -n 1
}
