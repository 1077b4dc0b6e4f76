package store

import (
	"database/sql"
	"errors"

	"github.com/google/uuid"

	"khue/problem"
)

// Row is what a scan reads: the one row of QueryRow, or the row that a result stands at.
type Row interface{ Scan(...any) error }

// All reads every row of a result: All(rows, err, scan) takes what Query gave as it is.
func All[T any](rows *sql.Rows, err error, scan func(Row) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

// Value scans a row of one column: All(rows, err, Value[string]).
func Value[T any](r Row) (v T, err error) {
	err = r.Scan(&v)
	return v, err
}

// Map reads a result of two columns, a key and what belongs to it; the last of a key stands. It is empty, never nil, without rows.
func Map[K comparable, V any](rows *sql.Rows, err error) (map[K]V, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	m := map[K]V{}
	for rows.Next() {
		var k K
		var v V
		if err := rows.Scan(&k, &v); err != nil {
			return nil, err
		}
		m[k] = v
	}
	return m, rows.Err()
}

// NotFound makes of a missing row (sql.ErrNoRows) the problem.NotFound that people see; other errors stay as they are.
func NotFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return problem.Wrap(err, problem.NotFound)
	}
	return err
}

// NewID gives a UUIDv7, so that ids made later sort later.
func NewID() string { return uuid.Must(uuid.NewV7()).String() } // fails only without randomness, when the program has ended before
