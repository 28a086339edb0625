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

# watch_command - waits for the end of the command and shows the output of each instance. Returns 1 unless at least one instance was
# reached and each one succeeded.
watch_command() {
    if ! wait_until "${DEPLOY_DEADLINE:-1800}" 1 command_ended; then
        aws_text ssm cancel-command --command-id "$command_id"
        note "the command was cancelled: it had not ended after ${DEPLOY_DEADLINE:-1800} s (DEPLOY_DEADLINE)"
        wait_until 120 1 command_ended || fail "command $command_id does not end; look at its instances."
    fi
    show_invocations
    if [ "$command_targets" -eq 0 ]; then
        note "no instance was reached: none that is online matches $command_target"
        return 1
    fi
    # A command can count as a success although it was not delivered to every instance.
    [ "$command_status" = Success ] && [ "$command_completed" = "$command_targets" ] &&
        [ -z "$(instances_without Success)" ]
}

# command_ended - asks for the status of each instance, and where all that it knows of have ended, for that of the command, which knows
# whether another instance comes. Lines `instance status` are kept for instances_with. Sets command_status, command_targets and
# command_completed. Returns 1 while the command runs, or while it is not known everywhere yet.
command_ended() {
    aws_text ssm list-command-invocations --command-id "$command_id" \
        --query 'CommandInvocations[].[InstanceId, StatusDetails]'
    printf '%s\n' "$answer" | sed '/^None$/d;/^$/d' >"$scratch/invocations"
    while IFS='	' read -r instance status; do
        is_final_command "$status" || return 1
    done <"$scratch/invocations"
    aws_text ssm list-commands --command-id "$command_id" \
        --query 'Commands[0].[StatusDetails, Status, TargetCount, CompletedCount]'
    [ "$answer" != None ] || return 1
    IFS='	' read -r command_status command_coarse command_targets command_completed <<END
$answer
END
    is_final_command "$command_status" && is_final_command "$command_coarse"
}

# show_invocations - the whole output of each instance, and its status.
show_invocations() {
    : >"$scratch/outputs"
    while IFS='	' read -r instance status; do
        # shellcheck disable=SC2016 # the backquotes are those of the query language
        aws_text ssm get-command-invocation --command-id "$command_id" --instance-id "$instance" \
            --query 'join(`"\n"`, [StandardOutputContent, StandardErrorContent])'
        printf '%s\n' "$answer" | tee -a "$scratch/outputs" | sed "s/^/$instance: /"
        note "$instance: $status"
    done <"$scratch/invocations"
    note "status of the command: $command_status"
}

# instances_with STATUS - their ids, separated by commas.
instances_with() {
    awk -F '\t' -v status="$1" '$2 == status { printf "%s%s", separator, $1; separator = "," }' "$scratch/invocations"
}

# instances_without STATUS - the ids of all others.
instances_without() {
    awk -F '\t' -v status="$1" '$2 != status { printf "%s%s", separator, $1; separator = "," }' "$scratch/invocations"
}

# replaced_digest - another image than DIGEST of the last command that an instance ran before it; empty when each ran that one, or none.
replaced_digest() {
    sed -n 's/^replaced: \(sha256:[0-9a-f]*\)$/\1/p' "$scratch/outputs" | sed "/^$digest\$/d" | tail -n 1
}
