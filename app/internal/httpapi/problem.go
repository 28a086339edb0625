package httpapi

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"inventory/internal/inventory"
)

// problem is the body of every error answer (RFC 9457).
type problem struct {
	Title  string                 `json:"title"`
	Status int                    `json:"status"`
	Detail string                 `json:"detail"`
	Errors []inventory.FieldError `json:"errors,omitempty"`
}

func writeProblem(w http.ResponseWriter, status int, detail string, fields ...inventory.FieldError) {
	body := problem{Title: http.StatusText(status), Status: status, Detail: detail, Errors: fields}
	writeJSON(w, status, "application/problem+json", body)
}

// refusal is why an input is not accepted.
type refusal struct {
	status int
	detail string
	fields []inventory.FieldError
}

func (wrong refusal) write(w http.ResponseWriter) {
	writeProblem(w, wrong.status, wrong.detail, wrong.fields...)
}

// writeStoreProblem logs an error of the store and answers without its details, which may name internals.
func writeStoreProblem(w http.ResponseWriter, r *http.Request, log *slog.Logger, err error) {
	log.ErrorContext(r.Context(), "the store failed", "error", err)
	if errors.Is(err, inventory.ErrUnavailable) {
		w.Header().Set("Retry-After", "5")
		writeProblem(w, http.StatusServiceUnavailable, "The database is not reachable at present.")
		return
	}
	writeProblem(w, http.StatusInternalServerError, "The request could not be completed.")
}

func notFound(w http.ResponseWriter, r *http.Request) {
	writeProblem(w, http.StatusNotFound, fmt.Sprintf("There is nothing at %s.", r.URL.Path))
}

func methodNotAllowed(w http.ResponseWriter, r *http.Request) {
	routes := chi.RouteContext(r.Context()).Routes
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		if routes.Match(chi.NewRouteContext(), method, r.URL.Path) {
			allowed = append(allowed, method)
		}
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	detail := fmt.Sprintf("%s is not allowed here; allowed: %s.", r.Method, strings.Join(allowed, ", "))
	writeProblem(w, http.StatusMethodNotAllowed, detail)
}
