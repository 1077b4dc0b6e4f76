package store

import (
	"database/sql"

	"khue/problem"
)

// OneRow takes the result of a change that names the state or version it was made for, and gives problem.Conflict with a name where it
// found no row: somebody else was first. Use: OneRow(name)(tx.Exec(…)).
func OneRow(name string) func(sql.Result, error) error {
	return func(res sql.Result, err error) error {
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err == nil && n != 1 {
			err = problem.New(problem.Conflict, "name", name)
		}
		return err
	}
}
