package people_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"khue/people"
)

func TestKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "people.key")
	one, err := people.LoadOrMakeKey(path)
	if err != nil || len(one) != 32 {
		t.Fatal(one, err)
	}
	two, err := people.LoadOrMakeKey(path)
	if err != nil || !bytes.Equal(one, two) {
		t.Fatal(two, err)
	}
	if st, _ := os.Stat(path); st.Mode().Perm() != 0o600 {
		t.Error(st.Mode())
	}
	for _, text := range []string{"", "zz", "0123", string(bytes.Repeat([]byte("a"), 200))} {
		os.WriteFile(path, []byte(text), 0o600)
		if _, err := people.LoadOrMakeKey(path); err == nil {
			t.Errorf("%q was taken as a key", text)
		}
	}
}
