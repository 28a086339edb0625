# The lookups of the published build job before it builds. It gets PARAMETERS and REPOSITORY, and prints the last tag.
aws ecr get-login-password >/dev/null
last=$(aws ssm get-parameter --name "$PARAMETERS/image-tag" --query Parameter.Value --output text || echo none)
[ "$last" = none ] || aws ecr describe-images --repository-name "${REPOSITORY#*/}" --image-ids "imageTag=$last" >/dev/null
echo "$last"
