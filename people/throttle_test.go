package people_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"khue/internal/testkit"
	"khue/people"
	"khue/problem"
	"khue/regulation"
)

func minutes(t *testing.T, err error) int {
	t.Helper()
	want(t, err, problem.Locked)
	n, e := strconv.Atoi(problem.All(err)[0].Args["minutes"])
	if e != nil {
		t.Fatal(e)
	}
	return n
}

// The lock comes after five wrong tries, grows, is told to the owner once, and is the same for an address without an account.
func TestLockGrowsAndIsTold(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		h := open(t, k)
		h.person(t, "lan@sxd.example", "Nguyễn Lan", regulation.Post{Role: regulation.FocalPoint, Office: "SXD"})
		h.letters(t)
		for _, email := range []string{"lan@sxd.example", "khongco@sxd.example"} {
			for range 5 {
				_, _, err := h.LogIn(h.Ctx, login(email, "sai sai sai"))
				want(t, err, problem.Password)
			}
			for i, wait := range []int{1, 2, 4, 8, 16, 32, 60, 60} {
				_, _, err := h.LogIn(h.Ctx, login(email, good)) // even the right one
				if got := minutes(t, err); got != wait {
					t.Fatalf("%s: lock %d of %d minutes, want %d", email, i, got, wait)
				}
				h.Clock.Add(time.Duration(wait) * time.Minute)
				if i == 7 {
					break
				}
				_, _, err = h.LogIn(h.Ctx, login(email, "sai sai sai"))
				want(t, err, problem.Password)
			}
		}
		got := h.letters(t)
		if len(got) != 1 || got[0].To != "lan@sxd.example" || !strings.Contains(got[0].Text, "năm lần") {
			t.Fatalf("letters: %+v", got)
		}
		_, _, err := h.LogIn(h.Ctx, login("lan@sxd.example", good))
		want(t, err, "")
		if kinds := strings.Join(h.Kit.Kinds(t), " "); strings.Count(kinds, "people.log-in-locked") != 1 {
			t.Fatal(kinds)
		}
	})
}

// Many tries at once do not outrun the lock.
func TestTriesAtOnceAreCounted(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		h := open(t, k)
		var all sync.WaitGroup
		var mu sync.Mutex
		tried := map[problem.Code]int{}
		for range 25 {
			all.Go(func() {
				_, _, err := h.LogIn(h.Ctx, login("quantri@khue.example", "sai sai sai"))
				mu.Lock()
				defer mu.Unlock()
				tried[problem.CodeOf(err)]++
			})
		}
		all.Wait()
		if tried[problem.Password] != 5 || tried[problem.Locked] != 20 {
			t.Fatal(tried)
		}
	})
}

// A stranger's tries do not lock the owner out of the place from where the owner logs in.
func TestOwnerIsNotLockedOutByAStranger(t *testing.T) {
	h := open(t, testkit.SQLite(t))
	home := people.LogIn{Email: "quantri@khue.example", Password: good, Address: "[2001:db8:1:2::5]:4711", Agent: "a"}
	_, _, err := h.LogIn(h.Ctx, home)
	want(t, err, "")
	for range 6 {
		h.LogIn(h.Ctx, people.LogIn{Email: "quantri@khue.example", Password: "sai sai sai", Address: "198.51.100.7"})
	}
	_, _, err = h.LogIn(h.Ctx, people.LogIn{Email: "quantri@khue.example", Password: good, Address: "198.51.100.8"})
	want(t, err, problem.Locked)
	home.Address = "[2001:db8:1:2:ffff::9]:99" // the same /64
	_, _, err = h.LogIn(h.Ctx, home)
	want(t, err, "")
}

// One machine that tries many addresses is stopped; an office that logs in from one address is not.
func TestAddressIsThrottled(t *testing.T) {
	h := open(t, testkit.SQLite(t))
	for range 100 {
		_, _, err := h.LogIn(h.Ctx, login("quantri@khue.example", good))
		want(t, err, "")
	}
	locked := 0
	for i := range 40 {
		_, _, err := h.LogIn(h.Ctx, login(fmt.Sprintf("n%d@sxd.example", i), good))
		if problem.CodeOf(err) == problem.Locked {
			locked++
		}
	}
	if locked != 10 {
		t.Fatalf("%d of 40 were stopped", locked)
	}
}

func TestTriesAreForgottenAfterADay(t *testing.T) {
	h := open(t, testkit.SQLite(t))
	for day := range 4 {
		for range 4 {
			_, _, err := h.LogIn(h.Ctx, login("quantri@khue.example", "sai sai sai"))
			if problem.CodeOf(err) != problem.Password {
				t.Fatalf("day %d: %v", day, err)
			}
		}
		h.Clock.Add(24 * time.Hour)
	}
}

// Nothing in the database says from where somebody came.
func TestNoMachineAddressIsKept(t *testing.T) {
	h := open(t, testkit.SQLite(t))
	h.LogIn(h.Ctx, login("quantri@khue.example", good))
	h.LogIn(h.Ctx, login("quantri@khue.example", "sai sai sai"))
	for _, table := range []string{"session", "login_try", "login_known", "ledger_entry", "mail_waiting", "account"} {
		rows, err := h.DB.Query(context.Background(), "SELECT * FROM "+table)
		if err != nil {
			t.Fatal(err)
		}
		cols, _ := rows.Columns()
		for rows.Next() {
			cells := make([]any, len(cols))
			for i := range cells {
				cells[i] = new(any)
			}
			if err := rows.Scan(cells...); err != nil {
				t.Fatal(err)
			}
			for i, c := range cells {
				v := *c.(*any)
				s := fmt.Sprint(v)
				if b, ok := v.([]byte); ok {
					s = string(b)
				}
				if strings.Contains(s, "203.0.113.9") {
					t.Errorf("%s.%s holds the address", table, cols[i])
				}
			}
		}
		rows.Close()
	}
}

func TestNewDeviceIsTold(t *testing.T) {
	h := open(t, testkit.SQLite(t))
	in := login("quantri@khue.example", good)
	h.LogIn(h.Ctx, in)
	h.letters(t)
	in.Agent = "Firefox 141" // an update
	h.LogIn(h.Ctx, in)
	if got := h.letters(t); len(got) != 0 {
		t.Fatalf("an update was told as a new device: %+v", got)
	}
	in.Agent = "Safari\r\nBcc: ai@khac.example"
	h.LogIn(h.Ctx, in)
	got := h.letters(t)
	if len(got) != 1 || !strings.Contains(got[0].Subject, "thiết bị mới") {
		t.Fatalf("%+v", got)
	}
	if err := got[0].Check(); err != nil {
		t.Fatal(err)
	}
}
