# The commands that the published pipeline runs on the instance, call by call; PARAMETERS and REPOSITORY stand before them.
parameter() { aws ssm get-parameter --name "$PARAMETERS/$1" --query Parameter.Value --output text; }
cd "$(parameter directory-app)" || exit 1
secret_name=$(parameter secret-name)
IMAGE_TAG=$(parameter image-tag)
secrets=$(aws secretsmanager get-secret-value --secret-id "$secret_name" --query SecretString --output text | jq .)
DATABASE_PASSWORD=$(echo "$secrets" | jq -r .DATABASE_PASSWORD)
MYSQL_PASSWORD=$(echo "$secrets" | jq -r .MYSQL_PASSWORD)
export IMAGE_TAG DATABASE_PASSWORD MYSQL_PASSWORD REPOSITORY
aws ecr get-login-password | docker login --username AWS --password-stdin "${REPOSITORY%%/*}"
docker pull "$REPOSITORY:$IMAGE_TAG" || true
docker ps --filter name=mysql-published --filter status=running | grep -q mysql-published ||
    docker compose -f docker-compose.prod.yml up -d mysql
docker compose -f docker-compose.prod.yml stop go
docker compose -f docker-compose.prod.yml rm -f go
docker images "$REPOSITORY" -q | grep -v "$IMAGE_TAG" | xargs -r docker rmi -f || true
docker compose -f docker-compose.prod.yml up -d go
