# An ECS service: what runs, the task definition to run, and the rollout. Uses ECS_CLUSTER, ECS_SERVICE, ECS_CONTAINER and
# ECS_TASK_DEFINITION, the declared task definition that is the template of every release.

# read_service - sets running_definition, running_id and running_state to task definition, id and rollout state of the
# service's primary deployment, older_definition to what it takes over from (None when it has taken over), and load_balancers to
# what reaches it, as JSON, with running_container, the container that is reached.
read_service() {
    primary="services[0].deployments[?status=='PRIMARY'] | [0]"
    older="services[0].deployments[?status=='ACTIVE' && rolloutState!='FAILED'].taskDefinition | [0]"
    aws_text ecs describe-services --cluster "$ECS_CLUSTER" --services "$ECS_SERVICE" --query \
        "[services[0].status, services[0].deploymentController.type, ($primary).taskDefinition, ($primary).id, ($primary).rolloutState, $older, services[0].loadBalancers[0].containerName, to_string(services[0].loadBalancers)]"
    read -r service_status controller running_definition running_id running_state older_definition running_container load_balancers <<EOF
$answer
EOF
    [ "$running_container" != None ] || running_container=$ECS_CONTAINER
    [ "$service_status" = ACTIVE ] ||
        fail "service $ECS_SERVICE of cluster $ECS_CLUSTER does not exist or is being deleted; declare it with pulumi up first."
    case $controller in
        ECS | None) ;;
        *) fail "the deployments of service $ECS_SERVICE are controlled by $controller; this script serves ECS's own controller." ;;
    esac
}

# read_definition DEFINITION WHICH - sets definition_image to the image of a container in a task definition, and
# definition_status. WHICH is `name=='…'` or `image=='…'`. Returns 1 when there is no such definition or container.
read_definition() {
    try_aws_text ecs describe-task-definition --task-definition "$1" --query \
        "taskDefinition.[containerDefinitions[?$2].image | [0], status]" || return 1
    read -r definition_image definition_status <<EOF
$answer
EOF
    [ "$definition_image" != None ]
}

# Fields of a task definition besides its family and containers.
optional_definition_fields="taskRoleArn executionRoleArn networkMode volumes placementConstraints requiresCompatibilities cpu
memory pidMode ipcMode proxyConfiguration inferenceAccelerators ephemeralStorage runtimePlatform enableFaultInjection"

# render_definition DEFINITION - sets `answer` to a task definition as register-task-definition takes it, with image_uri in the
# container. Two definitions that differ in nothing else give the same text.
render_definition() {
    container="containerDefinitions[?name=='$ECS_CONTAINER'].merge(@, {image: '$image_uri'})"
    parts="{family: family, containerDefinitions: [$container, containerDefinitions[?name!='$ECS_CONTAINER']][]}"
    for field in $optional_definition_fields; do
        parts="$parts, $field && {$field: $field} || \`{}\`"
    done
    aws_text ecs describe-task-definition --task-definition "$1" --query "taskDefinition | to_string(merge($parts))"
}

# choose_definition - sets wanted_definition to a task definition that runs image_uri as declared: the running one, the declared
# one, or one that it registers.
choose_definition() {
    read_definition "$ECS_TASK_DEFINITION" "name=='$ECS_CONTAINER'" ||
        fail "task definition $ECS_TASK_DEFINITION has no container \"$ECS_CONTAINER\"${aws_error:+: $aws_error}."
    render_definition "$running_definition"
    rendered_running=$answer
    render_definition "$ECS_TASK_DEFINITION"
    if [ "$answer" = "$rendered_running" ] && [ "$running_image" = "$image_uri" ]; then
        wanted_definition=$running_definition
    elif [ "$definition_image" = "$image_uri" ]; then
        wanted_definition=$ECS_TASK_DEFINITION
    else
        printf '%s' "$answer" >"$scratch/definition.json"
        aws_text ecs register-task-definition --cli-input-json "file://$scratch/definition.json" \
            --query taskDefinition.taskDefinitionArn
        wanted_definition=$answer
        note "registered $wanted_definition"
    fi
}

# Number of revisions to search for the one that ran the release before.
revisions_to_search=25

