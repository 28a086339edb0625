package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"time"
)

const pingTimeout = 2 * time.Second

type healthHandler struct {
	store   Store
	log     *slog.Logger
	version string
}

type healthBody struct {
	Status  string `json:"status"`
	Version string `json:"version"`
}

// live says that the process answers; it does not depend on the database, whose loss no restart would cure.
func (health healthHandler) live(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, "application/json", healthBody{Status: "ok", Version: health.version})
}

// ready says whether requests can be served now.
func (health healthHandler) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), pingTimeout)
	defer cancel()
	if err := health.store.Ping(ctx); err != nil {
		writeStoreProblem(w, r, health.log, err)
		return
	}
	writeJSON(w, http.StatusOK, "application/json", healthBody{Status: "ok", Version: health.version})
}
