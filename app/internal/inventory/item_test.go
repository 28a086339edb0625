package inventory

import (
	"slices"
	"strings"
	"testing"
)

func TestNewItemValidate(t *testing.T) {
	tests := []struct {
		name string
		item NewItem
		want []FieldError
	}{
		{"shortest name and zero", NewItem{"a", 0}, nil},
		{"longest name in characters, not bytes", NewItem{strings.Repeat("ü", 200), 1}, nil},
		{"empty name", NewItem{"", 1}, []FieldError{{"name", "must not be blank"}}},
		{"name of spaces only", NewItem{" \t", 1}, []FieldError{{"name", "must not be blank"}}},
		{
			"name too long",
			NewItem{strings.Repeat("a", 201), 1},
			[]FieldError{{"name", "has 201 characters; at most 200 are allowed"}},
		},
		{"negative quantity", NewItem{"a", -1}, []FieldError{{"quantity", "is -1; it must not be negative"}}},
		{
			"every field wrong",
			NewItem{"", -5},
			[]FieldError{{"name", "must not be blank"}, {"quantity", "is -5; it must not be negative"}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := test.item.Validate(); !slices.Equal(got, test.want) {
				t.Errorf("Validate() = %v, want %v", got, test.want)
			}
		})
	}
}
