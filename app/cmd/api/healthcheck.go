package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"inventory/internal/config"
)

const healthcheckTimeout = 2 * time.Second

// healthcheck asks the API on this machine for /healthz, so that the image needs no HTTP client for its HEALTHCHECK.
func healthcheck(ctx context.Context, lookup func(string) (string, bool)) error {
	address, err := config.ListenAddress(lookup)
	if err != nil {
		return err
	}
	url := "http://" + loopback(address) + "/healthz"
	ctx, cancel := context.WithTimeout(ctx, healthcheckTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return fmt.Errorf("%s cannot be asked: %w", url, err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("not healthy: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("not healthy: %s answered %s", url, answer.Status)
	}
	return nil
}

// loopback turns an address to listen on, which may mean every interface, into one to connect to.
func loopback(listenAddress string) string {
	host, port, err := net.SplitHostPort(listenAddress)
	if err != nil {
		return listenAddress
	}
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
