package httpapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"

	"inventory/internal/inventory"
)

const maxBodyBytes = 16 << 10

// newItemBody has pointers so that a missing field differs from a zero one.
type newItemBody struct {
	Name     *string `json:"name"`
	Quantity *int64  `json:"quantity"`
}

func decodeNewItem(w http.ResponseWriter, r *http.Request) (inventory.NewItem, *refusal) {
	contentType := r.Header.Get("Content-Type")
	if mediaType, _, err := mime.ParseMediaType(contentType); err != nil || mediaType != "application/json" {
		detail := fmt.Sprintf("The content type is %q; it must be application/json.", contentType)
		return inventory.NewItem{}, &refusal{status: http.StatusUnsupportedMediaType, detail: detail}
	}
	var body newItemBody
	if err := decodeStrictly(http.MaxBytesReader(w, r.Body, maxBodyBytes), &body); err != nil {
		return inventory.NewItem{}, refusalOf(err)
	}
	item, fields := body.item()
	if len(fields) > 0 {
		detail := "The item is not valid."
		return inventory.NewItem{}, &refusal{status: http.StatusUnprocessableEntity, detail: detail, fields: fields}
	}
	return item, nil
}

// item returns the item and what is wrong with it; a missing field is reported as such and not as its zero value.
func (body newItemBody) item() (inventory.NewItem, []inventory.FieldError) {
	var missing []inventory.FieldError
	item := inventory.NewItem{Name: "-"}
	if body.Name == nil {
		missing = append(missing, inventory.FieldError{Field: "name", Message: "is missing"})
	} else {
		item.Name = *body.Name
	}
	if body.Quantity == nil {
		missing = append(missing, inventory.FieldError{Field: "quantity", Message: "is missing"})
	} else {
		item.Quantity = *body.Quantity
	}
	return item, append(missing, item.Validate()...)
}

var errTrailingData = errors.New("there is more than one JSON value in the body")

func decodeStrictly(reader io.Reader, target any) error {
	decoder := json.NewDecoder(reader)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(target); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errTrailingData
	}
	return nil
}

func refusalOf(err error) *refusal {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		detail := fmt.Sprintf("The body is too large; at most %d bytes are allowed.", tooLarge.Limit)
		return &refusal{status: http.StatusRequestEntityTooLarge, detail: detail}
	}
	return &refusal{status: http.StatusBadRequest, detail: fmt.Sprintf("The body is not a valid item: %v.", err)}
}