# find_earlier_definition - sets wanted_definition to the newest revision before the running one that runs image_uri; returns 1
# when there is none, or when the image runs already.
find_earlier_definition() {
    [ "$running_image" != "$image_uri" ] || return 1
    family=${running_definition%:*} revision=${running_definition##*:}
    last=$((revision > revisions_to_search ? revision - revisions_to_search : 1))
    while [ "$revision" -gt "$last" ]; do
        revision=$((revision - 1))
        if read_definition "$family:$revision" "image=='$image_uri'" && [ "$definition_status" = ACTIVE ]; then
            wanted_definition=$family:$revision
            return 0
        fi
    done
    return 1
}

# start_rollout DEFINITION - moves the service to a task definition, and what reaches it to the container and port that it has
# there: ECS takes both together only. Sets deployment_id.
start_rollout() {
    reach_definition "$1"
    set -- --task-definition "$1"
    [ "$reaching" = "$load_balancers" ] || set -- "$@" --load-balancers "$reaching"
    aws_text ecs update-service --cluster "$ECS_CLUSTER" --service "$ECS_SERVICE" "$@" \
        --query "service.deployments[?status=='PRIMARY'].id | [0]"
    deployment_id=$answer
}

# reach_definition DEFINITION - sets `reaching` to load_balancers with the container and port of a task definition: ECS_CONTAINER,
# or where an older one has no such container, the first one with a port.
reach_definition() {
    reaching=$load_balancers
    case $load_balancers in "" | "[]" | null) return 0 ;; esac
    aws_text ecs describe-task-definition --task-definition "$1" --query \
        "taskDefinition.[containerDefinitions[?name=='$ECS_CONTAINER'], containerDefinitions[?portMappings]][] | [0].[name, portMappings[0].containerPort]"
    reaching=$(printf '%s' "$load_balancers" | sed -e "s/\"containerName\":\"[^\"]*\"/\"containerName\":\"${answer%%	*}\"/g" \
        -e "s/\"containerPort\":[0-9]*/\"containerPort\":${answer#*	}/g")
}

# rollout_ended - whether the deployment deployment_id has ended; sets rollout to completed, failed, replaced or running, and
# rollout_reason.
rollout_ended() {
    aws_text ecs describe-services --cluster "$ECS_CLUSTER" --services "$ECS_SERVICE" --query \
        "services[0].deployments[?id=='$deployment_id'] | [0].[status, rolloutState, rolloutStateReason]"
    rollout_reason=
    read -r deployment_status deployment_state rollout_reason <<EOF
$answer
EOF
    case "$deployment_status $deployment_state" in
        "PRIMARY COMPLETED") rollout=completed ;;
        *" FAILED") rollout=failed ;;
        PRIMARY*) rollout=running ;;
        *) rollout=replaced rollout_reason="another deployment took its place" ;;
    esac
    [ "$rollout" != running ]
}

# service_has_settled - whether the service's primary deployment has come to its end.
service_has_settled() {
    read_service
    [ "$running_state" != IN_PROGRESS ]
}

# return_to DEFINITION - sees to it that the service runs a task definition again, by its own rollback or by
# moving it there, and tells what it runs.
return_to() {
    read_service
    if [ "$running_definition" = "$wanted_definition" ] && [ "$1" != None ]; then
        note "moving the service back to $1"
        start_rollout "$1"
    fi
    wait_until "$deadline_seconds" 2 service_has_settled ||
        note "the service has not settled in $deadline_seconds seconds; look at it."
    note "the service runs $running_definition ($running_state)"
}

# show_reasons - prints why tasks of wanted_definition did not run: the service's last events and the stopped tasks. An
# answer that cannot be read is reported, and does not hide the failure itself.
show_reasons() {
    try_aws_text ecs describe-services --cluster "$ECS_CLUSTER" --services "$ECS_SERVICE" \
        --query 'services[0].events[:10].[message]' || answer=$aws_error
    note "last events of the service:"
    note "$answer"
    if try_aws_text ecs list-tasks --cluster "$ECS_CLUSTER" --service-name "$ECS_SERVICE" --desired-status STOPPED \
        --query 'taskArns[:20]' && [ -n "$answer" ] && [ "$answer" != None ]; then
        failed_container="containers[?name=='$ECS_CONTAINER'] | [0]"
        # shellcheck disable=SC2086 # one argument for each task
        try_aws_text ecs describe-tasks --cluster "$ECS_CLUSTER" --tasks $answer --query \
            "tasks[?taskDefinitionArn=='$wanted_definition'].[taskArn, stopCode, stoppedReason, ($failed_container).exitCode, ($failed_container).reason]" ||
            answer=$aws_error
    else
        answer=${aws_error:-none}
    fi
    note "stopped tasks of the release (task, code, reason, exit code, container's reason):"
    note "$answer"
}
