package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func lookupIn(values map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, ok := values[name]
		return value, ok
	}
}

func TestRunErrors(t *testing.T) {
	tests := []struct {
		name string
		args []string
		env  map[string]string
		want string
	}{
		{"unknown argument", []string{"help"}, nil, `unknown arguments ["help"]; allowed: none, to serve, or healthcheck`},
		{"two arguments", []string{"healthcheck", "x"}, nil, `unknown arguments ["healthcheck" "x"]; allowed: none, to serve, or healthcheck`},
		{
			"bad configuration", nil, map[string]string{"LISTEN_ADDRESS": "x"},
			`LISTEN_ADDRESS is "x"; it must be host:port or :port`,
		},
		{
			"health check with bad configuration", []string{"healthcheck"}, map[string]string{"LISTEN_ADDRESS": "x"},
			`LISTEN_ADDRESS is "x"; it must be host:port or :port`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if err := run(t.Context(), test.args, lookupIn(test.env), io.Discard); err == nil || err.Error() != test.want {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestHealthcheck(t *testing.T) {
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			t.Errorf("asked for %s", r.URL.Path)
		}
		w.WriteHeader(status)
	}))
	address := strings.TrimPrefix(server.URL, "http://")
	env := lookupIn(map[string]string{"LISTEN_ADDRESS": address})

	if err := healthcheck(t.Context(), env); err != nil {
		t.Errorf("healthy server: %v", err)
	}
	status = http.StatusServiceUnavailable
	want := "not healthy: " + server.URL + "/healthz answered 503 Service Unavailable"
	if err := healthcheck(t.Context(), env); err == nil || err.Error() != want {
		t.Errorf("unhealthy server: %v, want %q", err, want)
	}
	server.Close()
	if err := healthcheck(t.Context(), env); err == nil || !strings.HasPrefix(err.Error(), "not healthy: ") {
		t.Errorf("no server: %v", err)
	}
}

func TestLoopback(t *testing.T) {
	tests := []struct{ listen, want string }{
		{":8080", "127.0.0.1:8080"},
		{"0.0.0.0:80", "127.0.0.1:80"},
		{"[::]:80", "127.0.0.1:80"},
		{"10.0.0.5:80", "10.0.0.5:80"},
		{"localhost:80", "localhost:80"},
	}
	for _, test := range tests {
		if got := loopback(test.listen); got != test.want {
			t.Errorf("loopback(%q) = %q, want %q", test.listen, got, test.want)
		}
	}
}
