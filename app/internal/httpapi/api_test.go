package httpapi

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"inventory/internal/inventory"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// fakeStore keeps items in memory, in the order of their IDs; err makes every call fail.
type fakeStore struct {
	items []inventory.Item
	err   error
}

func (store *fakeStore) Ping(context.Context) error { return store.err }

func (store *fakeStore) List(_ context.Context, after int64, limit int) ([]inventory.Item, error) {
	found := []inventory.Item{}
	for _, item := range store.items {
		if item.ID > after && len(found) < limit {
			found = append(found, item)
		}
	}
	return found, store.err
}

func (store *fakeStore) Get(_ context.Context, id int64) (inventory.Item, error) {
	if store.err != nil {
		return inventory.Item{}, store.err
	}
	for _, item := range store.items {
		if item.ID == id {
			return item, nil
		}
	}
	return inventory.Item{}, inventory.ErrNotFound
}

func (store *fakeStore) Create(_ context.Context, input inventory.NewItem) (inventory.Item, error) {
	if store.err != nil {
		return inventory.Item{}, store.err
	}
	id := int64(len(store.items) + 1)
	item := inventory.Item{ID: id, Name: input.Name, Quantity: input.Quantity, CreatedAt: noon}
	store.items = append(store.items, item)
	return item, nil
}

func storeWith(names ...string) *fakeStore {
	store := &fakeStore{}
	for _, name := range names {
		store.items = append(store.items, inventory.Item{ID: int64(len(store.items) + 1), Name: name, Quantity: 1, CreatedAt: noon})
	}
	return store
}

func request(store Store, method, target, contentType, body string) (*httptest.ResponseRecorder, string) {
	var log bytes.Buffer
	handler := New(store, slog.New(slog.NewJSONHandler(&log, nil)), "v1")
	incoming := httptest.NewRequest(method, target, strings.NewReader(body))
	if contentType != "" {
		incoming.Header.Set("Content-Type", contentType)
	}
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, incoming)
	return answer, log.String()
}

const itemA = `{"id":1,"name":"a","quantity":1,"createdAt":"2026-01-02T12:00:00Z"}`
const itemB = `{"id":2,"name":"b","quantity":1,"createdAt":"2026-01-02T12:00:00Z"}`

func problemBody(title string, status string, detail string) string {
	return `{"title":"` + title + `","status":` + status + `,"detail":"` + detail + `"}`
}

func TestReads(t *testing.T) {
	unavailable := &fakeStore{err: inventory.ErrUnavailable}
	broken := &fakeStore{err: errors.New("table items has a secret crack")}
	tests := []struct {
		name   string
		store  *fakeStore
		target string
		status int
		body   string
	}{
		{"live", storeWith(), "/healthz", 200, `{"status":"ok","version":"v1"}`},
		{"live without a database", unavailable, "/healthz", 200, `{"status":"ok","version":"v1"}`},
		{"ready", storeWith(), "/readyz", 200, `{"status":"ok","version":"v1"}`},
		{
			"not ready", unavailable, "/readyz", 503,
			problemBody("Service Unavailable", "503", "The database is not reachable at present."),
		},
		{"no items", storeWith(), "/items", 200, `{"items":[]}`},
		{"last page", storeWith("a", "b"), "/items?limit=2", 200, `{"items":[` + itemA + `,` + itemB + `]}`},
		{"first page", storeWith("a", "b"), "/items?limit=1", 200, `{"items":[` + itemA + `],"after":1}`},
		{"second page", storeWith("a", "b"), "/items?limit=1&after=1", 200, `{"items":[` + itemB + `]}`},
		{
			"limit too small", storeWith(), "/items?limit=0", 400,
			problemBody("Bad Request", "400", `The parameter limit is \"0\"; it must be an integer from 1 to 100.`),
		},
		{
			"limit too large", storeWith(), "/items?limit=101", 400,
			problemBody("Bad Request", "400", `The parameter limit is \"101\"; it must be an integer from 1 to 100.`),
		},
		{
			"empty limit", storeWith(), "/items?limit=", 400,
			problemBody("Bad Request", "400", `The parameter limit is \"\"; it must be an integer from 1 to 100.`),
		},
		{
			"after is no number", storeWith(), "/items?after=x", 400,
			problemBody("Bad Request", "400", `The parameter after is \"x\"; it must be an integer from 0 to 9223372036854775807.`),
		},
		{"one item", storeWith("a"), "/items/1", 200, itemA},
		{"no such item", storeWith("a"), "/items/2", 404, problemBody("Not Found", "404", "There is no item 2.")},
		{
			"ID is no number", storeWith(), "/items/first", 400,
			problemBody("Bad Request", "400", `The item ID is \"first\"; it must be a positive integer.`),
		},
		{
			"ID too large", storeWith(), "/items/9223372036854775808", 400,
			problemBody("Bad Request", "400", `The item ID is \"9223372036854775808\"; it must be a positive integer.`),
		},
		{"no such path", storeWith(), "/nothing", 404, problemBody("Not Found", "404", "There is nothing at /nothing.")},
		{
			"list without a database", unavailable, "/items", 503,
			problemBody("Service Unavailable", "503", "The database is not reachable at present."),
		},
		{
			"get with a broken store does not show why", broken, "/items/1", 500,
			problemBody("Internal Server Error", "500", "The request could not be completed."),
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			answer, _ := request(test.store, http.MethodGet, test.target, "", "")
			check(t, answer, test.status, test.body)
		})
	}
}

