# The deploy job of the published pipeline, call by call. Besides the AWS CLI's own variables it gets PARAMETERS (path of the
# parameters), IMAGE_TAG, INSTANCE_ID and DOCUMENT, which stands for AWS-RunShellScript with the commands of host.sh.
aws ssm put-parameter --name "$PARAMETERS/image-tag" --value "$IMAGE_TAG" --type String --overwrite
stored=$(aws ssm get-parameter --name "$PARAMETERS/image-tag" --query Parameter.Value --output text)
[ "$stored" = "$IMAGE_TAG" ] || exit 1
echo recorded
command=$(aws ssm send-command --instance-ids "$INSTANCE_ID" --document-name "$DOCUMENT" --query Command.CommandId --output text)
while true; do
    status=$(aws ssm list-commands --command-id "$command" --query "Commands[0].Status" --output text)
    case $status in Success | Failed) break ;; esac
    sleep 3
done
aws ssm get-command-invocation --command-id "$command" --instance-id "$INSTANCE_ID" --query StandardOutputContent --output text
[ "$status" = Success ]
