#!/bin/sh
# Prepares the data folder at the first start as the official image does, from MYSQL_DATABASE, MYSQL_USER and MYSQL_PASSWORD, and
# runs the server. root has no password and is reached from inside the container only.
set -eu

data=/var/lib/mysql
quote() {
    printf %s "$1" | sed "s/[\\\\']/\\\\&/g"
}

chown -R mysql:mysql "$data"
if [ ! -f "$data/prepared" ]; then
    : "${MYSQL_DATABASE:?}" "${MYSQL_USER:?}" "${MYSQL_PASSWORD:?}"
    # An earlier start may have been cut off half-way.
    rm -rf "${data:?}"/*
    {
        # The server takes one statement a line here.
        echo "CREATE DATABASE mysql;"
        echo "USE mysql;"
        cat /usr/share/mysql/mysql_system_tables.sql /usr/share/mysql/mysql_performance_tables.sql \
            /usr/share/mysql/mysql_system_tables_data.sql
        echo "FLUSH PRIVILEGES;"
        echo "CREATE DATABASE \`$MYSQL_DATABASE\` CHARACTER SET utf8mb4;"
        echo "CREATE USER '$(quote "$MYSQL_USER")'@'%' IDENTIFIED BY '$(quote "$MYSQL_PASSWORD")';"
        echo "GRANT ALL ON \`$MYSQL_DATABASE\`.* TO '$(quote "$MYSQL_USER")'@'%';"
    } | mariadbd --no-defaults --bootstrap --user=mysql --datadir="$data" >&2
    touch "$data/prepared"
fi
exec mariadbd --no-defaults --user=mysql --datadir="$data" --socket=/tmp/mysqld.sock --skip-name-resolve \
    --innodb-buffer-pool-size=32M --performance-schema=OFF "$@"
