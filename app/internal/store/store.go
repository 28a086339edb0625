// Package store keeps the items in a MySQL (or MariaDB) table.
package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/go-sql-driver/mysql"

	"inventory/internal/inventory"
)

// Store reads and writes items. It is safe for concurrent use. Its methods return inventory.ErrUnavailable when the
// database cannot be reached.
type Store struct {
	db *sql.DB
}

// Close closes the connections to the database.
func (store *Store) Close() error {
	return store.db.Close()
}

// Ping checks that the database answers.
func (store *Store) Ping(ctx context.Context) error {
	return classify("ping", store.db.PingContext(ctx))
}

// List returns at most limit items with an ID greater than after, in the order of their IDs.
func (store *Store) List(ctx context.Context, after int64, limit int) ([]inventory.Item, error) {
	const query = "SELECT id, name, quantity, created_at FROM items WHERE id > ? ORDER BY id LIMIT ?"
	rows, err := store.db.QueryContext(ctx, query, after, limit)
	if err != nil {
		return nil, classify("list items", err)
	}
	defer rows.Close()
	items := make([]inventory.Item, 0, limit)
	for rows.Next() {
		var item inventory.Item
		if err := rows.Scan(&item.ID, &item.Name, &item.Quantity, &item.CreatedAt); err != nil {
			return nil, classify("list items", err)
		}
		items = append(items, item)
	}
	return items, classify("list items", rows.Err())
}

// Get returns one item, or inventory.ErrNotFound.
func (store *Store) Get(ctx context.Context, id int64) (inventory.Item, error) {
	const query = "SELECT id, name, quantity, created_at FROM items WHERE id = ?"
	var item inventory.Item
	err := store.db.QueryRowContext(ctx, query, id).Scan(&item.ID, &item.Name, &item.Quantity, &item.CreatedAt)
	if errors.Is(err, sql.ErrNoRows) {
		return inventory.Item{}, inventory.ErrNotFound
	}
	return item, classify("get an item", err)
}

// Create stores a valid new item and returns it with its ID and its time of creation.
func (store *Store) Create(ctx context.Context, input inventory.NewItem) (inventory.Item, error) {
	const statement = "INSERT INTO items (name, quantity, created_at) VALUES (?, ?, ?)"
	createdAt := time.Now().UTC().Truncate(time.Microsecond) // the precision of the column
	result, err := store.db.ExecContext(ctx, statement, input.Name, input.Quantity, createdAt)
	if err != nil {
		return inventory.Item{}, classify("create an item", err)
	}
	id, err := result.LastInsertId()
	if err != nil {
		return inventory.Item{}, classify("create an item", err)
	}
	return inventory.Item{ID: id, Name: input.Name, Quantity: input.Quantity, CreatedAt: createdAt}, nil
}

// classify names the action that failed and marks the errors that mean "not reachable now".
func classify(action string, err error) error {
	if err == nil {
		return nil
	}
	var network net.Error
	unavailable := errors.As(err, &network) ||
		errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, mysql.ErrInvalidConn) ||
		errors.Is(err, context.DeadlineExceeded)
	if unavailable {
		return fmt.Errorf("%s: %w: %w", action, inventory.ErrUnavailable, err)
	}
	return fmt.Errorf("%s: %w", action, err)
}
