package radar

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"khue/internal/testkit"
	"khue/profile"
	"khue/radar/warn"
	"khue/store"
)

func TestLoadRetention(t *testing.T) {
	r, err := LoadRetention(profile.Hanoi())
	if err != nil || r.Post >= r.Text || r.Key < keyFor {
		t.Fatalf("%+v %v", r, err)
	}
	whole := "version: 1\nkeep:\n  - {what: mention-text, days: 9}\n  - {what: post, days: 9}\n  - {what: account-key, days: 60}\n  - {what: signal, days: 9}\n"
	for name, c := range map[string]struct{ text, want string }{
		"whole":   {whole, ""},
		"version": {strings.Replace(whole, "version: 1", "version: 2", 1), "version 2"},
		"missing": {strings.Replace(whole, "  - {what: post, days: 9}\n", "", 1), "post is missing"},
		"unknown": {whole + "  - {what: thoughts, days: 9}\n", `"thoughts"`},
		"days":    {strings.Replace(whole, "signal, days: 9", "signal, days: 0", 1), "signal: days: 0"},
		"key":     {strings.Replace(whole, "days: 60", "days: 5", 1), "account-key"},
		"typo":    {strings.Replace(whole, "days: 60", "day: 60", 1), "day"},
	} {
		_, err := LoadRetention(fstest.MapFS{RetentionFile: {Data: []byte(c.text)}})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestErase lets go of each kind when its time is over, once, and says how much; what is younger stays.
func TestErase(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		r := room(t, k)
		day := 24 * time.Hour
		r.retention = Retention{Text: 100 * day, Post: 50 * day, Key: 60 * day, Signals: 200 * day}
		now := k.Clock.Now()
		put := func(id string, age time.Duration, author string) {
			t.Helper()
			err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) error {
				name, err := account(ctx, tx, "mạng", author, now.Add(-age))
				if err != nil {
					return err
				}
				_, err = tx.Exec(ctx, `INSERT INTO mention (id, source, url, title, text, lang, kind, published, clamped, seen, ready, tries, try_at, story, copy_of, account)
VALUES (?1, 's', 'https://a.example/' || ?1, 'Tít', 'Lời', 'vi', CASE WHEN ?1 = 'heard' THEN 'heard' ELSE '' END, ?2, 0, ?2, NULL, 0, 0, '', '', ?3)`, id, store.Micros(now.Add(-age)), name)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		put("new", day, "Người Viết")
		put("post", 51*day, "Người Viết")
		put("heard", 51*day, "")
		put("article", 51*day, "")
		put("old", 101*day, "")
		raise(t, k, 1, warn.Burst, now.Add(-201*day))
		raise(t, k, 2, warn.Burst, now.Add(-199*day))
		for range 2 {
			if err := r.Erase(k.Ctx); err != nil {
				t.Fatal(err)
			}
		}
		for id, want := range map[string][3]string{"new": {"Tít", "Lời", "có"}, "post": {"", "", ""}, "heard": {"", "", ""}, "article": {"Tít", "Lời", ""}, "old": {"Tít", "", ""}} {
			var title, text, name string
			if err := k.DB.QueryRow(k.Ctx, `SELECT title, text, account FROM mention WHERE id = ?1`, id).Scan(&title, &text, &name); err != nil {
				t.Fatal(err)
			}
			if title != want[0] || text != want[1] || (name != "") != (want[2] != "") {
				t.Errorf("%s: %q %q %q", id, title, text, name)
			}
		}
		var signals, keys int
		if err := k.DB.QueryRow(k.Ctx, `SELECT (SELECT COUNT(*) FROM signal), (SELECT COUNT(*) FROM account_key)`).Scan(&signals, &keys); err != nil || signals != 1 || keys != 2 {
			t.Errorf("%d signals, %d keys, %v", signals, keys, err)
		}
		if all := k.Records(t); len(all) != 1 || all[0].Kind != entryErased || all[0].Public {
			t.Errorf("%+v", all)
		}
		k.Clock.Add(61 * day)
		if err := r.Erase(k.Ctx); err != nil {
			t.Fatal(err)
		}
		if err := k.DB.QueryRow(k.Ctx, `SELECT COUNT(*) FROM account_key`).Scan(&keys); err != nil || keys != 0 {
			t.Errorf("%d keys are left, %v", keys, err)
		}
	})
}

// TestAccount knows an account again within its month, by a name that says nothing, and not after it.
func TestAccount(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		month := time.Unix(0, 0).Add(700 * keyFor)
		name := func(source, author string, at time.Time) (s string) {
			t.Helper()
			err := k.DB.Write(k.Ctx, func(ctx context.Context, tx *store.Tx) (err error) {
				s, err = account(ctx, tx, source, author, at)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		a := name("mạng", "Người Viết", month)
		if len(a) != 16 || name("mạng", "người viết", month.Add(keyFor-time.Second)) != a {
			t.Errorf("%q is not known again", a)
		}
		for what, b := range map[string]string{"the next month": name("mạng", "Người Viết", month.Add(keyFor)), "another place": name("diễn đàn", "Người Viết", month), "another": name("mạng", "Người Đọc", month)} {
			if a == b {
				t.Errorf("the same name in %s", what)
			}
		}
		if name("mạng", "", month) != "" {
			t.Error("nobody has a name")
		}
	})
}
