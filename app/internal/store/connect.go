package store

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/go-sql-driver/mysql"
)

//go:embed schema.sql
var schema string

const (
	maxOpenConnections    = 10
	connectionLifetime    = 3 * time.Minute
	firstConnectionPause  = 200 * time.Millisecond
	longestConnectionWait = 3 * time.Second
)

// Access denied and unknown database: waiting does not help, the configuration is wrong.
var finalErrorNumbers = map[uint16]bool{1044: true, 1045: true, 1049: true}

// Connect opens the store and creates its table when that is missing. The database may come up later than the service,
// so it tries again, with growing pauses, until timeout has passed or ctx is done.
func Connect(ctx context.Context, database *mysql.Config, timeout time.Duration, log *slog.Logger) (*Store, error) {
	database = database.Clone()
	database.Logger = driverLog{log}
	connector, err := mysql.NewConnector(database)
	if err != nil {
		return nil, fmt.Errorf("the database configuration is not usable: %w", err)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(maxOpenConnections)
	db.SetMaxIdleConns(maxOpenConnections)
	db.SetConnMaxLifetime(connectionLifetime)

	if err := waitForDatabase(ctx, db, database.Addr, timeout, log); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return nil, errors.Join(fmt.Errorf("the table items cannot be created: %w", err), db.Close())
	}
	return &Store{db: db}, nil
}

func waitForDatabase(ctx context.Context, db *sql.DB, address string, timeout time.Duration, log *slog.Logger) error {
	deadline, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	pause := firstConnectionPause
	for {
		err := db.PingContext(deadline)
		var refusal *mysql.MySQLError
		switch {
		case err == nil:
			return nil
		case errors.As(err, &refusal) && finalErrorNumbers[refusal.Number]:
			return fmt.Errorf("the database at %s refuses the connection: %w", address, err)
		}
		log.Warn("the database is not reachable yet", "address", address, "error", err, "retryIn", pause.String())
		select {
		case <-deadline.Done():
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return fmt.Errorf("the database at %s was not reachable within %s: %w", address, timeout, err)
		case <-time.After(pause):
			pause = min(pause*2, longestConnectionWait)
		}
	}
}

// driverLog puts the driver's own messages, such as lost connections, into the service's structured log.
type driverLog struct {
	log *slog.Logger
}

func (driver driverLog) Print(parts ...any) {
	driver.log.Warn("the database driver reports", "message", fmt.Sprint(parts...))
}
