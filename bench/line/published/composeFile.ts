/**
 * Renders a compose file of the published form: the image by its tag, and settings from the variables that the host's commands export.
 *
 * @param port of the application on 127.0.0.1
 * @param databaseImage reference of the database's image
 */
export function composeFile(port: number, databaseImage: string): string {
    return `name: published
services:
  go:
    image: \${REPOSITORY}:\${IMAGE_TAG}
    restart: unless-stopped
    command: [./main]
    depends_on: [mysql]
    environment:
      LISTEN_ADDRESS: ":8080"
      DATABASE_HOST: mysql
      DATABASE_USER: inventory
      DATABASE_NAME: inventory
      DATABASE_PASSWORD: \${DATABASE_PASSWORD}
    ports: ["127.0.0.1:${port}:8080"]
  mysql:
    image: ${databaseImage}
    container_name: mysql-published
    restart: unless-stopped
    environment:
      MYSQL_DATABASE: inventory
      MYSQL_USER: inventory
      MYSQL_PASSWORD: \${MYSQL_PASSWORD}
      MYSQL_RANDOM_ROOT_PASSWORD: "yes"
    volumes: [data:/var/lib/mysql]
volumes:
  data:
`;
}
