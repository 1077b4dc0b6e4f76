package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
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
		list, err := store.All(rows, err, store.Value[string])
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

func TestMap(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m, err := store.Map[string, string](db.Query(t.Context(), `SELECT ?1, ?2 UNION SELECT ?3, ?4`, "a", "one", "b", "two"))
		if err != nil || !maps.Equal(m, map[string]string{"a": "one", "b": "two"}) {
			t.Errorf("%q, %v", m, err)
		}
		if m, err := store.Map[string, string](db.Query(t.Context(), `SELECT ?1 WHERE 1 = 0`, "a")); err != nil || m == nil || len(m) > 0 {
			t.Errorf("without rows: %v, %v", m, err)
		}
		if m, err := store.Map[string, int](db.Query(t.Context(), `SELECT ?1, ?2`, "a", "no number")); err == nil || m != nil {
			t.Errorf("%v, %v", m, err)
		}
		if _, err := store.Map[string, int](db.Query(t.Context(), `SELECT x FROM no_such_table`)); err == nil {
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
