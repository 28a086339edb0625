// Package config reads the service's configuration from environment variables.
package config

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
)

const (
	defaultListenAddress  = ":8080"
	defaultConnectTimeout = time.Minute
	defaultDatabasePort   = "3306"
)

// Config is the validated configuration of the service.
type Config struct {
	// ListenAddress is the host and port to listen on (LISTEN_ADDRESS, default ":8080").
	ListenAddress string
	// Database is how to reach the database (DATABASE_DSN, or DATABASE_HOST, _USER, _NAME and a password). It holds a
	// secret: never log it.
	Database *mysql.Config
	// ConnectTimeout is how long the service waits at its start for the database (DATABASE_CONNECT_TIMEOUT, default 1m).
	ConnectTimeout time.Duration
}

// Load reads the configuration with lookup (os.LookupEnv in production). Its errors name the variable, never a secret.
func Load(lookup func(string) (string, bool)) (Config, error) {
	env := environment(lookup)
	listenAddress, err := ListenAddress(lookup)
	if err != nil {
		return Config{}, err
	}
	database, err := env.database()
	if err != nil {
		return Config{}, err
	}
	connectTimeout, err := env.connectTimeout()
	if err != nil {
		return Config{}, err
	}
	return Config{ListenAddress: listenAddress, Database: database, ConnectTimeout: connectTimeout}, nil
}

// ListenAddress reads just LISTEN_ADDRESS, which is all that the health check needs.
func ListenAddress(lookup func(string) (string, bool)) (string, error) {
	address := environment(lookup).get("LISTEN_ADDRESS")
	if address == "" {
		return defaultListenAddress, nil
	}
	if _, _, err := net.SplitHostPort(address); err != nil {
		return "", fmt.Errorf("LISTEN_ADDRESS is %q; it must be host:port or :port", address)
	}
	return address, nil
}

type environment func(string) (string, bool)

func (env environment) get(name string) string {
	value, _ := env(name)
	return value
}

func (env environment) connectTimeout() (time.Duration, error) {
	text := env.get("DATABASE_CONNECT_TIMEOUT")
	if text == "" {
		return defaultConnectTimeout, nil
	}
	timeout, err := time.ParseDuration(text)
	if err != nil || timeout <= 0 {
		return 0, fmt.Errorf("DATABASE_CONNECT_TIMEOUT is %q; it must be a positive duration such as 30s or 2m", text)
	}
	return timeout, nil
}

func (env environment) database() (*mysql.Config, error) {
	var database *mysql.Config
	var err error
	if env.get("DATABASE_DSN") != "" {
		database, err = env.databaseFromDSN()
	} else {
		database, err = env.databaseFromParts()
	}
	if err != nil {
		return nil, err
	}
	database.ParseTime = true
	database.Loc = time.UTC
	database.Timeout = 5 * time.Second
	database.ReadTimeout = 10 * time.Second
	database.WriteTimeout = 10 * time.Second
	return database, nil
}

func (env environment) databaseFromDSN() (*mysql.Config, error) {
	for _, name := range []string{"DATABASE_HOST", "DATABASE_USER", "DATABASE_NAME", "DATABASE_PASSWORD", "DATABASE_PASSWORD_FILE"} {
		if env.get(name) != "" {
			return nil, fmt.Errorf("DATABASE_DSN and %s are both set; set only one of them", name)
		}
	}
	// The parser's own error may quote a part of the DSN, so it is not passed on.
	database, err := mysql.ParseDSN(env.get("DATABASE_DSN"))
	if err != nil || database.DBName == "" {
		return nil, errors.New("DATABASE_DSN is not valid; it must have the form user:password@tcp(host:3306)/database")
	}
	return database, nil
}

func (env environment) databaseFromParts() (*mysql.Config, error) {
	for _, name := range []string{"DATABASE_HOST", "DATABASE_USER", "DATABASE_NAME"} {
		if env.get(name) == "" {
			return nil, fmt.Errorf("%s is not set; set DATABASE_DSN, or DATABASE_HOST, DATABASE_USER and DATABASE_NAME", name)
		}
	}
	password, err := env.password()
	if err != nil {
		return nil, err
	}
	database := mysql.NewConfig()
	database.Net = "tcp"
	database.Addr = withDefaultPort(env.get("DATABASE_HOST"))
	database.User = env.get("DATABASE_USER")
	database.Passwd = password
	database.DBName = env.get("DATABASE_NAME")
	return database, nil
}

func (env environment) password() (string, error) {
	password, inEnvironment := env("DATABASE_PASSWORD")
	file := env.get("DATABASE_PASSWORD_FILE")
	switch {
	case inEnvironment && file != "":
		return "", errors.New("DATABASE_PASSWORD and DATABASE_PASSWORD_FILE are both set; set only one of them")
	case file != "":
		content, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("DATABASE_PASSWORD_FILE cannot be read: %w", err)
		}
		return strings.TrimRight(string(content), "\r\n"), nil
	case inEnvironment:
		return password, nil
	default:
		return "", errors.New("no database password is set; set DATABASE_PASSWORD or DATABASE_PASSWORD_FILE")
	}
}

func withDefaultPort(host string) string {
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), defaultDatabasePort)
}
