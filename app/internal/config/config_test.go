package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func lookupIn(values map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, ok := values[name]
		return value, ok
	}
}

func parts(changes map[string]string) map[string]string {
	values := map[string]string{
		"DATABASE_HOST": "db", "DATABASE_USER": "api", "DATABASE_NAME": "inventory", "DATABASE_PASSWORD": "s3cr3t",
	}
	for name, value := range changes {
		if value == "" {
			delete(values, name)
		} else {
			values[name] = value
		}
	}
	return values
}

func TestLoad(t *testing.T) {
	passwordFile := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(passwordFile, []byte("from-file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name                            string
		values                          map[string]string
		listen, user, password, address string
		timeout                         time.Duration
	}{
		{"parts and defaults", parts(nil), ":8080", "api", "s3cr3t", "db:3306", time.Minute},
		{
			"port, listen address and timeout of their own",
			parts(map[string]string{"DATABASE_HOST": "db:3307", "LISTEN_ADDRESS": "127.0.0.1:9000", "DATABASE_CONNECT_TIMEOUT": "5s"}),
			"127.0.0.1:9000", "api", "s3cr3t", "db:3307", 5 * time.Second,
		},
		{"IPv6 host", parts(map[string]string{"DATABASE_HOST": "::1"}), ":8080", "api", "s3cr3t", "[::1]:3306", time.Minute},
		{
			"password from a file, without its line end",
			parts(map[string]string{"DATABASE_PASSWORD": "", "DATABASE_PASSWORD_FILE": passwordFile}),
			":8080", "api", "from-file", "db:3306", time.Minute,
		},
		{
			"DSN",
			map[string]string{"DATABASE_DSN": "root:p@ss@tcp(10.0.0.5:3306)/inventory"},
			":8080", "root", "p@ss", "10.0.0.5:3306", time.Minute,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Load(lookupIn(test.values))
			if err != nil {
				t.Fatal(err)
			}
			if got.ListenAddress != test.listen || got.ConnectTimeout != test.timeout {
				t.Errorf("listen %q, timeout %v; want %q, %v", got.ListenAddress, got.ConnectTimeout, test.listen, test.timeout)
			}
			database := got.Database
			if database.User != test.user || database.Passwd != test.password || database.Addr != test.address {
				t.Errorf("database %s, %s, %s; want %s, %s, %s",
					database.User, database.Passwd, database.Addr, test.user, test.password, test.address)
			}
			if database.DBName != "inventory" || !database.ParseTime || database.Loc != time.UTC {
				t.Errorf("database name %q, parse time %v, location %v", database.DBName, database.ParseTime, database.Loc)
			}
		})
	}
}

func TestLoadErrors(t *testing.T) {
	tests := []struct {
		name   string
		values map[string]string
		want   string
	}{
		{"nothing set", nil, "DATABASE_HOST is not set; set DATABASE_DSN, or DATABASE_HOST, DATABASE_USER and DATABASE_NAME"},
		{
			"no database name",
			parts(map[string]string{"DATABASE_NAME": ""}),
			"DATABASE_NAME is not set; set DATABASE_DSN, or DATABASE_HOST, DATABASE_USER and DATABASE_NAME",
		},
		{
			"no password",
			parts(map[string]string{"DATABASE_PASSWORD": ""}),
			"no database password is set; set DATABASE_PASSWORD or DATABASE_PASSWORD_FILE",
		},
		{
			"two passwords",
			parts(map[string]string{"DATABASE_PASSWORD_FILE": "/run/secrets/password"}),
			"DATABASE_PASSWORD and DATABASE_PASSWORD_FILE are both set; set only one of them",
		},
		{
			"password file missing",
			parts(map[string]string{"DATABASE_PASSWORD": "", "DATABASE_PASSWORD_FILE": "/nonexistent/password"}),
			"DATABASE_PASSWORD_FILE cannot be read: open /nonexistent/password: no such file or directory",
		},
		{
			"DSN and parts",
			parts(map[string]string{"DATABASE_DSN": "root:s3cr3t@tcp(db:3306)/inventory"}),
			"DATABASE_DSN and DATABASE_HOST are both set; set only one of them",
		},
		{
			"DSN without a slash",
			map[string]string{"DATABASE_DSN": "root:s3cr3t@tcp(db:3306)"},
			"DATABASE_DSN is not valid; it must have the form user:password@tcp(host:3306)/database",
		},
		{
			"DSN without a database",
			map[string]string{"DATABASE_DSN": "root:s3cr3t@tcp(db:3306)/"},
			"DATABASE_DSN is not valid; it must have the form user:password@tcp(host:3306)/database",
		},
		{
			"listen address without a port",
			parts(map[string]string{"LISTEN_ADDRESS": "localhost"}),
			`LISTEN_ADDRESS is "localhost"; it must be host:port or :port`,
		},
		{
			"timeout without a unit",
			parts(map[string]string{"DATABASE_CONNECT_TIMEOUT": "30"}),
			`DATABASE_CONNECT_TIMEOUT is "30"; it must be a positive duration such as 30s or 2m`,
		},
		{
			"negative timeout",
			parts(map[string]string{"DATABASE_CONNECT_TIMEOUT": "-1s"}),
			`DATABASE_CONNECT_TIMEOUT is "-1s"; it must be a positive duration such as 30s or 2m`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Load(lookupIn(test.values))
			if err == nil || err.Error() != test.want {
				t.Fatalf("Load() = %v, want %q", err, test.want)
			}
			if strings.Contains(err.Error(), "s3cr3t") {
				t.Errorf("the error shows the password: %v", err)
			}
		})
	}
}
