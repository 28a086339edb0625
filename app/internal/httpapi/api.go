// Package httpapi serves the inventory over HTTP: JSON answers, problem+json errors (RFC 9457).
package httpapi

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"inventory/internal/inventory"
)

const requestTimeout = 10 * time.Second

// Store is what the API needs of the place where items are kept.
type Store interface {
	// Ping returns an error when the store cannot be reached.
	Ping(ctx context.Context) error
	// List returns at most limit items with an ID greater than after, in the order of their IDs.
	List(ctx context.Context, after int64, limit int) ([]inventory.Item, error)
	// Get returns one item, or inventory.ErrNotFound.
	Get(ctx context.Context, id int64) (inventory.Item, error)
	// Create stores a valid item and returns it with its ID.
	Create(ctx context.Context, item inventory.NewItem) (inventory.Item, error)
}

// New returns the handler of the whole API. version is shown by GET /healthz.
func New(store Store, log *slog.Logger, version string) http.Handler {
	items := itemsHandler{store: store, log: log}
	health := healthHandler{store: store, log: log, version: version}

	router := chi.NewRouter()
	router.Use(logRequests(log), recoverPanics(log), limitTime(requestTimeout))
	router.NotFound(notFound)
	router.MethodNotAllowed(methodNotAllowed)
	router.Get("/healthz", health.live)
	router.Get("/readyz", health.ready)
	router.Get("/items", items.list)
	router.Post("/items", items.create)
	router.Get("/items/{id}", items.get)
	return router
}

func writeJSON(w http.ResponseWriter, status int, contentType string, body any) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	// A failure here means that the client has gone; there is nobody left to tell.
	_ = json.NewEncoder(w).Encode(body)
}
