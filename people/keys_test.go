package people_test

import (
	"strings"
	"testing"

	"khue/internal/testkit"
	"khue/people"
	"khue/problem"
	"khue/regulation"
)

func TestKeys(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		h := open(t, k)
		owner := h.person(t, "mai@khue.example", "Nguyễn Mai", regulation.Post{Role: regulation.Editor, Office: "TTBC"})
		other := h.person(t, "bao@khue.example", "Lê Bảo", regulation.Post{Role: regulation.Editor, Office: "TTBC"})
		month := k.Clock.Now().AddDate(0, 1, 0)
		bad := map[string]people.CreateKey{
			"name":    {Scopes: []people.Scope{people.ScopeRead}, Expires: month},
			"scopes":  {Name: "Máy", Scopes: []people.Scope{"everything"}, Expires: month},
			"expires": {Name: "Máy", Scopes: []people.Scope{people.ScopeRead}, Expires: k.Clock.Now().AddDate(2, 0, 0)},
		}
		for field, in := range bad {
			if _, _, err := h.CreateKey(h.Ctx, owner, in); len(problem.All(err)) != 1 || problem.All(err)[0].Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		secret, made, err := h.CreateKey(h.Ctx, owner, people.CreateKey{Name: "Máy của phòng", Scopes: []people.Scope{people.ScopeClaims, people.ScopeRead}, Expires: month})
		if err != nil || !strings.HasPrefix(secret, "khue_") || len(secret) != 45 {
			t.Fatal(secret, err)
		}
		a, key, err := h.ActorOfKey(h.Ctx, secret)
		if err != nil || a.ID != owner.ID || !a.Has(regulation.Editor, "TTBC") || !key.Has(people.ScopeClaims) || key.Has(people.ScopeDesk) {
			t.Fatal(a, key, err)
		}
		if list, err := h.Keys(h.Ctx, owner); err != nil || len(list) != 1 || list[0].Used.IsZero() {
			t.Fatal(list, err)
		}
		if list, err := h.Keys(h.Ctx, other); err != nil || len(list) != 0 {
			t.Fatal("another's keys", list, err)
		}
		if err := h.RevokeKey(h.Ctx, other, made.ID); problem.CodeOf(err) != problem.Forbidden {
			t.Fatal("another's key revoked", err)
		}
		for _, wrong := range []string{"", "khue_", secret + "x", strings.ToUpper(secret), strings.Repeat("k", 500)} {
			if _, _, err := h.ActorOfKey(h.Ctx, wrong); problem.CodeOf(err) != problem.Key {
				t.Errorf("%q: %v", wrong, err)
			}
		}
		for range 2 {
			if err := h.RevokeKey(h.Ctx, owner, made.ID); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := h.ActorOfKey(h.Ctx, secret); problem.CodeOf(err) != problem.Key {
			t.Fatal("revoked", err)
		}
		secret, _, err = h.CreateKey(h.Ctx, owner, people.CreateKey{Name: "Máy", Scopes: []people.Scope{people.ScopeRead}, Expires: month})
		if err != nil {
			t.Fatal(err)
		}
		k.Clock.Set(month)
		if _, _, err := h.ActorOfKey(h.Ctx, secret); problem.CodeOf(err) != problem.Key {
			t.Fatal("ended", err)
		}
	})
}
