package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/go-chi/chi/v5/middleware"
)

type wrapper = func(http.Handler) http.Handler

// logRequests writes one line for each request. The query is left out: it is the client's data, not ours to keep.
func logRequests(log *slog.Logger) wrapper {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			start := time.Now()
			recorder := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
			next.ServeHTTP(recorder, r)
			log.InfoContext(r.Context(), "request",
				"method", r.Method, "path", r.URL.Path, "status", recorder.Status(),
				"bytes", recorder.BytesWritten(), "milliseconds", time.Since(start).Milliseconds())
		})
	}
}

// recoverPanics turns a panic of a handler into an answer 500 and a log line with the stack.
func recoverPanics(log *slog.Logger) wrapper {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() {
				cause := recover()
				if cause == nil {
					return
				}
				if cause == http.ErrAbortHandler {
					panic(cause)
				}
				log.ErrorContext(r.Context(), "panic", "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
				writeProblem(w, http.StatusInternalServerError, "The request could not be completed.")
			}()
			next.ServeHTTP(w, r)
		})
	}
}

// limitTime gives each request a deadline, which the database calls keep.
func limitTime(limit time.Duration) wrapper {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithTimeout(r.Context(), limit)
			defer cancel()
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}
