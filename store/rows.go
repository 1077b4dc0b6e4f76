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

// NotFound makes of a missing row (sql.ErrNoRows) the problem.NotFound that people see; other errors stay as they are.
func NotFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return problem.Wrap(err, problem.NotFound)
	}
	return err
}

// NewID gives a UUIDv7, so that ids made later sort later.
func NewID() string { return uuid.Must(uuid.NewV7()).String() } // fails only without randomness, when the program has ended before
