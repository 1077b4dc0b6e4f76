package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"testing"

	"khue/problem"
	"khue/store"
	"khue/store/storetest"
)

func TestAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const query = `SELECT ?1 UNION SELECT ?2 ORDER BY 1`
		rows, err := db.Query(t.Context(), query, "a", "b")
		list, err := store.All(rows, err, func(r store.Row) (s string, err error) { err = r.Scan(&s); return s, err })
		if err != nil || !slices.Equal(list, []string{"a", "b"}) {
			t.Errorf("%q, %v", list, err)
		}
		rows, err = db.Query(t.Context(), query, "a", "b")
		broken := errors.New("broken")
		if list, err := store.All(rows, err, func(store.Row) (string, error) { return "", broken }); !errors.Is(err, broken) || list != nil {
			t.Errorf("%q, %v", list, err)
		}
		rows, err = db.Query(t.Context(), `SELECT x FROM no_such_table`)
		if _, err := store.All(rows, err, func(store.Row) (string, error) { return "", nil }); err == nil {
			t.Error("an error of the query is lost")
		}
	})
}

func TestNotFound(t *testing.T) {
	if err := store.NotFound(fmt.Errorf("read: %w", sql.ErrNoRows)); problem.CodeOf(err) != problem.NotFound {
		t.Error(err)
	}
	other := errors.New("other")
	if err := store.NotFound(other); !errors.Is(err, other) || problem.CodeOf(err) == problem.NotFound {
		t.Error(err)
	}
	if err := store.NotFound(nil); err != nil {
		t.Error(err)
	}
}

func TestNewIDsSort(t *testing.T) {
	list := make([]string, 1000)
	for i := range list {
		list[i] = store.NewID()
	}
	if !slices.IsSorted(list) || len(slices.Compact(list)) != 1000 {
		t.Error("ids do not sort in the order in which they were made")
	}
}
