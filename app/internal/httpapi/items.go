package httpapi

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-chi/chi/v5"

	"inventory/internal/inventory"
)

const (
	defaultPageSize = 20
	maxPageSize     = 100
)

type itemsHandler struct {
	store Store
	log   *slog.Logger
}

// itemPage is one page of items; After is the value of the next page's after parameter, absent on the last page.
type itemPage struct {
	Items []inventory.Item `json:"items"`
	After int64            `json:"after,omitempty"`
}

func (handler itemsHandler) list(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	limit, wrong := intParameter(query, "limit", defaultPageSize, 1, maxPageSize)
	if wrong != nil {
		wrong.write(w)
		return
	}
	after, wrong := intParameter(query, "after", 0, 0, math.MaxInt64)
	if wrong != nil {
		wrong.write(w)
		return
	}
	// One item more than asked for tells whether there is a next page.
	items, err := handler.store.List(r.Context(), after, int(limit)+1)
	if err != nil {
		writeStoreProblem(w, r, handler.log, err)
		return
	}
	page := itemPage{Items: items}
	if len(items) > int(limit) {
		page.Items = items[:limit]
		page.After = page.Items[limit-1].ID
	}
	writeJSON(w, http.StatusOK, "application/json", page)
}

func (handler itemsHandler) get(w http.ResponseWriter, r *http.Request) {
	text := chi.URLParam(r, "id")
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 {
		writeProblem(w, http.StatusBadRequest, fmt.Sprintf("The item ID is %q; it must be a positive integer.", text))
		return
	}
	item, err := handler.store.Get(r.Context(), id)
	switch {
	case errors.Is(err, inventory.ErrNotFound):
		writeProblem(w, http.StatusNotFound, fmt.Sprintf("There is no item %d.", id))
	case err != nil:
		writeStoreProblem(w, r, handler.log, err)
	default:
		writeJSON(w, http.StatusOK, "application/json", item)
	}
}

func (handler itemsHandler) create(w http.ResponseWriter, r *http.Request) {
	input, wrong := decodeNewItem(w, r)
	if wrong != nil {
		wrong.write(w)
		return
	}
	item, err := handler.store.Create(r.Context(), input)
	if err != nil {
		writeStoreProblem(w, r, handler.log, err)
		return
	}
	w.Header().Set("Location", fmt.Sprintf("/items/%d", item.ID))
	writeJSON(w, http.StatusCreated, "application/json", item)
}

// intParameter reads an optional integer query parameter between lowest and highest.
func intParameter(query url.Values, name string, fallback, lowest, highest int64) (int64, *refusal) {
	if !query.Has(name) {
		return fallback, nil
	}
	text := query.Get(name)
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil || value < lowest || value > highest {
		detail := fmt.Sprintf("The parameter %s is %q; it must be an integer from %d to %d.", name, text, lowest, highest)
		return 0, &refusal{status: http.StatusBadRequest, detail: detail}
	}
	return value, nil
}
