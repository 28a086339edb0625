// Command api serves the inventory over HTTP. `api healthcheck` asks a running one whether it answers.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := run(ctx, os.Args[1:], os.LookupEnv, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "api:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, lookup func(string) (string, bool), output io.Writer) error {
	switch {
	case len(args) == 0:
		return serve(ctx, lookup, slog.New(slog.NewJSONHandler(output, nil)))
	case len(args) == 1 && args[0] == "healthcheck":
		return healthcheck(ctx, lookup)
	default:
		return fmt.Errorf("unknown arguments %q; allowed: none, to serve, or healthcheck", args)
	}
}