func TestCreate(t *testing.T) {
	invalid := func(errors string) string {
		return `{"title":"Unprocessable Entity","status":422,"detail":"The item is not valid.","errors":[` + errors + `]}`
	}
	malformed := func(reason string) string {
		return problemBody("Bad Request", "400", "The body is not a valid item: "+reason+".")
	}
	tests := []struct {
		name, contentType, body string
		status                  int
		want                    string
	}{
		{"valid", "application/json", `{"name":"a","quantity":1}`, 201, itemA},
		{"valid with a charset", "application/json; charset=utf-8", `{"name":"a","quantity":1}`, 201, itemA},
		{
			"blank name and negative quantity", "application/json", `{"name":" ","quantity":-1}`, 422,
			invalid(`{"field":"name","message":"must not be blank"},{"field":"quantity","message":"is -1; it must not be negative"}`),
		},
		{
			"nothing given", "application/json", `{}`, 422,
			invalid(`{"field":"name","message":"is missing"},{"field":"quantity","message":"is missing"}`),
		},
		{
			"unknown field", "application/json", `{"name":"a","quantity":1,"price":2}`, 400,
			malformed(`json: unknown field \"price\"`),
		},
		{
			"quantity is text", "application/json", `{"name":"a","quantity":"1"}`, 400,
			malformed("json: cannot unmarshal string into Go struct field newItemBody.quantity of type int64"),
		},
		{"not JSON", "application/json", `name=a`, 400, malformed("invalid character 'a' in literal null (expecting 'u')")},
		{"empty body", "application/json", ``, 400, malformed("EOF")},
		{
			"two values", "application/json", `{"name":"a","quantity":1}{}`, 400,
			malformed("there is more than one JSON value in the body"),
		},
		{
			"body too large", "application/json", `{"name":"` + strings.Repeat("a", 17<<10) + `","quantity":1}`, 413,
			problemBody("Request Entity Too Large", "413", "The body is too large; at most 16384 bytes are allowed."),
		},
		{
			"form", "application/x-www-form-urlencoded", "name=a", 415,
			problemBody("Unsupported Media Type", "415",
				`The content type is \"application/x-www-form-urlencoded\"; it must be application/json.`),
		},
		{
			"no content type", "", `{"name":"a","quantity":1}`, 415,
			problemBody("Unsupported Media Type", "415", `The content type is \"\"; it must be application/json.`),
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			store := storeWith()
			answer, _ := request(store, http.MethodPost, "/items", test.contentType, test.body)
			check(t, answer, test.status, test.want)
			stored, location := 0, ""
			if test.status == http.StatusCreated {
				stored, location = 1, "/items/1"
			}
			if len(store.items) != stored || answer.Header().Get("Location") != location {
				t.Errorf("%d items stored, location %q; want %d, %q",
					len(store.items), answer.Header().Get("Location"), stored, location)
			}
		})
	}
}

func TestMethodNotAllowed(t *testing.T) {
	tests := []struct{ method, target, allow string }{
		{http.MethodDelete, "/items", "GET, POST"},
		{http.MethodPut, "/items/1", "GET"},
		{http.MethodPost, "/healthz", "GET"},
	}
	for _, test := range tests {
		answer, _ := request(storeWith(), test.method, test.target, "", "")
		detail := test.method + " is not allowed here; allowed: " + test.allow + "."
		check(t, answer, 405, problemBody("Method Not Allowed", "405", detail))
		if got := answer.Header().Get("Allow"); got != test.allow {
			t.Errorf("%s %s: Allow is %q, want %q", test.method, test.target, got, test.allow)
		}
	}
}

type panickingStore struct{ fakeStore }

func (*panickingStore) Get(context.Context, int64) (inventory.Item, error) { panic("boom") }

func TestPanicBecomesAnAnswerAndALogLine(t *testing.T) {
	answer, log := request(&panickingStore{}, http.MethodGet, "/items/1", "", "")
	check(t, answer, 500, problemBody("Internal Server Error", "500", "The request could not be completed."))
	if !strings.Contains(log, `"msg":"panic","cause":"boom"`) || !strings.Contains(log, `"status":500`) {
		t.Errorf("log: %s", log)
	}
}

func TestEachRequestIsLoggedWithoutItsQuery(t *testing.T) {
	_, log := request(storeWith("a"), http.MethodGet, "/items?limit=5", "", "")
	if !strings.Contains(log, `"method":"GET","path":"/items","status":200,`) || strings.Contains(log, "limit") {
		t.Errorf("log: %s", log)
	}
}

func check(t *testing.T, answer *httptest.ResponseRecorder, status int, body string) {
	t.Helper()
	if got := strings.TrimSpace(answer.Body.String()); answer.Code != status || got != body {
		t.Errorf("answer %d %s\nwant   %d %s", answer.Code, got, status, body)
	}
	contentType := "application/json"
	if status >= 400 {
		contentType = "application/problem+json"
	}
	if got := answer.Header().Get("Content-Type"); got != contentType {
		t.Errorf("content type %q, want %q", got, contentType)
	}
}
