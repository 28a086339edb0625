// Package inventory holds the service's domain: what an item is and which items are valid.
package inventory

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxNameLength is the longest name of an item, in characters (not bytes). It is the width of the database column.
const MaxNameLength = 200

// ErrNotFound says that there is no item with the wanted ID.
var ErrNotFound = errors.New("item not found")

// ErrUnavailable says that the store cannot be reached at present; the same request may succeed later.
var ErrUnavailable = errors.New("the store is unavailable")

// Item is one stored item.
type Item struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	Quantity  int64     `json:"quantity"`
	CreatedAt time.Time `json:"createdAt"`
}

// NewItem is an item that is not stored yet.
type NewItem struct {
	Name     string
	Quantity int64
}

// FieldError says what is wrong with one field of an input.
type FieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// Validate returns one entry for each field that is wrong, in a fixed order; none means that the item may be stored.
func (item NewItem) Validate() []FieldError {
	var problems []FieldError
	length := utf8.RuneCountInString(item.Name)
	switch {
	case strings.TrimSpace(item.Name) == "":
		problems = append(problems, FieldError{"name", "must not be blank"})
	case length > MaxNameLength:
		message := fmt.Sprintf("has %d characters; at most %d are allowed", length, MaxNameLength)
		problems = append(problems, FieldError{"name", message})
	}
	if item.Quantity < 0 {
		problems = append(problems, FieldError{"quantity", fmt.Sprintf("is %d; it must not be negative", item.Quantity)})
	}
	return problems
}
