package people_test

import (
	"testing"
	"time"

	"khue/internal/testkit"
	"khue/people"
	"khue/regulation"
)

// Who has lost a post acts by it no longer, through a stand-in either; what was given out of a post that stays holds.
func TestALostPostIsLostForStandIns(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		h := open(t, k)
		head := h.person(t, "giamdoc@sxd.example", "Lê Giám Đốc", post(regulation.OfficeHead, "SXD"), post(regulation.OfficeHead, "SYT"))
		deputy := h.person(t, "pho@sxd.example", "Phó Một", post(regulation.Officer, "SXD"), post(regulation.Officer, "SYT"))
		admin := regulation.SystemActor("test")
		give := func(office string) {
			t.Helper()
			_, err := h.Delegate(h.Ctx, head, people.Delegate{
				To: deputy.ID, Role: regulation.OfficeHead, Office: office, Matter: "inquiry/1", Until: k.Clock.Now().Add(48 * time.Hour), Paper: "12/UQ", Reason: "Đi công tác",
			})
			want(t, err, "")
		}
		give("SXD")
		give("SYT")
		held := func() (offices []string) {
			a, err := h.Actor(h.Ctx, deputy.ID)
			want(t, err, "")
			for _, s := range a.StandsIn {
				offices = append(offices, s.Office)
			}
			return offices
		}
		if got := held(); len(got) != 2 {
			t.Fatalf("stands in at %v", got)
		}
		_, err := h.SetPosts(h.Ctx, admin, people.SetPosts{Account: head.ID, Posts: []regulation.Post{post(regulation.OfficeHead, "SYT")}})
		want(t, err, "")
		if got := held(); len(got) != 1 || got[0] != "SYT" {
			t.Errorf("after the head lost SXD the stand-in acts at %v", got)
		}
	})
}
