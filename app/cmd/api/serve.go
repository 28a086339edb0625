package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"inventory/internal/config"
	"inventory/internal/httpapi"
	"inventory/internal/store"
)

// shutdownTimeout is how long running requests may take after SIGTERM: less than the 10 s after which Docker kills.
const shutdownTimeout = 8 * time.Second

// serve runs the API until ctx is done, then lets the running requests finish.
func serve(ctx context.Context, lookup func(string) (string, bool), log *slog.Logger) error {
	settings, err := config.Load(lookup)
	if err != nil {
		return err
	}
	items, err := store.Connect(ctx, settings.Database, settings.ConnectTimeout, log)
	if err != nil {
		if errors.Is(err, context.Canceled) {
			log.Info("stopped while waiting for the database")
			return nil
		}
		return err
	}
	defer items.Close()

	listener, err := net.Listen("tcp", settings.ListenAddress)
	if err != nil {
		return fmt.Errorf("cannot listen on LISTEN_ADDRESS %q: %w", settings.ListenAddress, err)
	}
	server := &http.Server{
		Handler:           httpapi.New(items, log, version()),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      15 * time.Second,
		IdleTimeout:       time.Minute,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	log.Info("listening", "address", listener.Addr().String(), "version", version())
	return serveUntilDone(ctx, server, listener, log)
}

func serveUntilDone(ctx context.Context, server *http.Server, listener net.Listener, log *slog.Logger) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("the server stopped: %w", err)
	case <-ctx.Done():
	}
	log.Info("stopping")
	deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if err := server.Shutdown(deadline); err != nil {
		return fmt.Errorf("requests were still running %s after the signal to stop: %w", shutdownTimeout, err)
	}
	log.Info("stopped")
	return nil
}
