package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"

	"inventory/internal/inventory"
)

const databaseVariable = "TEST_DATABASE_DSN"

var silent = slog.New(slog.NewTextHandler(io.Discard, nil))

func parse(t *testing.T, dsn string) *mysql.Config {
	t.Helper()
	config, err := mysql.ParseDSN(dsn)
	if err != nil {
		t.Fatalf("%s is not a DSN", databaseVariable)
	}
	config.ParseTime = true
	return config
}

// connect returns a store with an empty table in the database that the variable names.
func connect(t *testing.T) *Store {
	t.Helper()
	dsn := os.Getenv(databaseVariable)
	if dsn == "" {
		t.Skipf("%s is not set: the store is tested only against a real database", databaseVariable)
	}
	store, err := Connect(t.Context(), parse(t, dsn), 5*time.Second, silent)
	if err != nil {
		t.Fatalf("%s is set, but %v", databaseVariable, err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := store.db.ExecContext(t.Context(), "TRUNCATE TABLE items"); err != nil {
		t.Fatal(err)
	}
	return store
}

func mustCreate(t *testing.T, store *Store, name string, quantity int64) inventory.Item {
	t.Helper()
	item, err := store.Create(t.Context(), inventory.NewItem{Name: name, Quantity: quantity})
	if err != nil {
		t.Fatal(err)
	}
	return item
}

func TestCreateAndGet(t *testing.T) {
	store := connect(t)
	tests := []inventory.NewItem{
		{Name: "a", Quantity: 0},
		{Name: strings.Repeat("ü", inventory.MaxNameLength), Quantity: 1<<63 - 1},
		{Name: `quotes ' " \ ; -- and 😀`, Quantity: 3},
	}
	for _, input := range tests {
		created := mustCreate(t, store, input.Name, input.Quantity)
		if created.Name != input.Name || created.Quantity != input.Quantity || created.ID < 1 {
			t.Errorf("created %+v from %+v", created, input)
		}
		got, err := store.Get(t.Context(), created.ID)
		if err != nil || got != created {
			t.Errorf("Get(%d) = %+v, %v; want %+v", created.ID, got, err, created)
		}
	}
}

func TestGetMissing(t *testing.T) {
	if _, err := connect(t).Get(t.Context(), 12345); !errors.Is(err, inventory.ErrNotFound) {
		t.Errorf("got %v, want %v", err, inventory.ErrNotFound)
	}
}

func TestListPages(t *testing.T) {
	store := connect(t)
	var all []int64
	for i := range 5 {
		all = append(all, mustCreate(t, store, fmt.Sprintf("item %d", i), int64(i)).ID)
	}
	tests := []struct {
		name  string
		after int64
		limit int
		want  []int64
	}{
		{"first page", 0, 2, all[:2]},
		{"next page", all[1], 2, all[2:4]},
		{"last page is short", all[3], 2, all[4:]},
		{"behind the end", all[4], 2, nil},
		{"all at once", 0, 100, all},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			items, err := store.List(t.Context(), test.after, test.limit)
			if err != nil {
				t.Fatal(err)
			}
			var got []int64
			for _, item := range items {
				got = append(got, item.ID)
			}
			if fmt.Sprint(got) != fmt.Sprint(test.want) {
				t.Errorf("IDs %v, want %v", got, test.want)
			}
		})
	}
}

func TestConcurrentCreatesGetDifferentIDs(t *testing.T) {
	store := connect(t)
	const count = 40
	ids := make(chan int64, count)
	var group sync.WaitGroup
	for i := range count {
		group.Go(func() {
			item, err := store.Create(t.Context(), inventory.NewItem{Name: fmt.Sprint(i), Quantity: 1})
			if err != nil {
				t.Error(err)
				return
			}
			ids <- item.ID
		})
	}
	group.Wait()
	close(ids)
	seen := map[int64]bool{}
	for id := range ids {
		seen[id] = true
	}
	if len(seen) != count {
		t.Errorf("%d different IDs, want %d", len(seen), count)
	}
}

func TestConnectAgainKeepsTheItems(t *testing.T) {
	first := connect(t)
	created := mustCreate(t, first, "kept", 1)
	second, err := Connect(t.Context(), parse(t, os.Getenv(databaseVariable)), time.Second, silent)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if got, err := second.Get(t.Context(), created.ID); err != nil || got != created {
		t.Errorf("Get(%d) = %+v, %v; want %+v", created.ID, got, err, created)
	}
}

func TestConnectWithAWrongPasswordEndsAtOnce(t *testing.T) {
	connect(t)
	config := parse(t, os.Getenv(databaseVariable))
	config.Passwd = "wr0ng"
	_, err := Connect(t.Context(), config, time.Hour, silent)
	want := fmt.Sprintf("the database at %s refuses the connection: ", config.Addr)
	if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "wr0ng") {
		t.Errorf("got %v, want a message with the prefix %q and without the password", err, want)
	}
}

// unusedAddress is an address of this machine on which nothing listens.
func unusedAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func unreachable(t *testing.T) *mysql.Config {
	config := mysql.NewConfig()
	config.Net, config.Addr, config.DBName = "tcp", unusedAddress(t), "inventory"
	return config
}

func TestConnectGivesUpAtTheDeadline(t *testing.T) {
	config := unreachable(t)
	_, err := Connect(t.Context(), config, 300*time.Millisecond, silent)
	want := fmt.Sprintf("the database at %s was not reachable within 300ms: ", config.Addr)
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want a message with the prefix %q", err, want)
	}
}

func TestConnectStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := Connect(ctx, unreachable(t), time.Hour, silent); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
	}
}
